"""Withdrawals that come together share a transaction; each is decided after the last, for itself."""

from uuid import UUID, uuid4

from crisis.http.views import moved_answer
from crisis.usecases.asked import Asked
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.moves_together import KeyedMove, MovesTogether
from crisis.usecases.withdraw_allocation import WithdrawAllocation, withdraw_each
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.idempotency import Request, body_hash
from imece_chassis.together import Together
from tests.db.crisis.counted import Counted
from tests.db.crisis.test_accepts_together import code_of, statuses
from tests.db.crisis.test_one_pledge import body, events, open_line
from tests.db.crisis.world import World, caller, refusal


def withdrawal(row: UUID, by: Caller) -> KeyedMove[WithdrawAllocation]:
    command = WithdrawAllocation(row, "transport_lost")
    scope = f"{by.organisation_id}:POST /allocations/{row}/withdraw"
    return KeyedMove(
        Asked(command, by), Request(scope, str(uuid4()), body_hash(repr(command).encode())), refusal
    )


def together(world: World) -> MovesTogether[WithdrawAllocation]:
    return MovesTogether(world.database, withdraw_each, world.tools, moved_answer)


async def promised(world: World, line: UUID, quantity: str, by: Caller) -> UUID:
    crisis = await world.value("SELECT crisis_id FROM need_lines WHERE need_line_id = $1", line)
    return UUID(body(await world.pledge(crisis, line, quantity, by))["allocation_id"])


async def test_each_is_taken_back_or_refused_for_itself(world: World):
    _, line = await open_line(world, "100")
    _, other = await open_line(world, "50")
    giver, stranger = caller("pledger"), caller("pledger")
    held = await promised(world, line, "40", giver)
    await world.accept(held)
    waiting, elsewhere = await promised(world, line, "30", giver), await promised(world, other, "5", stranger)
    outcomes = await together(world)(
        [
            withdrawal(held, giver),
            withdrawal(uuid4(), giver),
            withdrawal(waiting, stranger),
            withdrawal(elsewhere, stranger),
            withdrawal(held, giver),
        ]
    )
    assert statuses(outcomes) == [200, 404, 404, 200, 409]
    assert code_of(outcomes[4]) == "allocation_not_in_state"
    left = dict(
        await world.rows("SELECT allocation_id, lease_left FROM allocations WHERE state = 'withdrawn'")
    )
    assert left.keys() == {held, elsewhere}
    assert left[held] > 0 and left[elsewhere] is None, "only what was held was given up"
    sums = await world.rows("SELECT held, proposed FROM need_line_balances ORDER BY requested DESC")
    assert [tuple(each) for each in sums] == [(0, 30), (0, 0)]
    for key in (line, other):
        versions = [envelope.sequence for envelope, _ in await events(world) if envelope.key == str(key)]
        assert versions == sorted(set(versions))
    assert not any((await check_ledger(world.database)).values())


async def test_many_cost_as_many_statements_as_one(world: World):
    _, line = await open_line(world, "100")
    giver = caller("pledger")
    rows = [await promised(world, line, "5", giver) for _ in range(6)]
    for row in rows:
        await world.accept(row)

    async def statements(some: list[UUID]) -> int:
        async def work(tx: Transaction) -> int:
            counted = Counted(tx)
            each = [Asked(WithdrawAllocation(row, "transport_lost"), giver) for row in some]
            tx_together = Together(counted)
            assert not any(
                isinstance(done, Exception) for done in await withdraw_each(tx_together, each, world.tools)
            )
            await tx_together.run()
            return counted.statements

        return await world.database.unit_of_work(work)

    assert await statements(rows[:1]) == await statements(rows[1:]) > 0
