"""What a promise waits for is told to both sides when it is stated, and when something became of it."""

from uuid import UUID

from crisis.domain.conditions import ConditionState, ConditionType
from imece_contracts.crisis import ConditionSettled, ConditionStated
from tests.db.crisis.terms import an_offer_line, call, counter, pledged_from, term_worker
from tests.db.crisis.test_holding import told
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.test_terms_of_use import TENT_6P, conditional, settle, tents_for, until
from tests.db.crisis.world import TENT, World


async def test_the_asker_is_told_that_it_is_asked_about_a_substitute_and_the_others_what_it_said(
    world: World,
):
    crisis_id, line, offer_line = await tents_for(world, "14", "ask_asker")
    await pledged_from(world, crisis_id, line, offer_line, "8")
    (asked,) = await told(world, ConditionStated)
    assert (asked.kind, asked.stated_by, asked.item) == ("substitute_agreed", "asker", TENT_6P)
    assert (asked.asker_org, asked.pledger_org) == (
        world.asker.organisation_id,
        world.pledger.organisation_id,
    )
    clock = await world.value("SELECT due_at FROM deadlines WHERE deadline_id = $1", asked.deadline_ref)
    assert clock == asked.due_at
    await settle(world, ConditionState.MET, world.asker)
    (said,) = await told(world, ConditionSettled)
    assert (said.condition, said.outcome) == (asked.condition, "met")


async def test_conditions_of_calls_and_counters_are_told_with_their_least_quantity(world: World):
    crisis_id, line = await open_line(world)
    offer_line = await an_offer_line(world, crisis_id)
    await call(world, line, offer_line, conditions=(until(world, ConditionType.NAMED_SITE),))
    row = UUID(body(await world.pledge(crisis_id, line, "100"))["allocation_id"])
    least = until(world, ConditionType.MIN_QTY, min_qty=50)
    await counter(world, row, world.secretariat, conditions=(least,))
    said = {
        each.kind: (each.stated_by, each.min_qty, each.item) for each in await told(world, ConditionStated)
    }
    assert said == {"named_site": ("asker_side", None, TENT), "min_qty": ("asker_side", 50, TENT)}


async def test_a_waiver_of_a_condition_is_told_with_its_reason(world: World):
    await conditional(world)
    await settle(world, ConditionState.WAIVED, world.secretariat, "no_longer_matters")
    (said,) = await told(world, ConditionSettled)
    assert (said.outcome, said.reason) == ("waived", "no_longer_matters")


async def test_a_failed_condition_is_told_whoever_said_so(world: World):
    await conditional(world)
    await settle(world, ConditionState.FAILED, world.pledger)
    assert [said.outcome for said in await told(world, ConditionSettled)] == ["failed"]


async def test_a_condition_nobody_spoke_of_is_told_as_failed(world: World):
    await conditional(world)
    assert await term_worker(world).run_once() == 1
    assert [said.outcome for said in await told(world, ConditionSettled)] == ["failed"]
