"""Stating a need and opening it: goods lines in base units, one place inside the crisis area, two parties.

A need takes pledges only after somebody of another organisation verified it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from .clocks import Urgency
from .crises import Crisis, must_be_open, must_cover
from .refusals import MinUsefulAboveRequested, NeedClosed, NeededByPast, NeedNotSubmitted, SameParty
from .units import PackSnapshot, entered, goods, plain


@dataclass(frozen=True, slots=True)
class LineRequest:
    """A line as the asker wrote it; quantities are decimal text in `unit`."""

    item_code: str
    quantity: str
    unit: str
    needed_by: datetime
    min_useful_quantity: str | None = None


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A line in base units with the pack it was entered in."""

    need_line_id: UUID
    item_code: str
    unit: str
    requested: Decimal
    min_useful: Decimal
    needed_by: datetime
    pack: PackSnapshot
    sector: str
    tamp_group: str


@dataclass(frozen=True, slots=True)
class Need:
    """`verification` 0 none, 1 by phone, 2 on site, 3 by an authority."""

    need_id: UUID
    crisis_id: UUID
    is_drill: bool
    asker_org_id: UUID
    district: str
    urgency: Urgency
    state: str
    verification: int
    close_reason: str | None
    version: int
    lines: tuple[NeedLine, ...]


def submitted(
    crisis: Crisis,
    asker_org_id: UUID,
    district: str,
    urgency: Urgency,
    requests: Sequence[LineRequest],
    now: datetime,
    new_id: Callable[[], UUID],
) -> Need:
    """A need to be verified. Raises CrisisNotOpen, UnknownPlace, PlaceOutsideArea and what `line_of` does."""
    must_be_open(crisis)
    must_cover(crisis, district)
    lines = tuple(line_of(request, now, new_id) for request in requests)
    return Need(
        need_id=new_id(),
        crisis_id=crisis.crisis_id,
        is_drill=crisis.is_drill,
        asker_org_id=asker_org_id,
        district=district,
        urgency=urgency,
        state="submitted",
        verification=0,
        close_reason=None,
        version=1,
        lines=lines,
    )


def line_of(request: LineRequest, now: datetime, new_id: Callable[[], UUID]) -> NeedLine:
    """One checked line; raises what `goods` and `entered` do, NeededByPast, MinUsefulAboveRequested."""
    item = goods(request.item_code)
    requested, pack = entered(request.item_code, request.quantity, request.unit)
    if request.needed_by <= now:
        raise NeededByPast(needed_by=request.needed_by.isoformat(), now=now.isoformat())
    min_useful = Decimal(0)
    if request.min_useful_quantity is not None:
        min_useful, _ = entered(request.item_code, request.min_useful_quantity, request.unit)
    if min_useful > requested:
        raise MinUsefulAboveRequested(
            min_useful=plain(min_useful), requested=plain(requested), unit=item.base_unit
        )
    return NeedLine(
        need_line_id=new_id(),
        item_code=item.code,
        unit=item.base_unit,
        requested=requested,
        min_useful=min_useful,
        needed_by=request.needed_by,
        pack=pack,
        sector=item.sector,
        tamp_group=item.tamp_group,
    )


def must_be_verifiable(crisis: Crisis, need: Need, verifier_org_id: UUID) -> None:
    """Raise CrisisNotOpen, NeedClosed, NeedNotSubmitted, or SameParty for the asker's own organisation."""
    must_be_open(crisis)
    if need.state == "closed":
        raise NeedClosed(reason=need.close_reason or "")
    if need.state != "submitted":
        raise NeedNotSubmitted(state=need.state, verification=str(need.verification))
    if verifier_org_id == need.asker_org_id:
        raise SameParty(side="asker", action="verify")
