"""Conditions: what must come true before a row may be accepted. They belong to the root, a cut keeps them.

While one is open the quantity stays promised and uncounted; one that fails or is overdue ends the row. A
least quantity is no question of time: it is asked at the accept itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from .allocations import Side
from .refusals import ConditionInvalid, ConditionOpen, ConditionSettled, NotYourCondition
from .units import plain

DUE = "condition.due"
SUBJECT = "condition"


class ConditionType(StrEnum):
    """What may be made a condition; the last is asked of the asker where another item stands in."""

    FUNDING_ARRIVES = "funding_arrives"
    TRANSPORT_FOUND = "transport_found"
    PERMIT = "permit"
    MIN_QTY = "min_qty"
    NAMED_SITE = "named_site"
    PUBLICITY = "publicity"
    OTHER = "other"
    SUBSTITUTE_AGREED = "substitute_agreed"


class ConditionState(StrEnum):
    """Open until somebody says what became of it."""

    OPEN = "open"
    MET = "met"
    WAIVED = "waived"
    FAILED = "failed"


class Stating(StrEnum):
    """Which side made it a condition."""

    PLEDGER = "pledger"
    ASKER_SIDE = "asker_side"
    ASKER = "asker"


CONDITION_WAITING = {ConditionState.OPEN: DUE}


@dataclass(frozen=True, slots=True)
class ConditionRequest:
    """A condition as stated; `min_qty` in the line's unit for that type alone."""

    type: ConditionType
    due_at: datetime
    min_qty: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """`deadline_id` is set exactly while it is open."""

    condition_id: UUID
    root_id: UUID
    allocation_id: UUID
    is_drill: bool
    type: ConditionType
    due_at: datetime
    state: ConditionState
    stated_by: Stating
    deadline_id: UUID | None
    min_qty: Decimal | None = None
    waiver_reason: str | None = None


def stated(
    requests: Sequence[ConditionRequest],
    by: Side,
    root_id: UUID,
    allocation_id: UUID,
    *,
    is_drill: bool,
    needed_by: datetime,
    now: datetime,
    new_id: Callable[[], UUID],
) -> tuple[Condition, ...]:
    """New open conditions of one side; raises ConditionInvalid."""
    for request in requests:
        _must_make_sense(request, needed_by, now)
    return tuple(
        Condition(
            condition_id=new_id(),
            root_id=root_id,
            allocation_id=allocation_id,
            is_drill=is_drill,
            type=request.type,
            due_at=request.due_at,
            state=ConditionState.OPEN,
            stated_by=Stating.PLEDGER if by is Side.PLEDGER else Stating.ASKER_SIDE,
            deadline_id=new_id(),
            min_qty=request.min_qty,
        )
        for request in requests
    )


def question_to_asker(
    root_id: UUID, due_at: datetime, *, is_drill: bool, new_id: Callable[[], UUID]
) -> Condition:
    """Another item stands in and the asker wants to be asked: open until they agree, while the row waits."""
    return Condition(
        condition_id=new_id(),
        root_id=root_id,
        allocation_id=root_id,
        is_drill=is_drill,
        type=ConditionType.SUBSTITUTE_AGREED,
        due_at=due_at,
        state=ConditionState.OPEN,
        stated_by=Stating.ASKER,
        deadline_id=new_id(),
    )


def settled(condition: Condition, state: ConditionState, by: Stating, reason: str | None) -> Condition:
    """What became of it. The side that stated it says so; the asker's side may waive anything but a question.

    Raises ConditionSettled, NotYourCondition.
    """
    if condition.state is not ConditionState.OPEN:
        raise ConditionSettled(state=condition.state.value)
    is_own = by is condition.stated_by
    may_waive = by is Stating.ASKER_SIDE and condition.stated_by is Stating.PLEDGER
    if not is_own and not (state is ConditionState.WAIVED and may_waive):
        raise NotYourCondition(stated_by=condition.stated_by.value, answer=state.value)
    return replace(condition, state=state, deadline_id=None, waiver_reason=reason)


def must_allow(conditions: Sequence[Condition], take: Decimal) -> tuple[Condition, ...]:
    """The least quantities this accept meets; raises ConditionOpen naming all that stands against it.

    What failed stands against it as what is open does.
    """
    against = (ConditionState.OPEN, ConditionState.FAILED)
    still = [each for each in conditions if each.state in against]
    met = [each for each in still if _is_met(each, take)]
    unmet = [each for each in still if each not in met]
    if unmet:
        raise ConditionOpen(conditions=", ".join(_named(each) for each in unmet))
    return tuple(replace(each, state=ConditionState.MET, deadline_id=None) for each in met)


def _is_met(condition: Condition, take: Decimal) -> bool:
    is_open = condition.state is ConditionState.OPEN
    return is_open and condition.min_qty is not None and take >= condition.min_qty


def _must_make_sense(request: ConditionRequest, needed_by: datetime, now: datetime) -> None:
    rule = None
    if request.type is ConditionType.SUBSTITUTE_AGREED:
        rule = "is asked by itself"
    elif (request.type is ConditionType.MIN_QTY) != (request.min_qty is not None):
        rule = "min_qty goes with min_qty and with nothing else"
    elif not now < request.due_at <= needed_by:
        rule = "due_at lies between now and needed_by"
    if rule:
        raise ConditionInvalid(type=request.type.value, due_at=request.due_at.isoformat(), rule=rule)


def _named(condition: Condition) -> str:
    if condition.min_qty is not None:
        return f"{condition.type.value} {plain(condition.min_qty)}"
    return f"{condition.type.value} ({condition.condition_id})"


def must_be_unconditional(conditions: Sequence[ConditionRequest]) -> None:
    """Raise ConditionInvalid for a condition in another's name: nobody could say that it is met."""
    for each in conditions:
        due_at = each.due_at.isoformat()
        raise ConditionInvalid(type=each.type.value, due_at=due_at, rule="stated by the pledger itself only")
