"""Balances of need and offer lines under lock, and what is known of a need line.

Every need line has a door: whoever brings a row to the line enters, whoever must know all rows of the line
before it locks their offer lines shuts it. Doors come after the crisis and before every other lock; who waits
for one is served in turn, so a stream of pledges cannot keep a desk from closing a need.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from crisis.domain.balances import NeedBalance, OfferBalance
from crisis.domain.clocks import Urgency
from crisis.domain.lines import Line
from crisis.store.queries import query
from imece_chassis.database import Transaction

_DOORS = (
    " FROM (SELECT DISTINCT hashtextextended('door ' || line_id::text, 0) AS key"
    " FROM unnest($1::uuid[]) AS line (line_id) ORDER BY key) AS door"
)


async def enter(tx: Transaction, need_line_ids: Sequence[UUID]) -> None:
    """Be let in to bring rows to these lines: others may do the same, nobody shuts their doors meanwhile."""
    await tx.fetch("SELECT pg_advisory_xact_lock_shared(door.key)" + _DOORS, need_line_ids)


async def shut(tx: Transaction, need_line_ids: Sequence[UUID]) -> None:
    """Let no row come to these lines until the transaction ends; waits for those already inside."""
    await tx.fetch("SELECT pg_advisory_xact_lock(door.key)" + _DOORS, need_line_ids)


async def lock_supplies(tx: Transaction, offer_line_ids: Sequence[UUID]) -> dict[UUID, OfferBalance]:
    """Offer line balances locked by id. Taken before any need line."""
    rows = await tx.fetch(
        "SELECT offer_line_id, qty, reserved, committed, consumed, version FROM offer_line_balances"
        " WHERE offer_line_id = ANY ($1::uuid[]) ORDER BY offer_line_id FOR UPDATE",
        offer_line_ids,
    )
    return {row[0]: OfferBalance(*row) for row in rows}


async def lock_needs(tx: Transaction, need_line_ids: Sequence[UUID]) -> dict[UUID, NeedBalance]:
    """Need line balances locked by id; unknown ids are absent."""
    rows = await tx.fetch(
        "SELECT need_line_id, requested, over_cap, elsewhere, carried_excess, proposed, waitlisted, held,"
        " in_transit, arrived, good, lost, version FROM need_line_balances"
        " WHERE need_line_id = ANY ($1::uuid[]) ORDER BY need_line_id FOR UPDATE",
        need_line_ids,
    )
    return {row[0]: NeedBalance(*row) for row in rows}


async def read_balances(tx: Transaction, need_line_ids: Sequence[UUID]) -> dict[UUID, NeedBalance]:
    """Need line balances without lock: for showing, never for deciding."""
    rows = await tx.fetch(
        "SELECT need_line_id, requested, over_cap, elsewhere, carried_excess, proposed, waitlisted, held,"
        " in_transit, arrived, good, lost, version FROM need_line_balances"
        " WHERE need_line_id = ANY ($1::uuid[])",
        need_line_ids,
    )
    return {row[0]: NeedBalance(*row) for row in rows}


async def read(tx: Transaction, need_line_ids: Sequence[UUID]) -> dict[UUID, Line]:
    """What is known of the lines; for a decision only after `lock_needs`."""
    return {row["need_line_id"]: _line(row) for row in await tx.fetch(query("read_lines"), need_line_ids)}


def _line(row: Any) -> Line:
    return Line(
        need_line_id=row["need_line_id"],
        need_id=row["need_id"],
        crisis_id=row["crisis_id"],
        is_drill=row["is_drill"],
        asker_org_id=row["asker_org_id"],
        item_code=row["item_code"],
        unit=row["unit"],
        district=row["district"],
        needed_by=row["needed_by"],
        urgency=Urgency(row["urgency"]),
        need_state=row["need_state"],
        verification=row["verification"],
        opened_at=row["opened_at"],
        min_useful=row["min_useful_qty"],
        day=row["day"],
        is_stale=row["is_stale"],
        close_reason=row["close_reason"],
        tamp_group=row["tamp_group"],
        substitution=row["substitution"],
        is_earmark_welcome=row["is_earmark_welcome"],
        populations=frozenset(row["populations"]),
        delegated_until=row["delegated_until"],
        delegated_by_org_id=row["delegated_by_org_id"],
    )
