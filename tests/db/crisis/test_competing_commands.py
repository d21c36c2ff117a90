"""What a hundred hands at once may not do: take more than there is, deadlock, or leave the books unequal."""

import asyncio
import json
from functools import partial
from uuid import UUID

from crisis.domain.answers import Rest
from crisis.domain.refusals import GapExceeded, Refusal
from crisis.usecases.batch import Outcome
from crisis.usecases.check_ledger import check_ledger
from imece_chassis.batching import Batcher
from tests.conflicts import deadlocks
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World, caller, hands

CLIENTS, EACH = 50, 20


async def pledge_all(world: World, quantity: str, each: int = EACH) -> list[UUID]:
    """50 organisations with `each` pledges at once, through group commit, for a need of 1,000 tents."""
    crisis_id, line = await open_line(world, "1000")
    batcher = Batcher(world.propose, 64, 2)
    commands = [
        world.pledging(crisis_id, line, quantity, by=who)
        for who in (caller("pledger") for _ in range(CLIENTS))
        for _ in range(each)
    ]
    outcomes = await asyncio.gather(*(batcher.submit(command) for command in commands))
    await batcher.close()
    return [UUID(body(outcome)["allocation_id"]) for outcome in outcomes]


async def test_a_thousand_pledges_and_accepts_at_once_fill_a_need_exactly(world: World):
    allocations = await pledge_all(world, "5")
    assert await world.value("SELECT proposed FROM need_line_balances") == CLIENTS * EACH * 5
    answers = await hands(partial(world.accept, allocation) for allocation in allocations)
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert {type(answer) for answer in refused} == {GapExceeded}
    assert {refusal.facts["room"] for refusal in refused if isinstance(refusal, Refusal)} == {"0"}
    assert await world.value("SELECT held FROM need_line_balances") == 1000
    assert len(answers) - len(refused) == 200
    assert not any((await check_ledger(world.database)).values())


async def test_all_accepts_with_a_rest_fill_the_need_and_queue_what_is_over(world: World):
    allocations = await pledge_all(world, "70", each=2)
    answers = await hands(partial(world.accept, allocation, rest=Rest.WAITLIST) for allocation in allocations)
    assert not [answer for answer in answers if isinstance(answer, BaseException)]
    (balance,) = await world.rows("SELECT held, waitlisted, proposed, version FROM need_line_balances")
    assert (balance["held"], balance["waitlisted"], balance["proposed"]) == (1000, 6000, 0)
    assert balance["version"] == 1 + 2 * len(allocations)
    assert not any((await check_ledger(world.database)).values())
    sequences = await world.rows(
        "SELECT (headers ->> 'ce_sequence')::bigint AS sequence FROM outbox"
        " WHERE topic = 'crisis.lines.v1' ORDER BY position"
    )
    assert [row["sequence"] for row in sequences] == list(range(1, balance["version"] + 1))


async def test_one_proposal_answered_by_everybody_at_once_has_one_winner(world: World):
    crisis_id, line = await open_line(world)
    for _ in range(10):
        allocation = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
        answers = await asyncio.gather(
            world.accept(allocation),
            world.decline(allocation),
            world.withdraw(allocation),
            world.accept(allocation, "5", Rest.DECLINE),
            return_exceptions=True,
        )
        won = [answer for answer in answers if not isinstance(answer, BaseException)]
        assert len(won) == 1 or (len(won) == 2 and won[-1].rows[0].state == "withdrawn")
    assert not any((await check_ledger(world.database)).values())


async def test_commands_on_many_lines_in_opposite_orders_never_deadlock(world: World):
    before = deadlocks()
    crisis = await world.open_crisis()
    need = await world.open_need(crisis.crisis_id, *[world.tents("1000")] * 6)
    lines = [line.need_line_id for line in need.lines]

    async def batch(order: list[UUID]) -> list[Outcome | Exception]:
        return await world.propose([world.pledging(crisis.crisis_id, line, "1") for line in order])

    batches = [lines if turn % 2 else lines[::-1] for turn in range(20)]
    outcomes = await asyncio.gather(*(batch(order) for order in batches))
    answers = [json.loads(outcome.answer.body) for many in outcomes for outcome in many]  # type: ignore[union-attr]
    allocations = [UUID(answer["allocation_id"]) for answer in answers]
    accepted = await hands(partial(world.accept, allocation) for allocation in allocations[::-1])
    assert len([moved for moved in accepted if not isinstance(moved, BaseException)]) == 120
    assert deadlocks() == before
    assert not any((await check_ledger(world.database)).values())
