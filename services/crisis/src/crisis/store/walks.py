"""Filtered lists: a page looks at so many rows of the list and no more, however few of them it shows.

An index leads through the list in its order; what else is asked for is looked up beside each row. So a page
costs the same whether every row passes or none, and may be shorter than wanted while the list goes on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from crisis.store.queries import query
from imece_chassis.database import Transaction
from imece_chassis.ids import BEYOND_ALL
from imece_chassis.selection import Selection

T = TypeVar("T")
Position = tuple[Any, ...]

LOOKED_AT = 2_000
"""Rows that a page looks at."""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """Rows in order.

    `stopped_at` is the last position looked at, where fewer rows than wanted were found and the list goes on
    behind it; None where it ends, or where the last row says how to go on.
    """

    rows: Sequence[T]
    stopped_at: Position | None = None

    def showing(self, rows: Sequence[Any]) -> "Found[Any]":
        """The same with what is shown of the rows."""
        return replace(self, rows=rows)


@dataclass(frozen=True, slots=True)
class Walk:
    """How a list is walked.

    `led` is what its index answers alone, `fit` adds what must be looked up; `plain` and `filtered` name the
    statements without and with the latter. Both are ordered by `order`, and `columns` say where a row stands.
    """

    plain: str
    filtered: str
    order: str
    columns: tuple[str, ...]
    led: Callable[[], Selection]
    fit: Callable[[Selection], object]


def in_order_of(
    chosen: Selection, table: str, key: str, since: datetime | None, after: Position | None
) -> str:
    """Have the rows begin behind `after`, and say their order: newest first, or by change from `since` on.

    `after` is (id,) or, by change, (changed_at, id).
    """
    if since is None:
        chosen.where(f"{table}.{key} < {{}}", BEYOND_ALL if after is None else UUID(str(after[0])))
        return f"{table}.{key} DESC"
    chosen.where(f"{table}.changed_at >= {{}}", since)
    if after is not None:
        last = chosen.place(UUID(after[1]))
        behind = f"({table}.changed_at, {table}.{key}) > ({{}}, {last})"
        chosen.where(behind, datetime.fromisoformat(after[0]))
    return f"{table}.changed_at, {table}.{key}"


async def found(tx: Transaction, walk: Walk, limit: int, look: int | None) -> Found[Any]:
    """The first `limit` rows that fit among the next `look` of the list; None looks at all there are."""
    chosen = walk.led()
    fits = chosen.further()
    walk.fit(fits)
    if fits.is_empty:
        return Found(await tx.fetch(*chosen.statement(query(walk.plain), limit, order=walk.order)))
    # The fence keeps the look-up beside each row; without a bound the server joins as it sees fit.
    bound = {"look": "ALL", "fence": ""} if look is None else {"look": str(look), "fence": "OFFSET 0"}
    text = query(walk.filtered)
    rows = await tx.fetch(*chosen.statement(text, limit, order=walk.order, fits=fits.text, **bound))
    if look is None or len(rows) >= limit:
        return Found(rows)
    return Found(rows, await _stop(tx, walk, look))


async def _stop(tx: Transaction, walk: Walk, look: int) -> Position | None:
    text = f"{query(walk.plain).rstrip()} OFFSET {look - 1}"
    rows = await tx.fetch(*walk.led().statement(text, 1, order=walk.order))
    return tuple(_written(rows[0][name]) for name in walk.columns) if rows else None


def _written(value: Any) -> str:
    return str(value) if isinstance(value, UUID) else value.isoformat()
