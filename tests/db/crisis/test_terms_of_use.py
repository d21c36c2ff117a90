"""Conditions, substitutes, earmarks and what is taken without a person, on real rows."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from crisis.domain.answers import Rest
from crisis.domain.conditions import DUE, ConditionRequest, ConditionState, ConditionType
from crisis.domain.refusals import (
    AllocationNotInState,
    ConditionOpen,
    EarmarkFits,
    EarmarkMismatch,
    HoardingLimit,
    NotFound,
    NotYourCondition,
    RelocationBreaksEarmark,
    RoleMissing,
    WaiverPending,
)
from crisis.domain.settings import Settings
from crisis.domain.waivers import LAPSE, Waiver
from crisis.store.offer_lists import MatchFilter
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.reading_offers import match_queue
from crisis.usecases.relocate_need import RelocateNeed, relocate_need
from crisis.usecases.settle_condition import SettleCondition, settle_condition
from crisis.usecases.waive_earmark import AnswerWaiver, AskWaiver, answer_waiver, ask_waiver
from imece_chassis.access.caller import Caller, Grant
from imece_contracts.crisis import AllocationExpired, AllocationHeld, WaiverRequested
from tests.db.crisis.promoting import promote
from tests.db.crisis.terms import (
    an_offer_line,
    call,
    counter,
    pledged_from,
    run,
    state_of,
    term_worker,
    the_deadline,
)
from tests.db.crisis.test_holding import told
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World, caller

TENT_4P, TENT_6P = "SHL-TENT-4P", "SHL-TENT-6P"


def until(world: World, kind: ConditionType = ConditionType.FUNDING_ARRIVES, hours: int = 5, **more: Any):
    return ConditionRequest(kind, world.clock.now() + timedelta(hours=hours), **more)


async def the_condition(world: World) -> UUID:
    return await world.value("SELECT condition_id FROM conditions ORDER BY condition_id LIMIT 1")


async def settle(world: World, state: ConditionState, by: Caller, reason: str | None = None):
    command = SettleCondition(await the_condition(world), state, reason)
    return await run(world, lambda tx: settle_condition(tx, command, by, world.tools))


async def conditional(world: World) -> tuple[UUID, UUID]:
    """A line, and a pledge that waits for its funding."""
    crisis_id, line = await open_line(world)
    outcome = await world.pledge(crisis_id, line, "200", conditions=(until(world),))
    return line, UUID(body(outcome)["allocation_id"])


async def test_a22_an_open_condition_stands_against_the_accept_and_its_date_ends_the_row(world: World):
    _, row = await conditional(world)
    with pytest.raises(ConditionOpen):
        await world.accept(row)
    assert await world.value("SELECT proposed::int FROM need_line_balances") == 200
    assert (await the_deadline(world, DUE)).due_at == world.clock.now() + timedelta(hours=5)
    assert await term_worker(world).run_once() == 1
    assert await state_of(world, row) == "expired"
    assert await world.value("SELECT reason FROM allocations") == "condition_failed"
    assert await world.value("SELECT state FROM conditions") == "failed"
    assert await world.value("SELECT reserved FROM offer_line_balances") == 0
    (said,) = await told(world, AllocationExpired)
    assert said.from_state == "proposed"
    assert not any((await check_ledger(world.database)).values())


@pytest.mark.parametrize("state", ["proposed", "held"])
async def test_a_need_does_not_move_away_from_what_is_earmarked_for_its_place(world: World, state: str):
    crisis = await world.open_crisis()
    need = await world.open_need(crisis.crisis_id)
    line = need.lines[0].need_line_id
    for_the_place = await an_offer_line(world, crisis.crisis_id, earmark={"places": ["TUR031005"]})
    for_the_province = await an_offer_line(world, crisis.crisis_id, earmark={"places": ["TUR031"]})
    row = await pledged_from(world, crisis.crisis_id, line, for_the_place, "100")
    other = await pledged_from(world, crisis.crisis_id, line, for_the_province, "100")
    for each in (row, other) if state == "held" else ():
        await world.accept(each)
    moving = RelocateNeed(need.need_id, "TUR031002", "site_moved")
    with pytest.raises(RelocationBreaksEarmark) as refused:
        await run(world, lambda tx: relocate_need(tx, moving, world.secretariat, world.tools))
    assert refused.value.facts["allocations"] == str(row)
    await world.withdraw(row)
    await run(world, lambda tx: relocate_need(tx, moving, world.secretariat, world.tools))
    assert await state_of(world, other) == state
    assert not any((await check_ledger(world.database)).values())


@pytest.mark.parametrize("by_silence", [True, False])
async def test_a22_a_condition_that_fails_ends_every_piece_of_its_row(world: World, by_silence: bool):
    crisis_id, line = await open_line(world, "40")
    filling = UUID(body(await world.pledge(crisis_id, line, "40"))["allocation_id"])
    await world.accept(filling)
    who = caller("pledger")
    terms = (until(world, hours=5),)
    assert body(await world.pledge(crisis_id, line, "100", who, conditions=terms))["state"] == "waitlisted"
    await world.withdraw(filling)
    assert await promote(world, line) == 1
    pieces = (
        "SELECT state, qty::int FROM allocations WHERE pledger_org_id = $1 AND state <> 'split' ORDER BY 2"
    )
    found = await world.rows(pieces, who.organisation_id)
    assert [tuple(row) for row in found] == [("proposed", 40), ("waitlisted", 60)]
    if by_silence:
        assert await term_worker(world).run_once() == 1
    else:
        await settle(world, ConditionState.FAILED, who)
    found = await world.rows(pieces, who.organisation_id)
    assert [tuple(row) for row in found] == [("expired", 40), ("expired", 60)]
    assert {said.from_state for said in await told(world, AllocationExpired)} == {"proposed", "waitlisted"}
    figures = await world.rows("SELECT proposed::int, waitlisted::int FROM need_line_balances")
    assert [tuple(row) for row in figures] == [(0, 0)]
    assert not any((await check_ledger(world.database)).values())


async def test_a_condition_that_came_true_or_was_waived_lets_the_accept_through(world: World):
    _, row = await conditional(world)
    with pytest.raises(NotYourCondition):
        await settle(world, ConditionState.MET, world.secretariat)
    with pytest.raises(NotFound):
        await settle(world, ConditionState.MET, caller("pledger"))
    await settle(world, ConditionState.WAIVED, world.secretariat, "guaranteed")
    assert (await world.accept(row)).rows[0].state == "held"
    assert await term_worker(world).run_once() == 0
    logged = await world.rows("SELECT reason FROM command_log WHERE command = 'waive_condition'")
    assert [each["reason"] for each in logged] == ["guaranteed"]


async def test_a_pledger_says_that_its_condition_failed(world: World):
    _, row = await conditional(world)
    done = await settle(world, ConditionState.FAILED, world.pledger)
    assert (done.row.state, done.row.reason) == ("expired", "condition_failed")
    assert await state_of(world, row) == "expired"


async def test_a_condition_of_a_counter_goes_with_the_piece_that_goes_on(world: World):
    crisis_id, line = await open_line(world)
    row = UUID(body(await world.pledge(crisis_id, line, "200"))["allocation_id"])
    terms = (until(world, ConditionType.NAMED_SITE),)
    moved = await counter(world, row, world.secretariat, quantity="150", conditions=terms)
    with pytest.raises(ConditionOpen):
        await world.accept(moved.rows[0].allocation_id, by=world.pledger)
    with pytest.raises(NotYourCondition):
        await settle(world, ConditionState.MET, world.pledger)
    await settle(world, ConditionState.MET, world.secretariat)
    assert (await world.accept(moved.rows[0].allocation_id, by=world.pledger)).rows[0].state == "held"


async def tents_for(world: World, requested: str, substitution: str) -> tuple[UUID, UUID, UUID]:
    """A line of tents for four, and an offer of ten tents for six."""
    crisis = await world.open_crisis()
    wanted = world.tents(requested, item_code=TENT_4P, substitution=substitution)
    line = (await world.open_need(crisis.crisis_id, wanted)).lines[0].need_line_id
    return crisis.crisis_id, line, await an_offer_line(world, crisis.crisis_id, "10", item_code=TENT_6P)


async def test_a21_nine_of_ten_tents_for_six_are_held_where_fourteen_for_four_are_missing(world: World):
    crisis_id, line, offer_line = await tents_for(world, "14", "equivalent_list")
    row = await pledged_from(world, crisis_id, line, offer_line, "10")
    assert await world.value("SELECT qty::int FROM allocations") == 15
    held, rest = (await world.accept(row, rest=Rest.WAITLIST)).rows
    assert (held.state, held.supply_qty, str(held.qty.normalize()), held.given_item) == (
        "held",
        9,
        "13.5",
        TENT_6P,
    )
    assert (rest.state, rest.supply_qty, str(rest.qty.normalize())) == ("waitlisted", 1, "1.5")
    (said,) = await told(world, AllocationHeld)
    assert (said.given_item, said.supply_qty, said.line.label) == (TENT_6P, 9, "COVERED")
    assert not any((await check_ledger(world.database)).values())


async def test_an_asker_that_wants_to_be_asked_about_substitutes_is_asked(world: World):
    crisis_id, line, offer_line = await tents_for(world, "14", "ask_asker")
    row = await pledged_from(world, crisis_id, line, offer_line, "8")
    with pytest.raises(ConditionOpen):
        await world.accept(row)
    with pytest.raises(NotYourCondition):
        await settle(world, ConditionState.MET, world.secretariat)
    await settle(world, ConditionState.MET, world.asker)
    assert (await world.accept(row)).rows[0].supply_qty == 8


async def hatay_only(world: World) -> tuple[UUID, UUID, UUID, UUID]:
    """A crisis in Hatay and Malatya: a line in each, and tents for Hatay."""
    crisis = await world.open_crisis(area=("TUR031", "TUR044"))
    here = (await world.open_need(crisis.crisis_id)).lines[0].need_line_id
    there = (await world.open_need(crisis.crisis_id, district="TUR044001")).lines[0].need_line_id
    offer_line = await an_offer_line(world, crisis.crisis_id, earmark={"places": ["TUR031"]})
    return crisis.crisis_id, here, there, offer_line


async def ask(world: World, need_line: UUID, offer_line: UUID, by: Caller | None = None) -> Waiver:
    command = AskWaiver(need_line, offer_line)
    return await run(world, lambda tx: ask_waiver(tx, command, by or world.secretariat, world.tools))


async def test_a9_earmarked_goods_are_never_matched_outside_and_silence_is_no(world: World):
    crisis_id, here, there, offer_line = await hatay_only(world)
    beside = (await world.open_need(crisis_id)).lines[0].need_line_id
    waiting = MatchFilter(crisis_id, world.clock.now())
    queue = await run(world, lambda tx: match_queue(tx, world.secretariat, waiting, None, 10))
    (queued,) = queue.rows
    assert queued.gaps is not None
    assert {gap.need_line_id for gap in queued.gaps[offer_line]} == {here, beside}
    declined = await world.decline(await pledged_from(world, crisis_id, here, offer_line, "10"))
    assert [gap.need_line_id for gap in declined.alternatives or ()] == [beside]
    with pytest.raises(EarmarkMismatch):
        await call(world, there, offer_line)
    refused = body(await world.pledge(crisis_id, there, "10", offer_line_id=offer_line), 409)
    assert (refused["code"], refused["outside"]) == ("earmark_mismatch", "places")
    held = await pledged_from(world, crisis_id, here, offer_line, "100")
    await world.accept(held)
    asked = await run(
        world, lambda tx: ask_waiver(tx, AskWaiver(there, offer_line), world.secretariat, world.tools)
    )
    with pytest.raises(WaiverPending):
        await run(
            world, lambda tx: ask_waiver(tx, AskWaiver(there, offer_line), world.secretariat, world.tools)
        )
    assert asked.answer_by == world.clock.now() + timedelta(hours=6)
    assert (await the_deadline(world, LAPSE)).due_at == asked.answer_by
    (said,) = await told(world, WaiverRequested)
    assert (said.pledger_org, said.deadline_ref) == (world.pledger.organisation_id, asked.deadline_id)
    assert await term_worker(world).run_once() == 1
    assert await world.value("SELECT state FROM waivers") == "lapsed"
    assert await state_of(world, held) == "held"
    with pytest.raises(EarmarkMismatch):
        await call(world, there, offer_line)
    assert not any((await check_ledger(world.database)).values())


async def test_a_waiver_is_the_pledgers_word_for_one_line(world: World):
    _, here, there, offer_line = await hatay_only(world)
    with pytest.raises(EarmarkFits):
        await run(
            world, lambda tx: ask_waiver(tx, AskWaiver(here, offer_line), world.secretariat, world.tools)
        )
    with pytest.raises(RoleMissing):
        await run(world, lambda tx: ask_waiver(tx, AskWaiver(there, offer_line), world.asker, world.tools))
    asked = await run(
        world, lambda tx: ask_waiver(tx, AskWaiver(there, offer_line), world.secretariat, world.tools)
    )
    yes = AnswerWaiver(asked.waiver_id, agrees=True)
    with pytest.raises(RoleMissing):
        await run(world, lambda tx: answer_waiver(tx, yes, world.secretariat, world.tools))
    await run(world, lambda tx: answer_waiver(tx, yes, world.pledger, world.tools))
    (row,) = (await call(world, there, offer_line, "50")).rows
    assert (await world.accept(row.allocation_id, by=world.pledger)).rows[0].state == "held"
    assert not any((await check_ledger(world.database)).values())


async def letting_through(world: World) -> tuple[UUID, UUID]:
    """A crisis whose desks let exact matches for shelter through, and a line of tents."""
    crisis_id, line = await open_line(world)
    document = Settings(auto_accept=("BAR",)).as_settings()
    await run(
        world,
        lambda tx: tx.execute(
            "INSERT INTO crisis_settings (crisis_id, is_drill, version, settings)"
            " SELECT crisis_id, is_drill, 2, settings || $2::jsonb FROM crisis_settings WHERE crisis_id = $1",
            crisis_id,
            json.dumps(document),
        ),
    )
    await run(
        world, lambda tx: tx.execute("UPDATE crises SET settings_version = 2 WHERE crisis_id = $1", crisis_id)
    )
    return crisis_id, line


async def hoards(world: World, crisis_id: UUID, line: UUID, lines: int = 20) -> None:
    """The pledger holds that many lines and took five promises back."""
    for _ in range(5):
        row = UUID(body(await world.pledge(crisis_id, line, "1"))["allocation_id"])
        await world.withdraw(row)
    need = await world.open_need(crisis_id, *(world.tents("10") for _ in range(lines)))
    for each in need.lines:
        answered = body(await world.pledge(crisis_id, each.need_line_id, "1"))
        assert answered["state"] == "held"


async def test_an_exact_match_is_taken_without_a_person_and_told_in_two_steps(world: World):
    crisis_id, line = await letting_through(world)
    answered = body(await world.pledge(crisis_id, line, "200"))
    assert (answered["state"], answered["line"]["H"], answered["line"]["P"]) == ("held", "200", "0")  # type: ignore[index]
    (said,) = await told(world, AllocationHeld)
    assert said.is_auto and said.line.H == 200
    logged = await world.rows("SELECT command, actor_role FROM command_log ORDER BY at, command_id")
    assert [tuple(each) for each in logged][-2:] == [
        ("propose_allocation", "pledger"),
        ("auto_accept", "system"),
    ]
    conditional = await world.pledge(crisis_id, line, "10", conditions=(until(world),))
    assert body(conditional)["state"] == "proposed"
    assert body(await world.pledge(crisis_id, line, "900"))["state"] == "proposed"
    assert not any((await check_ledger(world.database)).values())


async def test_a41_above_the_hoarding_limit_a_desk_must_say_why_it_accepts(world: World):
    crisis_id, line = await letting_through(world)
    await hoards(world, crisis_id, line)
    answered = body(await world.pledge(crisis_id, line, "10"))
    assert answered["state"] == "proposed"
    assert answered["hoarding"] == {"open_held": 20, "closed": 0, "concluded": 5}
    row = UUID(answered["allocation_id"])
    with pytest.raises(HoardingLimit):
        await world.accept(row)
    moved = await world.accept(row, override_reason="only_source")
    assert moved.standing is not None and moved.standing.open_held == 20
    logged = await world.value("SELECT reason FROM command_log WHERE command = 'accept_allocation'")
    assert logged == "only_source"


async def test_the_hoarding_limit_counts_what_the_same_bulk_took(world: World):
    crisis_id, line = await letting_through(world)
    await hoards(world, crisis_id, line, lines=18)
    need = await world.open_need(crisis_id, *(world.tents("10") for _ in range(4)))
    pledges = [world.pledging(crisis_id, each.need_line_id, "1") for each in need.lines]
    states = [body(outcome)["state"] for outcome in await world.propose(pledges)]
    assert states == ["held", "held", "proposed", "proposed"]


async def test_a_pledger_bound_to_a_province_answers_for_goods_used_there(world: World):
    here = frozenset({"31"})
    bound = caller("pledger", provinces=here)
    crisis_id, _ = await open_line(world)
    need = await world.open_need(crisis_id)
    offer_line = await an_offer_line(
        world, crisis_id, by=replace(bound, grants=(Grant("pledger"),)), earmark={"places": ["TUR046"]}
    )
    asked = await run(
        world,
        lambda tx: ask_waiver(
            tx, AskWaiver(need.lines[0].need_line_id, offer_line), world.secretariat, world.tools
        ),
    )
    elsewhere = replace(bound, grants=(Grant("pledger", provinces=frozenset({"06"})),))
    yes = AnswerWaiver(asked.waiver_id, agrees=True)
    with pytest.raises(RoleMissing):
        await run(world, lambda tx: answer_waiver(tx, yes, elsewhere, world.tools))
    answered = await run(world, lambda tx: answer_waiver(tx, yes, bound, world.tools))
    assert answered.state == "granted"


async def test_a_condition_of_a_row_that_ended_holds_nothing_up_and_fails_quietly(world: World):
    _, row = await conditional(world)
    moved = await counter(world, row, world.secretariat, quantity="150")
    await world.decline(moved.rows[0].allocation_id, "cannot_give", by=world.pledger)
    with pytest.raises(AllocationNotInState):
        await settle(world, ConditionState.MET, world.pledger)
    assert await term_worker(world).run_once() == 1
    assert await world.value("SELECT state FROM conditions") == "failed"
    assert not any((await check_ledger(world.database)).values())
