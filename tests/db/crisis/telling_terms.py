"""A story in which every event about the terms of an allocation is told."""

from uuid import UUID

from crisis.domain.conditions import ConditionState
from crisis.usecases.settle_condition import SettleCondition, settle_condition
from crisis.usecases.waive_earmark import AnswerWaiver, answer_waiver
from tests.db.crisis.terms import a_plan, an_offer_line, call, counter, extend, run
from tests.db.crisis.test_calls import cancel
from tests.db.crisis.test_holding import ask, reply
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.test_terms_of_use import ask as ask_about
from tests.db.crisis.test_terms_of_use import hatay_only, tents_for, until
from tests.db.crisis.world import World


async def tell_terms(world: World) -> None:
    """Other terms, a longer hold, goods asked back twice, a call, a no with alternatives, a substitute."""
    crisis_id, line = await open_line(world)
    await world.open_need(crisis_id)
    row = UUID(body(await world.pledge(crisis_id, line, "200"))["allocation_id"])
    terms = (until(world),)
    offered = await counter(
        world, row, world.secretariat, quantity="150", plan=a_plan(world), conditions=terms
    )
    await world.decline(offered.rows[0].allocation_id, by=world.pledger)
    row = UUID(body(await world.pledge(crisis_id, line, "200"))["allocation_id"])
    await world.accept(row)
    await extend(world, row)
    kept = await ask(world, row)
    await reply(world, kept.request.request_id, agrees=False, planned=True)
    gone = await ask(world, row)
    await reply(world, gone.request.request_id, agrees=True)
    offer_line = await an_offer_line(world, crisis_id)
    await cancel(world, (await call(world, line, offer_line)).rows[0].allocation_id)
    await world.decline(UUID(body(await world.pledge(crisis_id, line, "20"))["allocation_id"]))
    other_crisis, other_line, tents = await tents_for(world, "14", "equivalent_list")
    await world.pledge(other_crisis, other_line, "4", offer_line_id=tents)
    asked_crisis, asked_line, tents = await tents_for(world, "14", "ask_asker")
    await world.pledge(asked_crisis, asked_line, "8", offer_line_id=tents)
    question = await world.value("SELECT condition_id FROM conditions WHERE type = 'substitute_agreed'")
    met = SettleCondition(question, ConditionState.MET)
    await run(world, lambda tx: settle_condition(tx, met, world.asker, world.tools))
    await tell_waivers(world)


async def tell_waivers(world: World) -> None:
    """A pledger is asked about its earmark and says yes."""
    _, _, there, earmarked = await hatay_only(world)
    waiver = await ask_about(world, there, earmarked)
    yes = AnswerWaiver(waiver.waiver_id, agrees=True)
    await run(world, lambda tx: answer_waiver(tx, yes, world.pledger, world.tools))
