"""An offer of which nothing is left ends by itself; where its end meets a command, one is first."""

import asyncio
from uuid import UUID

import pytest

from crisis.consumers.offers import offer_batches
from crisis.domain.refusals import AllocationNotInState, HoldsRemain, OfferNotInState
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.suspend_offer import ResumeOffer, SuspendOffer, resume_offer, suspend_offer
from crisis.usecases.withdraw_offer import WithdrawOffer, withdraw_offer
from imece_chassis.deadlines import DeadlineWorker
from tests.db.crisis.lock_waits import before_the_lock
from tests.db.crisis.offering import lasting, offer_worker, offered, run, state_of, tents
from tests.db.crisis.promoting import promote
from tests.db.crisis.terms import an_offer_line, call, pledged_from
from tests.db.crisis.test_offers import offer_of, types
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World


def settler(world: World) -> DeadlineWorker:
    """Only the look at whether anything is left; availability goes on."""

    return DeadlineWorker(world.database, {}, batch_effects=offer_batches(world.database, world.tools))


async def withdraw(world: World, offer_id: UUID):
    command = WithdrawOffer(offer_id, "no_funds")
    return await run(world, lambda tx: withdraw_offer(tx, command, world.pledger, world.tools))


async def test_an_offer_whose_stock_is_gone_is_closed_as_used_up(world: World):
    crisis_id, line = await open_line(world)
    first = UUID(body(await world.pledge(crisis_id, line, "40"))["allocation_id"])
    await world.withdraw(first, "stock_gone")
    assert await world.value("SELECT qty FROM offer_line_balances") == 0
    assert await settler(world).run_once() == 1
    assert await state_of(world, await offer_of(world, first)) == ("closed", "used_up")
    assert (await types(world))[-1] == "crisis.offer.closed"
    assert not any((await check_ledger(world.database)).values())


async def test_an_offer_with_another_line_or_a_pledge_that_waits_goes_on(world: World):
    crisis_id, line = await open_line(world)
    offer = await offered(world, crisis_id, lasting(world, tents("40"), tents("5")))
    row = await pledged_from(world, crisis_id, line, offer.lines[0].offer_line_id, "40")
    await world.withdraw(row, "stock_gone")
    assert await settler(world).run_once() == 1
    assert (await state_of(world, offer.offer_id))[0] == "open"
    single = UUID(body(await world.pledge(crisis_id, line, "7"))["allocation_id"])
    assert await settler(world).run_once() == 0
    assert (await state_of(world, await offer_of(world, single)))[0] == "open"


async def test_many_offers_end_in_one_transaction_and_what_needs_more_is_looked_at_alone(world: World):
    crisis_id, line = await open_line(world)
    pledged = [UUID(body(await world.pledge(crisis_id, line, "9"))["allocation_id"]) for _ in range(5)]
    for row in pledged[:3]:
        await world.withdraw(row)
    await world.decline(pledged[3])
    while_waiting = await offered(world, crisis_id, lasting(world, tents("40")))
    row = await pledged_from(world, crisis_id, line, while_waiting.lines[0].offer_line_id, "40")
    await world.withdraw(row, "stock_gone")
    assert await settler(world).run_once() == 5
    states = [await state_of(world, await offer_of(world, row)) for row in pledged]
    assert states == [("closed", "pledge_ended")] * 3 + [("open", None)] * 2
    assert await state_of(world, while_waiting.offer_id) == ("closed", "used_up")
    work = await world.rows("SELECT subject_id FROM tasks WHERE kind = 'match_offer' AND state = 'open'")
    assert [task["subject_id"] for task in work] == [await offer_of(world, pledged[3])]
    transactions = "SELECT count(DISTINCT xmin::text) FROM offers WHERE reason = 'pledge_ended'"
    assert await world.value(transactions) == 1
    assert (await types(world)).count("crisis.offer.closed") == 4
    assert await world.value("SELECT count(*) FROM command_log WHERE command = 'end_offer'") == 4
    clocks = await world.rows(
        "SELECT offers.state FROM deadlines JOIN offers ON offers.offer_id = deadlines.subject_id"
        " WHERE deadlines.state = 'pending' AND deadlines.kind = 'offer.available'"
    )
    assert [each["state"] for each in clocks] == ["open", "open"]
    assert await settler(world).run_once() == 0
    assert not any((await check_ledger(world.database)).values())


async def test_a_row_that_waits_for_goods_that_are_gone_ends_with_their_offer(world: World):
    crisis_id, line = await open_line(world, "100")
    await world.accept(UUID(body(await world.pledge(crisis_id, line, "100"))["allocation_id"]))
    gone = UUID(body(await world.pledge(crisis_id, line, "60"))["allocation_id"])
    offer_line = await world.value("SELECT offer_line_id FROM allocations WHERE allocation_id = $1", gone)
    waiting = await pledged_from(world, crisis_id, line, offer_line, "60")
    await world.withdraw(gone, "stock_gone")
    assert await settler(world).run_once() == 1
    assert await state_of(world, await offer_of(world, gone)) == ("closed", "used_up")
    assert await world.value("SELECT state FROM allocations WHERE allocation_id = $1", waiting) == "expired"
    assert not any((await check_ledger(world.database)).values())


async def test_an_offer_that_is_promised_again_while_the_clock_looks_goes_on(world: World):
    crisis_id, line = await open_line(world)
    row = UUID(body(await world.pledge(crisis_id, line, "9"))["allocation_id"])
    offer_line = await world.value("SELECT offer_line_id FROM allocations WHERE allocation_id = $1", row)
    await world.withdraw(row)
    promised, _ = await before_the_lock(
        world,
        line,
        [
            lambda: world.pledge(crisis_id, line, "9", offer_line_id=offer_line),
            lambda: settler(world).run_once(),
        ],
    )
    assert not isinstance(promised, BaseException), promised
    assert await state_of(world, await offer_of(world, row)) == ("open", None)
    states = await world.rows("SELECT state FROM allocations ORDER BY allocation_id")
    assert [each["state"] for each in states] == ["withdrawn", "proposed"]
    assert not any((await check_ledger(world.database)).values())


async def test_a_call_takes_its_offer_off_the_desks_list_of_work(world: World):
    crisis_id, line = await open_line(world)
    offer_line = await an_offer_line(world, crisis_id)
    task = "SELECT state FROM tasks WHERE kind = 'match_offer'"
    assert await world.value(task) == "open"
    await call(world, line, offer_line)
    assert await world.value(task) == "done"


async def test_a_row_that_waited_on_a_suspended_offer_is_called_when_it_goes_on(world: World):
    crisis_id, line = await open_line(world, "100")
    filling = await world.accept(UUID(body(await world.pledge(crisis_id, line, "100"))["allocation_id"]))
    offer_line = await an_offer_line(world, crisis_id, "60")
    waiting = await pledged_from(world, crisis_id, line, offer_line, "60")
    offer_id = await offer_of(world, waiting)
    doubt, trust = SuspendOffer(offer_id, "not_reachable"), ResumeOffer(offer_id, "reached_again")
    await run(world, lambda tx: suspend_offer(tx, doubt, world.secretariat, world.tools))
    await world.withdraw(filling.rows[0].allocation_id, "needed_elsewhere")
    assert await promote(world, line) == 0
    await run(world, lambda tx: resume_offer(tx, trust, world.secretariat, world.tools))
    assert await promote(world, line) == 1
    assert await world.value("SELECT state FROM allocations WHERE allocation_id = $1", waiting) == "proposed"


async def test_taking_an_offer_back_and_accepting_its_goods_race_and_one_is_first(world: World):
    crisis_id, line = await open_line(world)
    for _ in range(12):
        row = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
        offer_id = await offer_of(world, row)
        gone, accepted = await asyncio.gather(
            withdraw(world, offer_id), world.accept(row), return_exceptions=True
        )
        if isinstance(gone, HoldsRemain):
            assert not isinstance(accepted, BaseException)
        else:
            assert not isinstance(gone, BaseException), gone
            assert isinstance(accepted, AllocationNotInState), accepted
    assert not any((await check_ledger(world.database)).values())


async def test_an_offer_that_ends_and_a_pledge_of_its_goods_race_and_nothing_waits_on_what_is_closed(
    world: World,
):
    crisis_id, line = await open_line(world)
    for _ in range(8):
        offer_line = await an_offer_line(world, crisis_id, "30")
        offer_id = await world.value("SELECT offer_id FROM offer_lines WHERE offer_line_id = $1", offer_line)
        await asyncio.gather(
            withdraw(world, offer_id),
            world.pledge(crisis_id, line, "10", offer_line_id=offer_line),
            return_exceptions=True,
        )
    stranded = (
        "SELECT count(*) FROM allocations JOIN offer_lines USING (offer_line_id) JOIN offers USING (offer_id)"
        " WHERE offers.state = 'closed' AND allocations.state IN ('proposed', 'countered', 'waitlisted')"
    )
    assert await world.value(stranded) == 0
    assert not any((await check_ledger(world.database)).values())


async def test_two_workers_end_an_offer_once(world: World):
    crisis_id, line = await open_line(world)
    row = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    await asyncio.gather(*(offer_worker(world).run_once() for _ in range(3)))
    assert (await types(world)).count("crisis.offer.closed") == 1
    assert await state_of(world, await offer_of(world, row)) == ("closed", "expired")
    with pytest.raises(OfferNotInState) as refused:
        await withdraw(world, await offer_of(world, row))
    assert refused.value.facts["state"] == "closed"
