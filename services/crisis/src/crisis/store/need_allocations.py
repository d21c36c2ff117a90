"""The allocations of a need's lines: what waits for it, and who gives for it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from crisis.domain.allocations import Allocation
from crisis.domain.closing import ENDS
from crisis.domain.states import State
from crisis.store import allocations
from imece_chassis.database import Transaction

_GIVING = (State.HELD, State.DISPATCHED, State.ARRIVED, State.CONFIRMED, State.RETURN_DUE)


async def waiting(tx: Transaction, need_line_ids: Sequence[UUID]) -> list[Allocation]:
    """Rows that have not left, by line and id; for a decision only after their lines are locked."""
    rows = await tx.fetch(
        "SELECT allocation_id FROM allocations WHERE need_line_id = ANY ($1::uuid[]) AND state = ANY ($2)"
        " ORDER BY need_line_id, allocation_id",
        need_line_ids,
        sorted(ENDS),
    )
    return await allocations.read_many(tx, [row["allocation_id"] for row in rows])


async def supplies(
    tx: Transaction, need_line_ids: Sequence[UUID], states: Collection[State] = ENDS
) -> frozenset[UUID]:
    """Offer lines of the lines' rows in these states; by default of those that would end with the need."""
    rows = await tx.fetch(
        "SELECT DISTINCT offer_line_id FROM allocations WHERE need_line_id = ANY ($1::uuid[])"
        " AND state = ANY ($2)",
        need_line_ids,
        sorted(states),
    )
    return frozenset(row["offer_line_id"] for row in rows)


async def on_the_road(tx: Transaction, need_line_ids: Sequence[UUID]) -> list[UUID]:
    """Ids of the rows in transit."""
    rows = await tx.fetch(
        "SELECT allocation_id FROM allocations WHERE need_line_id = ANY ($1::uuid[]) AND state = $2"
        " ORDER BY allocation_id",
        need_line_ids,
        State.DISPATCHED,
    )
    return [row["allocation_id"] for row in rows]


async def givers(tx: Transaction, need_line_ids: Sequence[UUID]) -> tuple[UUID, ...]:
    """Organisations that hold, bring or brought something for the lines."""
    rows = await tx.fetch(
        "SELECT DISTINCT pledger_org_id FROM allocations WHERE need_line_id = ANY ($1::uuid[])"
        " AND state = ANY ($2) ORDER BY pledger_org_id",
        need_line_ids,
        sorted(_GIVING),
    )
    return tuple(row["pledger_org_id"] for row in rows)


async def count_all(tx: Transaction, need_id: UUID) -> int:
    """How many allocations a need ever had; for a decision only after its lines are locked."""
    return await tx.fetchval(
        "SELECT count(*) FROM allocations JOIN need_lines USING (need_line_id) WHERE need_lines.need_id = $1",
        need_id,
    )


async def given_for(tx: Transaction, need_ids: Sequence[UUID], pledger_org_id: UUID) -> frozenset[UUID]:
    """Which of the needs an organisation gives for: something of it is held, on its way or there."""
    rows = await tx.fetch(
        "SELECT DISTINCT line.need_id FROM need_lines AS line JOIN allocations AS row"
        " ON row.need_line_id = line.need_line_id AND row.is_drill = line.is_drill"
        " WHERE line.need_id = ANY ($1::uuid[]) AND row.pledger_org_id = $2 AND row.state = ANY ($3)",
        need_ids,
        pledger_org_id,
        sorted(_GIVING),
    )
    return frozenset(row["need_id"] for row in rows)
