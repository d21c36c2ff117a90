"""Events of crises, in the order of their life."""

from datetime import datetime
from typing import Any

from crisis.domain.crises import CrisisFacts
from crisis.domain.hazards import Report
from crisis.domain.lifecycle import WIND_DOWN
from crisis.events.story import Story, moment, sealed
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope
from imece_contracts.event import EventData


def crisis_proposed(crisis: CrisisFacts, report: Report, decide_by: datetime, story: Story) -> Envelope:
    """First event of a crisis that began with a report."""
    document = {
        "hazard": crisis.hazard,
        "severity": crisis.severity,
        "area": crisis.area,
        "source": report.source,
        "external_id": report.external_id,
        "decide_by": moment(decide_by),
    }
    return _told(contract.CrisisProposed, crisis, document, story)


def crisis_dismissed(crisis: CrisisFacts, story: Story) -> Envelope:
    """Last event of a proposal that came to nothing."""
    return _told(contract.CrisisDismissed, crisis, {"reason": crisis.reason}, story)


def crisis_opened(crisis: CrisisFacts, story: Story) -> Envelope:
    """From here on needs and pledges are taken."""
    assert crisis.opened_at is not None
    document = {
        "crisis_no": crisis.crisis_no,
        "title": dict(crisis.title),
        **_description(crisis),
        "opened_at": moment(crisis.opened_at),
    }
    return _told(contract.CrisisOpened, crisis, document, story)


def crisis_reactivated(crisis: CrisisFacts, story: Story) -> Envelope:
    """Open again before it was closed."""
    return _told(contract.CrisisReactivated, crisis, _again(crisis), story)


def crisis_reopened(crisis: CrisisFacts, story: Story) -> Envelope:
    """Open again after it was closed."""
    return _told(contract.CrisisReopened, crisis, _again(crisis), story)


def level_changed(
    before: CrisisFacts,
    after: CrisisFacts,
    *,
    declared_by: str,
    declared_at: datetime,
    source_ref: str | None,
    story: Story,
) -> Envelope:
    """Level and severity as declared."""
    document = {
        "before": _declared(before),
        "after": _declared(after),
        **_declaration(declared_by, declared_at, source_ref),
    }
    return _told(contract.CrisisLevelChanged, after, document, story)


def area_changed(
    before: CrisisFacts,
    after: CrisisFacts,
    *,
    declared_by: str,
    declared_at: datetime,
    source_ref: str | None,
    story: Story,
) -> Envelope:
    """Area and supporting provinces as declared."""
    document = {
        "before": _extent(before),
        "after": _extent(after),
        **_declaration(declared_by, declared_at, source_ref),
    }
    return _told(contract.CrisisAreaChanged, after, document, story)


def crisis_stood_down(crisis: CrisisFacts, story: Story) -> Envelope:
    """No new needs from here on."""
    assert crisis.stood_down_at is not None
    document = {"reason": crisis.reason, "wind_down_until": moment(crisis.stood_down_at + WIND_DOWN)}
    return _told(contract.CrisisStoodDown, crisis, document, story)


def crisis_closed(crisis: CrisisFacts, story: Story) -> Envelope:
    """Over."""
    assert crisis.closed_at is not None
    return _told(contract.CrisisClosed, crisis, {"closed_at": moment(crisis.closed_at)}, story)


def settings_changed(crisis: CrisisFacts, names: tuple[str, ...], story: Story) -> Envelope:
    """A new version of timers, limits or views."""
    document = {
        "settings_version": crisis.timers.version,
        "changed": names,
        "is_public": crisis.settings.is_public,
    }
    return _told(contract.CrisisSettingsChanged, crisis, document, story)


def _told(model: type[EventData], crisis: CrisisFacts, document: dict[str, Any], story: Story) -> Envelope:
    whole = {"crisis": crisis.crisis_id, **document}
    return sealed(model, whole, f"crisis/{crisis.crisis_id}", crisis.crisis_id, crisis.version, story)


def _again(crisis: CrisisFacts) -> dict[str, Any]:
    return {"crisis_no": crisis.crisis_no, **_description(crisis), "reason": crisis.reason}


def _description(crisis: CrisisFacts) -> dict[str, Any]:
    return {
        "hazard": crisis.hazard,
        **_declared(crisis),
        "area": crisis.area,
        "supporting_provinces": crisis.supporting_provinces,
        "glide": crisis.glide,
    }


def _declared(crisis: CrisisFacts) -> dict[str, Any]:
    level = {} if crisis.level is None else {"level": crisis.level}
    return {**level, "severity": crisis.severity}


def _extent(crisis: CrisisFacts) -> dict[str, Any]:
    return {"area": crisis.area, "supporting_provinces": crisis.supporting_provinces}


def _declaration(declared_by: str, declared_at: datetime, source_ref: str | None) -> dict[str, Any]:
    reference = {} if source_ref is None else {"source_ref": source_ref}
    return {"declared_by": declared_by, "declared_at": moment(declared_at), **reference}
