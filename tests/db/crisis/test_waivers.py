"""Questions about earmarks: the pledger is told, the desk hears the answer, silence has its consequence."""

from datetime import timedelta
from uuid import UUID

from crisis.domain.waivers import LAPSE, Waiver
from crisis.usecases.waive_earmark import AnswerWaiver, answer_waiver
from imece_contracts.crisis import WaiverRequested, WaiverSettled
from imece_contracts.notifications import NoticeDelivered, NoticeUndelivered
from tests.db.crisis.noticed import notice
from tests.db.crisis.terms import run, term_worker
from tests.db.crisis.test_holding import told
from tests.db.crisis.test_terms_of_use import ask, hatay_only
from tests.db.crisis.world import TENT, World

PERIOD = timedelta(hours=6)


async def asked_of_the_pledger(world: World) -> Waiver:
    _, _, there, offer_line = await hatay_only(world)
    return await ask(world, there, offer_line)


async def due_at(world: World):
    return await world.value("SELECT due_at FROM deadlines WHERE kind = $1 AND state = 'pending'", LAPSE)


async def clock_of(waiver: Waiver) -> UUID:
    assert waiver.deadline_id is not None
    return waiver.deadline_id


async def test_the_pledger_is_asked_with_the_clock_that_waits_for_it(world: World):
    waiver = await asked_of_the_pledger(world)
    (said,) = await told(world, WaiverRequested)
    assert (said.waiver, said.deadline_ref, said.answer_by) == (
        waiver.waiver_id,
        waiver.deadline_id,
        world.clock.now() + PERIOD,
    )
    assert (said.pledger_org, said.asked_by_org) == (
        world.pledger.organisation_id,
        world.secretariat.organisation_id,
    )
    assert (said.item, said.district, said.urgency) == (TENT, "TUR044001", "urgent")


async def test_the_answer_is_told(world: World):
    waiver = await asked_of_the_pledger(world)
    no = AnswerWaiver(waiver.waiver_id, agrees=False)
    await run(world, lambda tx: answer_waiver(tx, no, world.pledger, world.tools))
    (said,) = await told(world, WaiverSettled)
    assert (said.waiver, said.outcome) == (waiver.waiver_id, "refused")


async def test_a_pledger_nobody_reached_has_one_further_period_and_then_its_silence_is_a_no(world: World):
    waiver = await asked_of_the_pledger(world)
    clock, ends = await clock_of(waiver), await due_at(world)
    asker, desk = world.asker.organisation_id, world.secretariat.organisation_id
    assert not await notice(world, clock, NoticeUndelivered, to=asker)
    assert not await notice(world, clock, NoticeUndelivered, to=desk)
    assert await notice(world, clock, NoticeUndelivered, timedelta(hours=1))
    assert await due_at(world) == ends + PERIOD
    assert await term_worker(world).run_once() == 1
    assert await world.value("SELECT state FROM waivers") == "lapsed"
    assert [said.outcome for said in await told(world, WaiverSettled)] == ["lapsed"]
    assert await due_at(world) is None


async def test_delivery_lets_the_question_run_on_and_an_answer_ends_its_clock(world: World):
    waiver = await asked_of_the_pledger(world)
    clock, ends = await clock_of(waiver), await due_at(world)
    assert await notice(world, clock, NoticeUndelivered, timedelta(hours=1))
    assert await notice(world, clock, NoticeDelivered, timedelta(hours=3))
    assert await due_at(world) == ends + timedelta(hours=2)
    yes = AnswerWaiver(waiver.waiver_id, agrees=True)
    await run(world, lambda tx: answer_waiver(tx, yes, world.pledger, world.tools))
    assert not await notice(world, clock, NoticeUndelivered, timedelta(hours=4)), "nothing waits on it"
