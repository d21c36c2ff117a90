"""Events for tests of the plumbing: real contract events with a number to recognise them by."""

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any
from uuid import UUID

from imece_chassis.ids import uuid7
from imece_contracts.crisis import CrisisOpened
from imece_contracts.envelope import Envelope
from imece_contracts.event import seal

_SAMPLE = json.loads(files("imece_contracts").joinpath("samples/crisis.crisis.opened.v1.json").read_text())[
    "value"
]


def opened(key: UUID | str, sequence: int, **overrides: Any) -> Envelope:
    """A valid event on crisis.crises.v1 for the aggregate `key` in version `sequence`."""
    data = CrisisOpened.model_validate(
        _SAMPLE | {"crisis": str(key), "crisis_no": f"KRZ-2026-{sequence:04d}"}
    )
    facts: dict[str, Any] = {
        "id": uuid7(),
        "source": "//imece.example/crisis",
        "subject": f"crisis/{key}",
        "key": str(key),
        "sequence": sequence,
        "time": datetime.now(UTC),
        "crisis_id": UUID(str(key)),
    }
    return seal(data, **(facts | overrides))
