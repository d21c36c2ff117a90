"""Free goods that could be called for a need line: of offers that wait to be matched, of packages kept ready.

So many of them are looked at and no more, the newest: what has waited longer leads the match queue.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from crisis.domain.candidates import FreeGoods, Source
from crisis.domain.earmarks import earmark_of
from crisis.domain.lines import Line
from crisis.domain.refusals import BestBeforePast
from crisis.domain.shelf_life import must_keep
from crisis.store import lines, packages
from crisis.store.queries import query
from crisis.store.walks import LOOKED_AT
from imece_chassis.database import Transaction

PACKAGES_LOOKED_AT = 500
"""What is left of each package is summed over its offers."""

PACKAGES_WALKED = 20_000
"""Packages with the item among which those that may be called are found, given up ones too."""

LINES_LOOKED_AT = 50
"""Lines that might be helped by one offer: beyond these others are more urgent."""

_MORE_OFFERS = """
SELECT offer_id FROM offers WHERE crisis_id = $1 AND is_unsolicited AND state = 'open'
 ORDER BY offer_id DESC OFFSET $2 LIMIT 1
"""
_MORE_PACKAGES = """
SELECT DISTINCT package_id FROM package_lines WHERE item_code = $1 ORDER BY package_id DESC OFFSET $2 LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class GoodsFound:
    """Free goods in no order; `is_complete` when all there are were looked at."""

    goods: tuple[FreeGoods, ...]
    is_complete: bool


async def offered(
    tx: Transaction, crisis_id: UUID, items: Sequence[str], now: datetime, look: int = LOOKED_AT
) -> GoodsFound:
    """What is free of these items among the newest offers that wait to be matched in the crisis."""
    rows = await tx.fetch(query("free_goods"), crisis_id, items, now, look)
    more = await tx.fetch(_MORE_OFFERS, crisis_id, look)
    return GoodsFound(tuple(_offered(row) for row in rows), not more)


async def kept_ready(
    tx: Transaction,
    item_code: str,
    now: datetime,
    *,
    is_drill: bool,
    look: int = PACKAGES_LOOKED_AT,
    walk: int = PACKAGES_WALKED,
) -> GoodsFound:
    """What is left of the item in the newest packages that may be called, beside live or drill offers."""
    rows = await tx.fetch(query("kept_ready"), item_code, now, look + 1, walk)
    keep = [row for row in rows[:look] if _keeps(row, now)]
    promised = await packages.promised_of(tx, [row["package_id"] for row in keep], is_drill=is_drill)
    left = [(row, row["qty"] - promised.get((row["package_id"], item_code), Decimal(0))) for row in keep]
    more = len(rows) > look or await tx.fetch(_MORE_PACKAGES, item_code, walk)
    return GoodsFound(tuple(_kept(row, free) for row, free in left if free > 0), not more)


async def lines_with_a_least(
    tx: Transaction, crisis_id: UUID, items: Sequence[str], now: datetime
) -> Sequence[Line]:
    """The most urgent open lines of these items that have room and say what is least useful."""
    rows = await tx.fetch(query("lines_with_a_least"), crisis_id, items, now, LINES_LOOKED_AT)
    known = await lines.read(tx, [row["need_line_id"] for row in rows])
    return [known[row["need_line_id"]] for row in rows]


def _keeps(row: Any, now: datetime) -> bool:
    try:
        must_keep(row["best_before"], now)
    except BestBeforePast:
        return False
    return True


def _offered(row: Any) -> FreeGoods:
    return FreeGoods(
        source=Source.OFFER,
        of_id=row["offer_id"],
        line_id=row["offer_line_id"],
        free=row["free"],
        step=row["step"],
        written_by=row["behalf_org_id"],
        **_facts(row),
    )


def _kept(row: Any, free: Decimal) -> FreeGoods:
    """An offer is made of what is called and no more, so no step binds it."""
    return FreeGoods(
        source=Source.PACKAGE,
        of_id=row["package_id"],
        line_id=row["package_line_id"],
        free=free,
        step=Decimal(0),
        **_facts(row),
    )


def _facts(row: Any) -> dict[str, Any]:
    return {
        "org_id": row["org_id"],
        "origin": row["origin"],
        "has_transport": row["has_transport"],
        "item_code": row["item_code"],
        "unit": row["unit"],
        "ready_within_minutes": row["ready_within_minutes"],
        "best_before": row["best_before"],
        "until": row["until"],
        "earmark": earmark_of(json.loads(row["earmark"])),
    }
