"""Saturation orders ("göndermeyin"): one key stops goods for an area, a second one keeps them stopped.

Stopping is quick because it can be taken back and blocked roads cannot: one key lasts 12 h.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from uuid import UUID

from imece_reference.items import items
from imece_reference.places import covers, place

from .clocks import Urgency
from .crises import Crisis, must_cover
from .reasons import SATURATE, known_reason
from .refusals import (
    GroupUnknown,
    OrderEndInvalid,
    OrderNamesOneThing,
    OrderNotInState,
    SameKey,
)
from .units import goods

PROVISIONAL_FOR = timedelta(hours=12)
LONGEST = timedelta(days=14)
SUBJECT = "saturation_order"
CONFIRM, END, WALK = f"{SUBJECT}.confirm", f"{SUBJECT}.end", f"{SUBJECT}.walk"


class OrderState(StrEnum):
    """Provisional on one key, active on two, lapsed for ever."""

    PROVISIONAL = "provisional"
    ACTIVE = "active"
    LAPSED = "lapsed"


class Lapse(StrEnum):
    """Why an order ended."""

    NO_SECOND_KEY = "no_second_key"
    ENDED = "ended"
    LIFTED = "lifted"


WAITING: Mapping[OrderState, str] = MappingProxyType(
    {OrderState.PROVISIONAL: CONFIRM, OrderState.ACTIVE: END}
)
"""What ends the silence of an order in force; a lapsed one waits for nobody."""

IN_FORCE = (OrderState.PROVISIONAL, OrderState.ACTIVE)


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """What to stop: one item or one group of items, in places of the crisis, until when and why.

    `order_id` None has one minted.
    """

    item_code: str | None
    item_group: str | None
    area: tuple[str, ...]
    until: datetime
    reason: str
    depot: str | None = None
    names_life_saving: bool = False
    order_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SaturationOrder:
    """`deadline_id` and `due_at` end the silence of an order in force; trucks may turn to `depot`."""

    order_id: UUID
    crisis_id: UUID
    is_drill: bool
    item_code: str | None
    item_group: str | None
    area: tuple[str, ...]
    issued_at: datetime
    until: datetime
    reason: str
    depot: str | None
    names_life_saving: bool
    state: OrderState
    state_since: datetime
    first_org_id: UUID
    first_key_id: UUID
    first_role: str
    deadline_id: UUID | None
    due_at: datetime | None
    second_org_id: UUID | None = None
    second_key_id: UUID | None = None
    lapse_reason: Lapse | None = None
    version: int = 1

    @property
    def deadline_kind(self) -> str:
        """What ends the silence of its state."""
        return WAITING[self.state]

    @property
    def what(self) -> str:
        """The item or group it stops."""
        return self.item_code or self.item_group or ""

    @property
    def items(self) -> frozenset[str]:
        """Codes of the goods it stops."""
        if self.item_code is not None:
            return frozenset({self.item_code})
        return frozenset(item.code for item in items() if item.tamp_group == self.item_group)

    def covers(self, item_code: str, district: str, urgency: Urgency) -> bool:
        """Whether it stops goods for such a line; life-saving lines only when it names them."""
        if urgency is Urgency.LIFE_SAVING and not self.names_life_saving:
            return False
        is_it = self.item_code == item_code or self.item_group == goods(item_code).tamp_group
        return is_it and any(covers(part, district) for part in self.area)


def issued(
    crisis: Crisis,
    request: OrderRequest,
    key: tuple[UUID, UUID, str],
    now: datetime,
    new_id: Callable[[], UUID],
) -> SaturationOrder:
    """An order on its first key (organisation, key, role), in force at once.

    Raises OrderNamesOneThing, UnknownItem, ItemNotGoods, GroupUnknown, UnknownPlace, PlaceOutsideArea,
    OrderEndInvalid, ReasonUnknown.
    """
    if (request.item_code is None) == (request.item_group is None):
        raise OrderNamesOneThing
    if request.item_code is not None:
        goods(request.item_code)
    if request.item_group is not None:
        _known_group(request.item_group)
    for part in request.area:
        must_cover(crisis, part)
    if request.depot is not None:
        place(request.depot)
    if not now < request.until <= now + LONGEST:
        raise OrderEndInvalid(until=request.until.isoformat(), most=(now + LONGEST).isoformat())
    org_id, key_id, role = key
    return SaturationOrder(
        order_id=request.order_id or new_id(),
        crisis_id=crisis.crisis_id,
        is_drill=crisis.is_drill,
        item_code=request.item_code,
        item_group=request.item_group,
        area=tuple(dict.fromkeys(request.area)),
        issued_at=now,
        until=request.until,
        reason=known_reason(request.reason, SATURATE, "stop goods"),
        depot=request.depot,
        names_life_saving=request.names_life_saving,
        state=OrderState.PROVISIONAL,
        state_since=now,
        first_org_id=org_id,
        first_key_id=key_id,
        first_role=role,
        deadline_id=new_id(),
        due_at=min(now + PROVISIONAL_FOR, request.until),
    )


def confirmed(
    order: SaturationOrder, org_id: UUID, key_id: UUID, now: datetime, deadline_id: UUID
) -> SaturationOrder:
    """The order on its second key. Raises OrderNotInState, SameKey."""
    must_be(order, OrderState.PROVISIONAL)
    if key_id == order.first_key_id:
        raise SameKey(action="saturation_order")
    return replace(
        order,
        state=OrderState.ACTIVE,
        state_since=now,
        second_org_id=org_id,
        second_key_id=key_id,
        deadline_id=deadline_id,
        due_at=order.until,
        version=order.version + 1,
    )


def lapsed(order: SaturationOrder, why: Lapse, now: datetime) -> SaturationOrder:
    """The order without force: goods may be promised again. Raises OrderNotInState."""
    must_be(order, *IN_FORCE)
    return replace(
        order,
        state=OrderState.LAPSED,
        state_since=now,
        lapse_reason=why,
        deadline_id=None,
        due_at=None,
        version=order.version + 1,
    )


def must_be(order: SaturationOrder, *states: OrderState) -> None:
    """Raise OrderNotInState unless the order is in one of the states."""
    if order.state not in states:
        raise OrderNotInState(state=order.state, since=order.state_since.isoformat())


def stopping(
    orders: Sequence[SaturationOrder], item_code: str, district: str, urgency: Urgency
) -> SaturationOrder | None:
    """The first order that stops goods for such a line."""
    return next((order for order in orders if order.covers(item_code, district, urgency)), None)


def _known_group(code: str) -> None:
    known = _groups()
    if code not in known:
        raise GroupUnknown(group=code[:40], known=", ".join(known))


@cache
def _groups() -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.tamp_group for item in items() if item.kind == "goods"))
