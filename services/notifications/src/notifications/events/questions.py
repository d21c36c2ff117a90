"""Questions about terms → what is told of them: may earmarked goods be used, what does a promise wait for?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from imece_contracts.crisis import (
    ConditionEvent,
    ConditionSettled,
    ConditionStated,
    WaiverEvent,
    WaiverRequested,
    WaiverSettled,
)
from imece_contracts.event import EventData
from notifications.domain import kinds
from notifications.domain.clocks import Clock

KINDS: Mapping[type[EventData], str] = {
    WaiverRequested: kinds.WAIVER_REQUESTED,
    WaiverSettled: kinds.WAIVER_SETTLED,
    ConditionStated: kinds.CONDITION_STATED,
    ConditionSettled: kinds.CONDITION_SETTLED,
}


@dataclass(frozen=True, slots=True)
class Question:
    """Whom it concerns, what is said of it, and the clock that waits for an answer."""

    parties: tuple[UUID, ...]
    params: dict[str, Any]
    clock: Clock | None = None


def question_of(data: WaiverEvent | ConditionEvent) -> Question:
    """The question behind an event. The date of a condition waits for the world, for no organisation."""
    params: dict[str, Any] = {
        "need_id": data.need,
        "need_line_id": data.need_line,
        "pledger_org": data.pledger_org,
        "item": data.item,
        "district": data.district,
        "urgency": data.urgency,
    }
    if isinstance(data, WaiverRequested | ConditionStated):
        params["deadline_ref"] = data.deadline_ref
    if isinstance(data, WaiverSettled | ConditionSettled):
        params["outcome"] = data.outcome
    if isinstance(data, WaiverEvent):
        return _of_waiver(data, params)
    params |= {"condition_id": data.condition, "root_id": data.root, "asker_org": data.asker_org}
    params |= {"condition": data.kind, "stated_by": data.stated_by, "on_behalf_by": data.on_behalf_by}
    if isinstance(data, ConditionStated):
        params["answer_by"] = data.due_at
    return Question(parties_of(data.pledger_org, data.asker_org, data.on_behalf_by), params)


def _of_waiver(data: WaiverEvent, params: dict[str, Any]) -> Question:
    params |= {"waiver_id": data.waiver, "offer_line_id": data.offer_line}
    clock = None
    if isinstance(data, WaiverRequested):
        params["answer_by"] = data.answer_by
        clock = Clock(data.deadline_ref, data.pledger_org)
    return Question(parties_of(data.pledger_org, data.asked_by_org), params, clock)


def parties_of(*organisations: UUID | None) -> tuple[UUID, ...]:
    """Each organisation once, in this order; None where nobody stands in that place."""
    return tuple(dict.fromkeys(each for each in organisations if each is not None))
