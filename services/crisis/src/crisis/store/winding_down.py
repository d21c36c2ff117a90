"""What winding a crisis down does to the clocks of its allocations, and what in it is not at its end."""

from datetime import datetime
from uuid import UUID

from crisis.domain.states import Timer
from crisis.store.queries import query
from imece_chassis.database import Transaction

UNFINISHED_SHOWN = 50


async def hasten(tx: Transaction, crisis_id: UUID, *, answer_by: datetime, wait_until: datetime) -> None:
    """Bring forward what is due later: answers to `answer_by`, waiting pledges to `wait_until`.

    A clock that stands still has the less pause left, so that running on does not make it early.
    """
    await tx.execute(query("hasten_deadlines"), crisis_id, Timer.ANSWER, answer_by, Timer.WAITING, wait_until)


async def let_wait(tx: Transaction, crisis_id: UUID) -> None:
    """Give waiting pledges back the time until their line is needed."""
    await tx.execute(query("let_wait"), crisis_id, Timer.WAITING)


async def lines_to_call(tx: Transaction, crisis_id: UUID) -> list[UUID]:
    """Lines of the crisis that have room and pledges waiting for it."""
    rows = await tx.fetch(
        "SELECT balance.need_line_id FROM need_line_balances AS balance"
        " JOIN need_lines AS line USING (need_line_id, is_drill)"
        " JOIN needs AS need USING (need_id, is_drill)"
        " WHERE need.crisis_id = $1 AND balance.waitlisted > 0 AND balance.requested + balance.over_cap"
        " > balance.elsewhere + balance.held + balance.in_transit + balance.arrived + balance.good"
        " ORDER BY balance.need_line_id",
        crisis_id,
    )
    return [row["need_line_id"] for row in rows]


async def undecided_holds(tx: Transaction, crisis_id: UUID, limit: int) -> list[tuple[UUID, UUID]]:
    """Held rows nobody was asked about since the crisis was stood down, each with its line."""
    rows = await tx.fetch(
        query("undecided_holds"),
        crisis_id,
        limit,
    )
    return [(row["allocation_id"], row["need_line_id"]) for row in rows]


async def unfinished(tx: Transaction, crisis_id: UUID) -> tuple[int, list[str]]:
    """How many needs and allocations still wait for somebody, and the first of them as `kind/id state`."""
    rows = await tx.fetch(query("unfinished_rows"), crisis_id, UNFINISHED_SHOWN)
    return (rows[0]["total"] if rows else 0), [row["named"] for row in rows]


async def offers_left(tx: Transaction, crisis_id: UUID, after: UUID, limit: int) -> list[UUID]:
    """Offers of the crisis that have not ended, by id."""
    rows = await tx.fetch(
        "SELECT offer_id FROM offers WHERE crisis_id = $1 AND state <> 'closed' AND offer_id > $2"
        " ORDER BY offer_id LIMIT $3",
        crisis_id,
        after,
        limit,
    )
    return [row["offer_id"] for row in rows]


async def tasks_left(tx: Transaction, crisis_id: UUID, after: UUID, limit: int) -> list[UUID]:
    """Tasks of the crisis that are not done, by id."""
    rows = await tx.fetch(
        "SELECT task_id FROM tasks WHERE crisis_id = $1 AND state <> 'done' AND task_id > $2"
        " ORDER BY task_id LIMIT $3",
        crisis_id,
        after,
        limit,
    )
    return [row["task_id"] for row in rows]
