"""What becomes of a need, as told on its topic: one event per step, numbered by the need's `told`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.needs import Need
from crisis.events.story import Story, moment, sealed
from imece_contracts import crisis as contract
from imece_contracts.crisis import NeedEvent
from imece_contracts.envelope import Envelope


def need_returned(need: Need, expires_at: datetime, story: Story) -> Envelope:
    """Back to the asker, with what is missing."""
    facts = {"reason": need.reason, **_to_complete(need, expires_at)}
    return _of_need(contract.NeedReturned, need, facts, story)


def need_reminder_due(need: Need, expires_at: datetime, story: Story) -> Envelope:
    """The asker has not completed it."""
    return _of_need(contract.NeedReminderDue, need, _to_complete(need, expires_at), story)


def need_verification_raised(need: Need, before: int, story: Story) -> Envelope:
    """A higher level than before."""
    facts = {"before": before, "verification": need.verification}
    return _of_need(contract.NeedVerificationRaised, need, facts, story)


def need_on_hold(need: Need, story: Story) -> Envelope:
    """No new promises for a while."""
    facts = {"reason": need.reason, "until": _due(need), "deadline_ref": _clock(need)}
    return _of_need(contract.NeedOnHold, need, facts, story)


def need_resumed(need: Need, story: Story) -> Envelope:
    """Open again after a hold."""
    return _of_need(contract.NeedResumed, need, {"is_automatic": story.actor_org_id is None}, story)


def need_stale(need: Need, story: Story) -> Envelope:
    """Nobody confirmed it."""
    confirmed_at = need.last_heartbeat_at or need.state_since
    facts = {"confirmed_at": moment(confirmed_at), "deadline_ref": _clock(need)}
    return _of_need(contract.NeedStale, need, facts, story)


def need_heartbeat(need: Need, said: str, story: Story) -> Envelope:
    """Confirmed: `still` or `less`."""
    facts = {"said": said, "confirm_by": _due(need), "deadline_ref": _clock(need)}
    return _of_need(contract.NeedHeartbeat, need, facts, story)


def need_answers_delegated(need: Need, story: Story) -> Envelope:
    """The asker may answer for itself."""
    assert need.delegation is not None
    facts = {"until": moment(need.delegation.until), "by_org": need.delegation.by_org_id}
    return _of_need(contract.NeedAnswersDelegated, need, facts, story)


def need_delegation_ended(need: Need, story: Story) -> Envelope:
    """Only desks answer again."""
    return _of_need(contract.NeedDelegationEnded, need, {}, story)


def need_relocated(need: Need, before: str, story: Story) -> Envelope:
    """At another place."""
    return _of_need(contract.NeedRelocated, need, {"before": before, "reason": need.reason}, story)


def need_closed(
    need: Need, pledgers: tuple[UUID, ...], story: Story, *, appeal_until: datetime | None = None
) -> Envelope:
    """The end of a need; `pledgers` gave something or held something for it."""
    facts: dict[str, Any] = {"reason": need.close_reason, "pledger_orgs": list(pledgers)}
    if need.reason is not None:
        facts["detail"] = need.reason
    if appeal_until is not None:
        facts["appeal_until"] = moment(appeal_until)
    return _of_need(contract.NeedClosed, need, facts, story)


def need_appealed(need: Need, reason: str, story: Story) -> Envelope:
    """The asker does not accept a rejection."""
    facts = {"reason": reason, "answer_by": _due(need), "deadline_ref": _clock(need)}
    return _of_need(contract.NeedAppealed, need, facts, story)


def need_appeal_decided(need: Need, outcome: str, story: Story) -> Envelope:
    """`granted` or `upheld`."""
    facts: dict[str, Any] = {"outcome": outcome}
    if need.reason is not None:
        facts["reason"] = need.reason
    return _of_need(contract.NeedAppealDecided, need, facts, story)


def need_reopened(need: Need, story: Story) -> Envelope:
    """Open again after it was closed."""
    facts = {"reason": need.reason, "verification": need.verification}
    return _of_need(contract.NeedReopened, need, facts, story)


def _to_complete(need: Need, expires_at: datetime) -> dict[str, Any]:
    return {
        "missing_fields": list(need.missing_fields),
        "expires_at": moment(expires_at),
        "deadline_ref": _clock(need),
    }


def _clock(need: Need) -> UUID:
    assert need.clock is not None
    return need.clock.deadline_id


def _due(need: Need) -> str:
    assert need.clock is not None
    return moment(need.clock.due_at)


def _of_need(model: type[NeedEvent], need: Need, facts: Mapping[str, Any], story: Story) -> Envelope:
    document = {
        "need": need.need_id,
        "asker_org": need.asker_org_id,
        "district": need.district,
        "urgency": need.urgency.value,
        **facts,
    }
    return sealed(model, document, f"need/{need.need_id}", need.need_id, need.told, story)
