"""Defects on purpose, so that the checker can be seen red. Never imported by the service."""

from uuid import UUID

from imece_chassis.database import Database, Transaction

ALL_CHECKS = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS statement
  FROM pg_constraint
 WHERE contype = 'c' AND connamespace = 'public'::regnamespace
"""


async def tampered(database: Database, statement: str) -> None:
    """Change rows behind the commands' back, with every CHECK out of the way."""

    async def work(tx: Transaction) -> None:
        for row in await tx.fetch(ALL_CHECKS):
            await tx.execute(row["statement"])
        await tx.execute(statement)

    await database.unit_of_work(work)


async def accept_by_reading_then_writing(database: Database, allocation_id: UUID) -> None:
    """The classic: read what is held, decide, write the sum.

    No lock, no guard; the sums overwrite each other.
    """

    async def look(tx: Transaction):
        return await tx.fetchrow(
            "SELECT row.need_line_id, row.offer_line_id, row.qty, balance.held, balance.requested,"
            " balance.proposed, balance.version FROM allocations AS row"
            " JOIN need_line_balances AS balance USING (need_line_id) WHERE row.allocation_id = $1",
            allocation_id,
        )

    seen = await database.snapshot(look)
    if seen["held"] + seen["qty"] > seen["requested"]:
        return

    async def write(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE need_line_balances SET held = $2, proposed = $3, version = version + 1"
            " WHERE need_line_id = $1",
            seen["need_line_id"],
            seen["held"] + seen["qty"],
            seen["proposed"] - seen["qty"],
        )
        await tx.execute(
            "INSERT INTO allocation_entries (need_line_id, line_version, allocation_id, is_drill, command_id,"
            " root_id, offer_line_id, crisis_id, from_state, to_state, supply_qty, qty, at)"
            " SELECT need_line_id, (SELECT version FROM need_line_balances AS balance"
            " WHERE balance.need_line_id = row.need_line_id), allocation_id, is_drill, gen_random_uuid(),"
            " root_id, offer_line_id, crisis_id, 'proposed', 'held', supply_qty, qty, now()"
            " FROM allocations AS row WHERE allocation_id = $1",
            allocation_id,
        )

    await database.unit_of_work(write)
