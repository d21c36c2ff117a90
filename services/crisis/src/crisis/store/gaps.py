"""Open lines that miss an item, by distance: what is offered to a pledger who was refused."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from heapq import nsmallest
from typing import Any
from uuid import UUID

from crisis.domain.alternatives import Alternative
from crisis.domain.clocks import Urgency
from crisis.domain.earmarks import Earmark, fits
from crisis.domain.lines import Line
from crisis.domain.orders import SaturationOrder, stopping
from crisis.store.queries import query
from imece_chassis.database import Transaction
from imece_reference.places import distance_km, place, provinces

_LOOKED_AT = 200  # where some do not come into question: beyond these nearest lines nobody would drive
_LOOKED_AT_IN_PROVINCE = 30  # the same for many goods at once
_URGENCIES = tuple(Urgency)


@dataclass(frozen=True, slots=True)
class Goods:
    """An item at a place (p-code), for any line or for those an earmark lets it go to."""

    item_code: str
    origin: str
    earmark: Earmark | None


async def nearest(
    tx: Transaction,
    crisis_id: UUID,
    item_code: str,
    origin: str,
    now: datetime,
    *,
    limit: int,
    without: UUID | None = None,
    earmark: Earmark | None = None,
    not_asked_by: UUID | None = None,
    stopped: Sequence[SaturationOrder] = (),
) -> list[Alternative]:
    """At most `limit` lines that fit the earmark and no order stops, nearest first; raises UnknownPlace.

    None that the organisation `not_asked_by` asks for itself.
    """
    plates, distances = _distances(place(origin).plate)
    rows = await tx.fetch(
        query("nearest_gaps"),
        crisis_id,
        item_code,
        now,
        plates,
        distances,
        without,
        _LOOKED_AT if earmark or stopped or not_asked_by else limit,
    )
    fitting = (
        row
        for row in rows
        if (not earmark or fits(earmark, _line(row, crisis_id)))
        and (not_asked_by is None or row["asker_org_id"] != not_asked_by)
        and stopping(stopped, item_code, row["district"], Urgency(row["urgency"])) is None
    )
    return [_alternative(row, row["distance_km"]) for row, _ in zip(fitting, range(limit), strict=False)]


async def nearest_of_many(
    tx: Transaction, crisis_id: UUID, goods: Collection[Goods], now: datetime, limit: int
) -> dict[Goods, list[Alternative]]:
    """At most `limit` lines for each, nearest first, with one statement; none that an order stops.

    Earmarked goods look at the first lines of each province only. Raises UnknownPlace.
    """
    each = max(limit, _LOOKED_AT_IN_PROVINCE) if any(one.earmark for one in goods) else limit
    items = sorted({one.item_code for one in goods})
    rows: dict[str, list[Any]] = {item: [] for item in items}
    for row in await tx.fetch(query("gaps_by_province"), crisis_id, items, now, each):
        rows[row["item_code"]].append(row)
    return {one: _nearest(rows[one.item_code], crisis_id, one, limit) for one in goods}


def _nearest(rows: Sequence[Any], crisis_id: UUID, one: Goods, limit: int) -> list[Alternative]:
    distance = dict(zip(*_distances(place(one.origin).plate), strict=True))
    earmark = one.earmark
    fitting = [row for row in rows if not earmark or fits(earmark, _line(row, crisis_id))]

    def order(row: Any) -> tuple[Any, ...]:
        urgency = _URGENCIES.index(Urgency(row["urgency"]))
        return distance[row["district"][4:6]], urgency, row["needed_by"], row["need_line_id"]

    return [_alternative(row, distance[row["district"][4:6]]) for row in nsmallest(limit, fitting, order)]


@lru_cache(maxsize=81)
def _distances(plate: str) -> tuple[list[str], list[int]]:
    plates = [province.plate for province in provinces()]
    return plates, [round(distance_km(plate, other)) for other in plates]


def _alternative(row: Any, km: int) -> Alternative:
    return Alternative(
        need_line_id=row["need_line_id"],
        need_id=row["need_id"],
        district=row["district"],
        room=row["room"],
        unit=row["unit"],
        needed_by=row["needed_by"],
        urgency=Urgency(row["urgency"]),
        distance_km=km,
    )


def _line(row: Any, crisis_id: UUID) -> Line:
    """As much of the line as an earmark asks about."""
    return Line(
        need_line_id=row["need_line_id"],
        need_id=row["need_id"],
        crisis_id=crisis_id,
        is_drill=False,
        asker_org_id=row["asker_org_id"],
        item_code=row["item_code"],
        unit=row["unit"],
        district=row["district"],
        needed_by=row["needed_by"],
        urgency=Urgency(row["urgency"]),
        need_state="open",
        verification=0,
        opened_at=None,
        tamp_group=row["tamp_group"],
        is_earmark_welcome=row["is_earmark_welcome"],
        populations=frozenset(row["populations"]),
    )
