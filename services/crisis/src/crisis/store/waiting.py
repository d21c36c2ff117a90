"""Queues of need lines, read without locks: for showing places, and for choosing whom to call next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from crisis.domain.fitness import (
    LATE_SHARE,
    NO_RECORD,
    RECORD_DAYS,
    SERIAL,
    SERIAL_DAYS,
    Record,
    fitness,
)
from crisis.domain.lines import Line
from crisis.domain.promotions import PassedOver
from crisis.domain.queue import Alike, Standing, Waiting
from crisis.store.queries import query
from imece_chassis.database import Transaction

Records = dict[UUID, Record]

_CALLED = """
SELECT coalesce(sum(qty), 0) FROM allocations
 WHERE need_line_id = $1 AND promoted_at IS NOT NULL AND state IN ('proposed', 'countered')
"""
_PASS_OVER = """
INSERT INTO passed_over (allocation_id, is_drill, reason, available, free, at)
SELECT allocation_id, is_drill, reason, available, free, $6
  FROM unnest($1::uuid[], $2::boolean[], $3::text[], $4::numeric[], $5::numeric[])
    AS passed (allocation_id, is_drill, reason, available, free)
 ORDER BY allocation_id
ON CONFLICT (allocation_id, is_drill) DO UPDATE
SET reason = excluded.reason, available = excluded.available, free = excluded.free, at = excluded.at
WHERE (passed_over.reason, passed_over.available, passed_over.free)
      IS DISTINCT FROM (excluded.reason, excluded.available, excluded.free)
"""


@dataclass(frozen=True, slots=True)
class Passed:
    """A waiting row that could not be called: why, what was available then and what it had free."""

    allocation_id: UUID
    is_drill: bool
    reason: PassedOver
    available: Decimal
    free: Decimal


async def queue(tx: Transaction, line: Line, now: datetime) -> list[Waiting]:
    """Every row that waits for the line, in no order."""
    return await _rows(tx, line, now, None)


async def one(tx: Transaction, line: Line, allocation_id: UUID, now: datetime) -> Waiting | None:
    """One waiting row; None when it does not wait."""
    return next(iter(await _rows(tx, line, now, allocation_id)), None)


async def if_waiting(tx: Transaction, rows: Mapping[UUID, Line], now: datetime) -> dict[UUID, Standing]:
    """How rows would stand in the queues of their lines if they waited, by allocation id."""
    lines = sorted({line.need_line_id for line in rows.values()})
    found = await tx.fetch(query("rows_if_waiting"), list(rows), lines)
    known = {
        is_drill: await records(
            tx,
            {each["pledger_org_id"] for each in found if each["is_drill"] is is_drill},
            now,
            is_drill=is_drill,
        )
        for is_drill in {each["is_drill"] for each in found}
    }
    return {
        each["allocation_id"]: _standing(each, rows[each["allocation_id"]], known[each["is_drill"]])
        for each in found
    }


async def groups(tx: Transaction, line: Line, since: datetime, row: UUID, now: datetime) -> list[Alike]:
    """The queue as groups that stand alike, with how many of each wait longer than `row`, waiting `since`."""
    found = await tx.fetch(query("waiting_groups"), line.need_line_id, since, row)
    known = await records(tx, {each["pledger_org_id"] for each in found}, now, is_drill=line.is_drill)
    return [Alike(_standing(each, line, known), each["rows"], each["longer"]) for each in found]


async def records(tx: Transaction, orgs: Iterable[UUID], now: datetime, *, is_drill: bool) -> Records:
    """How organisations kept their promises in the last year; those without a record are absent."""
    rows = await tx.fetch(
        query("read_records"),
        list(orgs),
        is_drill,
        now - timedelta(days=RECORD_DAYS),
        LATE_SHARE,
        SERIAL,
        now - timedelta(days=SERIAL_DAYS),
    )
    return {row["pledger_org_id"]: Record(row["kept"], row["concluded"]) for row in rows}


async def called(tx: Transaction, need_line_id: UUID) -> Decimal:
    """What the line's promoted calls that are not answered yet ask for; exact under the line's lock."""
    return await tx.fetchval(_CALLED, need_line_id)


async def pass_over(tx: Transaction, passed: Sequence[Passed], at: datetime) -> None:
    """Record why waiting rows were not called, under their line's lock; what is known is not written."""
    if not passed:
        return
    await tx.execute(
        _PASS_OVER,
        [each.allocation_id for each in passed],
        [each.is_drill for each in passed],
        [each.reason for each in passed],
        [each.available for each in passed],
        [each.free for each in passed],
        at,
    )


async def forget_given_up(tx: Transaction, allocation_id: UUID) -> None:
    """A locked row was not given up after all: it counts no more among what its pledger gave up."""
    await tx.execute("UPDATE allocations SET lease_left = NULL WHERE allocation_id = $1", allocation_id)


async def note_given_up(tx: Transaction, lease_left: Mapping[UUID, Decimal]) -> None:
    """Record with how much of their leases left holds were withdrawn, by allocation id."""
    if lease_left:
        await tx.execute(
            "UPDATE allocations AS row SET lease_left = given_up.lease_left"
            " FROM unnest($1::uuid[], $2::numeric[]) AS given_up (allocation_id, lease_left)"
            " WHERE row.allocation_id = given_up.allocation_id AND row.state = 'withdrawn'",
            list(lease_left),
            list(lease_left.values()),
        )


async def passed_over(tx: Transaction, allocation_id: UUID) -> str | None:
    """Why the row was not called the last time there was room."""
    return await tx.fetchval("SELECT reason FROM passed_over WHERE allocation_id = $1", allocation_id)


async def _rows(tx: Transaction, line: Line, now: datetime, only: UUID | None) -> list[Waiting]:
    found: Sequence[Any] = await tx.fetch(query("waiting_rows"), line.need_line_id, only)
    known = await records(tx, {each["pledger_org_id"] for each in found}, now, is_drill=line.is_drill)
    return [
        Waiting(each["allocation_id"], each["waitlisted_at"], each["qty"], _standing(each, line, known))
        for each in found
    ]


def _standing(row: Any, line: Line, known: Records) -> Standing:
    return Standing(
        fitness(
            row["origin"],
            line.district,
            row["ready_within_minutes"],
            known.get(row["pledger_org_id"], NO_RECORD),
        ),
        is_preferred=row["is_preferred"],
        let_pass=row["let_pass"],
    )
