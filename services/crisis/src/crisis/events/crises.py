"""Events of crises."""

from typing import Any

from crisis.domain.crises import CrisisFacts
from crisis.events.story import Story, moment, sealed
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope


def crisis_opened(crisis: CrisisFacts, story: Story) -> Envelope:
    """First event of a crisis."""
    document: dict[str, Any] = {
        "crisis": crisis.crisis_id,
        "crisis_no": crisis.crisis_no,
        "title": dict(crisis.title),
        "hazard": crisis.hazard,
        "severity": crisis.severity,
        "area": crisis.area,
        "supporting_provinces": crisis.supporting_provinces,
        "glide": crisis.glide,
        "opened_at": moment(crisis.opened_at),
    }
    if crisis.level is not None:
        document["level"] = crisis.level
    return sealed(contract.CrisisOpened, document, f"crisis/{crisis.crisis_id}", crisis.crisis_id, 1, story)
