"""Desks and watches. Two watches of one person, or at one seat, never overlap: the database refuses them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.desks import Desk, DeskLevel, Watch
from crisis.domain.tasks import Seat
from crisis.store.queries import query
from imece_chassis.database import Transaction
from imece_chassis.ids import BEFORE_ALL
from imece_chassis.selection import Selection

_READ = """
SELECT desk_id, crisis_id, is_drill, level, area, item_groups, host_org_id, is_active, version FROM desks
"""
_WATCH = """
SELECT watch_id, desk_id, is_drill, seat, person_ref, lower(period) AS since, upper(period) AS until, version
FROM watches
"""


async def insert(tx: Transaction, desk: Desk) -> bool:
    """Write a new desk; False when its id is taken."""
    written = await tx.execute(
        "INSERT INTO desks (desk_id, is_drill, crisis_id, level, area, item_groups, host_org_id, is_active,"
        " version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        desk.desk_id,
        desk.is_drill,
        desk.crisis_id,
        desk.level,
        list(desk.area),
        list(desk.item_groups),
        desk.host_org_id,
        desk.is_active,
        desk.version,
    )
    return written == "INSERT 0 1"


async def update(tx: Transaction, desk: Desk) -> None:
    """Save a locked desk."""
    await tx.execute(
        "UPDATE desks SET area = $3, item_groups = $4, host_org_id = $5, is_active = $6, version = $7"
        " WHERE desk_id = $1 AND is_drill = $2",
        desk.desk_id,
        desk.is_drill,
        list(desk.area),
        list(desk.item_groups),
        desk.host_org_id,
        desk.is_active,
        desk.version,
    )


async def read(tx: Transaction, desk_id: UUID, *, is_locked: bool = False) -> Desk | None:
    """One desk."""
    row = await tx.fetchrow(_READ + "WHERE desk_id = $1" + (" FOR UPDATE" if is_locked else ""), desk_id)
    return None if row is None else _desk(row)


async def page(tx: Transaction, crisis_id: UUID | None, after: UUID | None, limit: int) -> list[Desk]:
    """Active desks of a crisis with the standing ones; all active ones without crisis. By id."""
    chosen = (
        Selection()
        .where("desk_id > {}", after or BEFORE_ALL)
        .where("(crisis_id IS NULL OR crisis_id = {})", crisis_id)
    )
    listed = _READ + "WHERE is_active AND {where} ORDER BY desk_id LIMIT {limit}"
    rows = await tx.fetch(*chosen.statement(listed, limit))
    return [_desk(row) for row in rows]


async def responsible(
    tx: Transaction, crisis_id: UUID, place: str, item_group: str | None, *, is_drill: bool
) -> UUID | None:
    """The province desk for a place and item group, the most particular one; None: the secretariat."""
    return await tx.fetchval(query("responsible_desk"), crisis_id, place, item_group, is_drill)


async def secretariat(tx: Transaction, crisis_id: UUID, *, is_drill: bool) -> UUID | None:
    """The secretariat's desk of a crisis, else its standing one, if there is any."""
    return await tx.fetchval(
        "SELECT desk_id FROM desks WHERE level = 'secretariat' AND is_active AND is_drill = $2"
        " AND (crisis_id IS NULL OR crisis_id = $1) ORDER BY crisis_id IS NULL, desk_id LIMIT 1",
        crisis_id,
        is_drill,
    )


async def awaited_since(tx: Transaction, need_line_id: UUID) -> datetime | None:
    """Since when the oldest proposal on a line waits for the asker's side; None when none does."""
    return await tx.fetchval(
        "SELECT min(state_since) FROM allocations WHERE need_line_id = $1 AND awaiting = 'asker_side'",
        need_line_id,
    )


async def is_hosted_by_pledger(tx: Transaction, desk_id: UUID, need_line_id: UUID) -> bool:
    """Whether the desk would have to answer a proposal of the organisation that hosts it."""
    return await tx.fetchval(
        "SELECT EXISTS (SELECT 1 FROM desks AS desk JOIN allocations AS row"
        " ON row.pledger_org_id = desk.host_org_id"
        " WHERE desk.desk_id = $1 AND row.need_line_id = $2 AND row.awaiting = 'asker_side')",
        desk_id,
        need_line_id,
    )


async def take_turn(tx: Transaction, watch: Watch) -> None:
    """Wait for others who seat the same person or fill the same seat."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(key) FROM (SELECT hashtextextended(text, 0) AS key"
        " FROM unnest($1::text[]) AS text ORDER BY 1) AS keys",
        [f"watch of {watch.person_ref}", f"seat {watch.desk_id} {watch.seat}"],
    )


async def overlapping(tx: Transaction, watch: Watch) -> Watch | None:
    """A watch of the same person, or at the same seat, at the same time; to be asked after `take_turn`."""
    row = await tx.fetchrow(
        _WATCH + "WHERE (person_ref = $1 OR (desk_id = $2 AND seat = $3)) AND period && tstzrange($4, $5)"
        " ORDER BY watch_id LIMIT 1",
        watch.person_ref,
        watch.desk_id,
        watch.seat,
        watch.since,
        watch.until,
    )
    return None if row is None else _watch(row)


async def seat_watch(tx: Transaction, watch: Watch) -> bool:
    """Write a new watch; False when its id was taken meanwhile."""
    written = await tx.execute(
        "INSERT INTO watches (watch_id, desk_id, is_drill, seat, person_ref, period, version)"
        " VALUES ($1, $2, $3, $4, $5, tstzrange($6, $7), $8) ON CONFLICT DO NOTHING",
        watch.watch_id,
        watch.desk_id,
        watch.is_drill,
        watch.seat,
        watch.person_ref,
        watch.since,
        watch.until,
        watch.version,
    )
    return written == "INSERT 0 1"


async def read_watch(tx: Transaction, watch_id: UUID, *, is_locked: bool = False) -> Watch | None:
    """One watch."""
    row = await tx.fetchrow(_WATCH + "WHERE watch_id = $1" + (" FOR UPDATE" if is_locked else ""), watch_id)
    return None if row is None else _watch(row)


async def shorten_watch(tx: Transaction, watch: Watch) -> None:
    """Save the end of a locked watch."""
    await tx.execute(
        "UPDATE watches SET period = tstzrange($2, $3), version = $4 WHERE watch_id = $1",
        watch.watch_id,
        watch.since,
        watch.until,
        watch.version,
    )


async def forget_watch(tx: Transaction, watch_id: UUID) -> None:
    """Remove a locked watch that never began."""
    await tx.execute("DELETE FROM watches WHERE watch_id = $1", watch_id)


async def on_duty(
    tx: Transaction,
    at: datetime,
    desk_id: UUID | None,
    host_org_id: UUID | None,
    after: tuple[UUID, str] | None,
    limit: int,
) -> list[tuple[Desk, Watch]]:
    """Who sits where at a moment, after (desk, seat): at one desk, at desks of one host, or everywhere."""
    chosen = Selection(at).where("watch.desk_id = {}", desk_id).where("desk.host_org_id = {}", host_org_id)
    if after is not None:
        last_desk, seat = after
        chosen.where(f"(watch.desk_id, watch.seat) > ({{}}, {chosen.place(seat)})", last_desk)
    rows = await tx.fetch(*chosen.statement(query("watches_on_duty"), limit))
    watches = [_watch(row) for row in rows]
    desks = await _by_id(tx, [watch.desk_id for watch in watches])
    return [(desks[watch.desk_id], watch) for watch in watches]


async def _by_id(tx: Transaction, desk_ids: Sequence[UUID]) -> dict[UUID, Desk]:
    rows = await tx.fetch(_READ + "WHERE desk_id = ANY ($1::uuid[])", desk_ids)
    return {row["desk_id"]: _desk(row) for row in rows}


def _desk(row: Any) -> Desk:
    return Desk(
        desk_id=row["desk_id"],
        crisis_id=row["crisis_id"],
        is_drill=row["is_drill"],
        level=DeskLevel(row["level"]),
        area=tuple(row["area"]),
        item_groups=tuple(row["item_groups"]),
        host_org_id=row["host_org_id"],
        is_active=row["is_active"],
        version=row["version"],
    )


def _watch(row: Any) -> Watch:
    return Watch(
        watch_id=row["watch_id"],
        desk_id=row["desk_id"],
        is_drill=row["is_drill"],
        seat=Seat(row["seat"]),
        person_ref=row["person_ref"],
        since=row["since"],
        until=row["until"],
        version=row["version"],
    )
