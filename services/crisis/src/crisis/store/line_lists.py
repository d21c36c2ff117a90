"""Lists of need lines: what stands in the request stands in the statement, and nothing else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.store.queries import query
from imece_chassis.database import Transaction
from imece_chassis.selection import Selection

_BEFORE_ALL = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Listed:
    """A line by id, the version of its need, and when line or need last changed."""

    need_line_id: UUID
    need_version: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which lines of a crisis; `province` and `district` are p-codes, `reader` the organisation that asks.

    `has_gap` True: something is missing; `due_before`: needed before that moment. With `updated_since` lines
    come in the order of their change, otherwise newest first.
    """

    crisis_id: UUID
    reader: UUID
    is_mine: bool = False
    province: str | None = None
    district: str | None = None
    item: str | None = None
    item_group: str | None = None
    sector: str | None = None
    state: str | None = None
    urgency: str | None = None
    has_gap: bool | None = None
    is_stale: bool | None = None
    due_before: datetime | None = None
    updated_since: datetime | None = None


async def page(
    tx: Transaction, wanted: LineFilter, after: tuple[Any, ...] | None, limit: int
) -> list[Listed]:
    """Lines in order; `after` is (id,) or, by change, (changed_at, id) of the last."""
    chosen = _chosen(wanted)
    if wanted.updated_since is None:
        chosen.where("line.need_line_id < {}", None if after is None else UUID(after[0]))
        rows = await tx.fetch(*chosen.statement(query("list_lines"), limit))
    else:
        since, last = wanted.updated_since, _BEFORE_ALL
        if after is not None:
            since, last = datetime.fromisoformat(after[0]), UUID(after[1])
        since_at, last_at = chosen.place(since), chosen.place(last)
        changed = chosen.statement(query("list_changed_lines"), limit, since=since_at, last=last_at)
        rows = await tx.fetch(*changed)
    return [Listed(row["need_line_id"], row["need_version"], row["changed_at"]) for row in rows]


async def now(tx: Transaction) -> datetime:
    """When the transaction began, by the clock that also dates changes."""
    return await tx.fetchval("SELECT now()")


def _chosen(wanted: LineFilter) -> Selection:
    counted = "balance.elsewhere + balance.held + balance.in_transit + balance.arrived + balance.good"
    return (
        Selection()
        .where("line.crisis_id = {}", wanted.crisis_id)
        .where("need.asker_org_id = {}", wanted.reader if wanted.is_mine else None)
        .where("(need.state <> 'draft' OR need.asker_org_id = {})", wanted.reader)
        .where("need.district >= {}", wanted.province)
        .where("need.district <= {} || '999'", wanted.province)
        .where("need.district = {}", wanted.district)
        .where("line.item_code = {}", wanted.item)
        .where("line.tamp_group = {}", wanted.item_group)
        .where("line.sector = {}", wanted.sector)
        .where("need.state = {}", wanted.state)
        .where("need.urgency = {}", wanted.urgency)
        .where(f"(balance.requested > {counted}) = {{}}", wanted.has_gap)
        .where("need.is_stale = {}", wanted.is_stale)
        .where("line.needed_by < {}", wanted.due_before)
    )
