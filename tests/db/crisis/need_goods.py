"""Pledges on one need in tests on a database, and their goods on the way."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from crisis.domain.needs import Need
from crisis.usecases.check_ledger import check_ledger
from tests.db.crisis.need_world import Needs
from tests.db.crisis.test_one_pledge import body


def the_line(need: Need) -> UUID:
    return need.lines[0].need_line_id


async def pledged(needs: Needs, need: Need, quantity: str, **changes: Any) -> UUID:
    outcome = await needs.world.pledge(needs.crisis_id, the_line(need), quantity, **changes)
    return UUID(body(outcome)["allocation_id"])


async def held(needs: Needs, need: Need, quantity: str) -> UUID:
    allocation = await pledged(needs, need, quantity)
    return (await needs.world.accept(allocation)).rows[0].allocation_id


async def put(needs: Needs, need: Need, bucket: str, quantity: str, allocation: UUID | None = None) -> None:
    """Goods as they will be once they can leave: out of what is held, into a later bucket."""
    state = {"in_transit": "dispatched", "arrived": "arrived", "good": "confirmed"}[bucket]

    async def work(tx: Any) -> None:
        await tx.execute(
            f"UPDATE need_line_balances SET held = held - $2, {bucket} = {bucket} + $2"
            " WHERE need_line_id = $1",
            the_line(need),
            Decimal(quantity),
        )
        if allocation is not None:
            await tx.execute(
                "UPDATE allocations SET state = $2,"
                " deadline_id = CASE $2 WHEN 'confirmed' THEN NULL ELSE deadline_id END"
                " WHERE allocation_id = $1",
                allocation,
                state,
            )

    await needs.world.database.unit_of_work(work)


async def clean(needs: Needs) -> bool:
    return not any((await check_ledger(needs.world.database)).values())
