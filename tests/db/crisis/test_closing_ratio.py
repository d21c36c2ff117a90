"""What counts against an organisation: promises of held goods it concluded, each once, by its own doing."""

from uuid import UUID

from crisis.domain.states import Timer
from crisis.store import standings
from crisis.usecases.cancel_call import CancelCall, cancel_call
from crisis.usecases.close_need import CloseNeed, close_need
from crisis.usecases.revise_need_line import ReviseNeedLine, revise_need_line
from tests.db.crisis.correcting import corrected
from tests.db.crisis.terms import an_offer_line, call, run, term_worker
from tests.db.crisis.test_holding import ask
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.test_promotion import silent
from tests.db.crisis.world import World


async def counted(world: World, crisis_id: UUID) -> tuple[int, int]:
    """Closed, and concluded."""
    organisation, now = world.pledger.organisation_id, world.clock.now()
    standing = await world.database.snapshot(lambda tx: standings.of(tx, crisis_id, organisation, now))
    return standing.closed, standing.concluded


async def held(world: World, crisis_id: UUID, line: UUID, quantity: str = "10") -> UUID:
    row = UUID(body(await world.pledge(crisis_id, line, quantity))["allocation_id"])
    await world.accept(row)
    return row


async def test_what_was_never_held_or_ended_by_others_counts_for_nothing(world: World):
    crisis_id, line = await open_line(world, "100")
    proposed = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    await world.withdraw(proposed)
    offer_line = await an_offer_line(world, crisis_id)
    called = (await call(world, line, offer_line, "10")).rows[0].allocation_id
    cancelled = CancelCall(called, "better_source")
    await run(world, lambda tx: cancel_call(tx, cancelled, world.secretariat, world.tools))
    await held(world, crisis_id, line, "60")
    lowered = ReviseNeedLine(line, "fewer_people", "40", "adet")
    await run(world, lambda tx: revise_need_line(tx, lowered, world.asker, world.tools))
    assert await world.value("SELECT count(*) FROM allocations WHERE state = 'released'") == 2
    need = await world.value("SELECT need_id FROM needs")
    closing = CloseNeed(need, "cancelled_by_asker")
    await run(world, lambda tx: close_need(tx, closing, world.asker, world.tools))
    assert await world.value("SELECT count(*) FROM allocations WHERE state = 'held'") == 0
    assert await counted(world, crisis_id) == (0, 0)


async def test_what_its_pledger_took_back_or_left_lying_counts_once_each(world: World):
    crisis_id, line = await open_line(world)
    await world.withdraw(await held(world, crisis_id, line))
    assert await silent(world, await held(world, crisis_id, line), Timer.HOLD)
    unanswered = await held(world, crisis_id, line)
    await ask(world, unanswered)
    assert await term_worker(world).run_once()
    assert (
        await world.value("SELECT state FROM allocations WHERE allocation_id = $1", unanswered) == "released"
    )
    assert await counted(world, crisis_id) == (0, 3)


async def test_a_promise_in_pieces_counts_once_and_is_closed_when_half_of_it_came(world: World):
    crisis_id, line = await open_line(world)
    await corrected(world, await held(world, crisis_id, line), confirmed="5", short="5")
    assert await counted(world, crisis_id) == (1, 1)
    await corrected(world, await held(world, crisis_id, line), confirmed="4", short="3", damaged="3")
    assert await counted(world, crisis_id) == (1, 2)
