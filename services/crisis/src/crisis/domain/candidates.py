"""Goods a desk could call for a need line: how much of each, and how well they fit.

Asked like the call itself would ask: what is shown is not refused, and less than what is useful there is kept
apart, because offers that are each too small may do together.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from imece_reference.equivalences import equivalences

from .balances import ZERO, NeedBalance
from .crises import Crisis, must_be_open
from .earmarks import Earmark, fits
from .fitness import NO_RECORD, Fitness, Record, fitness
from .lines import Line
from .orders import SaturationOrder, stopping
from .ratios import Ratio, ratio_between
from .refusals import GapExceeded, NeedStale
from .units import plain


class Source(StrEnum):
    """Where free goods stand: in an offer that waits to be matched, or in a package that is kept ready."""

    OFFER = "offer"
    PACKAGE = "package"


@dataclass(frozen=True, slots=True)
class FreeGoods:
    """Goods of one line that nobody is promised; `free` and `step` in `unit`, the item's base unit.

    `of_id` is the offer or package, `line_id` its line. `until` is when the offer ends or the package must be
    checked again, `written_by` the organisation whose desk offers them for their owner.
    """

    source: Source
    of_id: UUID
    line_id: UUID
    org_id: UUID
    origin: str
    has_transport: bool
    item_code: str
    unit: str
    free: Decimal
    step: Decimal
    ready_within_minutes: int | None
    best_before: date | None
    until: datetime
    earmark: Earmark
    written_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What of free goods could be called for a line: `quantity` in their unit, `does` in the line's.

    `is_enough` where that is no less than what is useful there.
    """

    goods: FreeGoods
    quantity: Decimal
    does: Decimal
    is_enough: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A share with its points."""

    share: Share
    fitness: Fitness


def must_take_calls(crisis: Crisis, line: Line, balance: NeedBalance, now: datetime) -> None:
    """Raise what every call for the line would now be refused with, whatever is called.

    That is CrisisNotOpen, NeedClosed, NeedNotOpen, LineOverdue, NeedStale or GapExceeded.
    """
    must_be_open(crisis)
    line.must_take_pledges(now)
    if line.is_stale:
        raise NeedStale
    if not balance.room:
        raise GapExceeded(quantity="0", room="0", gap=plain(balance.gap), unit=line.unit)


def items_for(line: Line) -> tuple[str, ...]:
    """The line's item, and what may stand in for it there."""
    if line.substitution == "none":
        return (line.item_code,)
    others = (known.item_code for known in equivalences() if known.stands_in_for == line.item_code)
    return (line.item_code, *sorted(others))


def items_to_call(line: Line, in_force: Sequence[SaturationOrder]) -> list[str]:
    """Those of them that no order stops on the way to the line."""
    return [item for item in items_for(line) if stopping(in_force, item, line.district, line.urgency) is None]


def items_done_by(item_code: str) -> tuple[str, ...]:
    """The item, and those it may stand in for where a line allows it."""
    others = (known.stands_in_for for known in equivalences() if known.item_code == item_code)
    return (item_code, *sorted(others))


def least_useful(line: Line, room: Decimal) -> Decimal:
    """What a promise must at least do, in the line's unit: the rest of the room is always taken whole."""
    return min(line.min_useful, room)


def shares(
    goods: Iterable[FreeGoods],
    line: Line,
    room: Decimal,
    *,
    by_org: UUID | None = None,
    waived: frozenset[UUID] = frozenset(),
) -> list[Share]:
    """What each of the goods could give to the line; those a call would be refused for are left out.

    `by_org` is the organisation that would call, None for nobody in particular; `waived` are lines of offers
    that may be used outside their earmark.
    """
    found = (_share(each, line, room, by_org, is_waived=each.line_id in waived) for each in goods)
    return [share for share in found if share is not None]


def ranked(enough: Iterable[Share], line: Line, records: Mapping[UUID, Record]) -> list[Candidate]:
    """Best fit first; of equals what is offered before what is kept ready, then what was stated first."""
    found = [
        Candidate(
            share,
            fitness(
                share.goods.origin,
                line.district,
                share.goods.ready_within_minutes,
                records.get(share.goods.org_id, NO_RECORD),
            ),
        )
        for share in enough
    ]
    return sorted(found, key=lambda each: (-each.fitness.points, *_stated(each.share.goods)))


def pool_of(found: Sequence[Share], line: Line, room: Decimal) -> tuple[Share, ...]:
    """Offers that are each too small for the line and reach together what is useful there; else none."""
    small = tuple(each for each in found if not each.is_enough and each.goods.source is Source.OFFER)
    is_reached = sum((each.does for each in small), ZERO) >= least_useful(line, room)
    return small if small and is_reached else ()


def _stated(goods: FreeGoods) -> tuple[bool, UUID]:
    return goods.source is Source.PACKAGE, goods.line_id


def _share(
    goods: FreeGoods, line: Line, room: Decimal, by_org: UUID | None, *, is_waived: bool
) -> Share | None:
    parties = {line.asker_org_id, by_org} - {None}
    if goods.org_id in parties or goods.written_by in parties or goods.item_code not in items_for(line):
        return None
    if not is_waived and not fits(goods.earmark, line, item_code=goods.item_code):
        return None
    ratio, least = ratio_between(goods.item_code, line), least_useful(line, room)
    quantity = _most(goods, ratio, room, least)
    if not quantity:
        return None
    does = ratio.need_of(quantity)
    return Share(goods, quantity, does, is_enough=does >= least)


def _most(goods: FreeGoods, ratio: Ratio, room: Decimal, least: Decimal) -> Decimal:
    """As much of the goods as the room takes; a step more where less would not be useful. 0 if nothing fits.

    Goods move in steps, and exactly at their ratio; the last of a line may be taken whole.
    """
    wanted, free = ratio.supply_of(ratio.down(room)), goods.free
    if not wanted:
        return ZERO
    step = _both(ratio.smallest_supply, goods.step)
    below = min(free, wanted) // step * step
    possible = {each for each in (below, below + step) if 0 < each <= free}
    if ratio.num == ratio.den or not free % ratio.smallest_supply:
        possible.add(free)
    within = sorted((each for each in possible if each <= wanted), reverse=True)
    in_turn = [*within, *sorted(possible - set(within))]
    useful = (each for each in in_turn if ratio.need_of(each) >= least)
    return next(useful, in_turn[0] if in_turn else ZERO)


def _both(smallest: Decimal, step: Decimal) -> Decimal:
    """The smallest quantity that is a whole number of both; they have at most three decimals."""
    if not step:
        return smallest
    return Decimal(math.lcm(int(smallest * 1000), int(step * 1000))) / 1000
