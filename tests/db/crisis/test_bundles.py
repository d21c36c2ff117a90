"""Bundles: several need lines promised, answered and taken back as one, whole or not at all."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from crisis.domain.answers import Rest
from crisis.domain.clocks import Urgency
from crisis.domain.refusals import (
    AboveOwnThreshold,
    BundleDoesNotFit,
    BundleSettled,
    NotFound,
    ReasonUnknown,
    RoleMissing,
)
from crisis.usecases.accept_bundle import Part
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.set_thresholds import SetThresholds, set_thresholds
from imece_chassis.access.caller import Grant
from tests.db.crisis.bundling import (
    a_bundle,
    accepted,
    bundling,
    declined,
    here_and_there,
    proposed,
    read,
    states,
    three_lines,
    withdrawn,
)
from tests.db.crisis.offering import lasting, offered, run, tents
from tests.db.crisis.test_one_pledge import body, events
from tests.db.crisis.test_orders import issue
from tests.db.crisis.test_silence import ROWS, worker
from tests.db.crisis.world import TENT, World, caller

COUNTS = """
SELECT (SELECT count(*) FROM allocations) AS rows, (SELECT count(*) FROM offers) AS offers,
       (SELECT count(*) FROM bundles) AS bundles, (SELECT count(*) FROM command_log) AS commands,
       (SELECT count(*) FROM outbox) AS told
"""


async def books_are_equal(world: World) -> None:
    assert {name: rows for name, rows in (await check_ledger(world.database)).items() if rows} == {}


async def counts(world: World) -> tuple[int, ...]:
    (row,) = await world.rows(COUNTS)
    return tuple(row)


def refusals_of(refused: BundleDoesNotFit) -> list[tuple[int | str, str]]:
    return [(row.get("row", row.get("allocation_id")), row["code"]) for row in refused.facts["rows"]]


async def test_all_rows_of_a_bundle_are_promised_from_one_offer_in_one_step(world: World):
    crisis_id, lines = await three_lines(world)
    before = len(await events(world))
    found = await a_bundle(world, crisis_id, [(line, "40") for line in lines])
    assert (states(found), found.bundle.row_count, found.version) == (["proposed"] * 3, 3, 3)
    assert {row.bundle_id for row in found.rows} == {found.bundle.bundle_id}
    assert await world.rows("SELECT offer_id FROM offers") == [(found.bundle.offer_id,)]
    assert await world.value("SELECT sum(reserved) FROM offer_line_balances") == 120
    assert await world.rows("SELECT DISTINCT proposed FROM need_line_balances") == [(Decimal(40),)]
    told = [envelope for envelope, _ in (await events(world))[before:]]
    assert [each.type for each in told] == ["crisis.offer.opened", *["crisis.allocation.proposed"] * 3]
    bundles = [payload.bundle for _, payload in (await events(world))[before + 1 :]]  # type: ignore[union-attr]
    assert bundles == [found.bundle.bundle_id] * 3
    await books_are_equal(world)


async def test_one_row_that_does_not_fit_leaves_nothing_of_the_others(world: World):
    crisis_id, lines = await three_lines(world, "100", "100", "100")
    before = await counts(world)
    command = bundling(world, crisis_id, [(lines[0], "40"), (lines[1], "40"), (lines[2], "40")])
    odd = replace(command.rows[1], unit="kg")
    unknown = replace(command.rows[2], need_line_id=crisis_id)
    with pytest.raises(BundleDoesNotFit) as refused:
        await proposed(world, replace(command, rows=(command.rows[0], odd, unknown)))
    assert refusals_of(refused.value) == [(1, "unit_unknown"), (2, "not_found")]
    assert refused.value.facts["rows"][0]["need_line_id"] == str(lines[1])
    assert await counts(world) == before


async def test_an_order_and_the_own_need_refuse_the_rows_they_concern(world: World):
    crisis_id, lines = await three_lines(world)
    await issue(world, crisis_id)
    with pytest.raises(BundleDoesNotFit) as refused:
        await a_bundle(world, crisis_id, [(line, "40") for line in lines[:2]])
    assert refusals_of(refused.value) == [(0, "saturated"), (1, "saturated")]
    assert "alternatives" in refused.value.facts["rows"][0]
    both = replace(
        world.asker,
        grants=(*world.asker.grants, replace(world.asker.grants[0], role="pledger")),
    )
    other, own = await three_lines(world)
    with pytest.raises(BundleDoesNotFit) as refused:
        await a_bundle(world, other, [(own[0], "40")], both)
    assert refusals_of(refused.value) == [(0, "same_party")]


async def test_who_may_pledge_nowhere_is_told_so(world: World):
    crisis_id, lines = await three_lines(world)
    with pytest.raises(RoleMissing):
        await a_bundle(world, crisis_id, [(line, "40") for line in lines], world.asker)
    with pytest.raises(NotFound):
        await a_bundle(world, lines[0], [(lines[0], "40")])


async def test_the_whole_bundle_counts_for_the_own_threshold(world: World):
    crisis_id, lines = await three_lines(world)
    limit = SetThresholds({TENT: "100"}, {})
    await run(world, lambda tx: set_thresholds(tx, limit, world.pledger, world.tools))
    with pytest.raises(AboveOwnThreshold):
        await a_bundle(world, crisis_id, [(line, "34") for line in lines])
    found = await a_bundle(world, crisis_id, [(line, "33") for line in lines])
    assert states(found) == ["proposed"] * 3


async def test_rows_of_an_open_offer_take_from_its_lines_one_after_another(world: World):
    crisis_id, lines = await three_lines(world)
    offer = await offered(world, crisis_id, lasting(world, tents("100")))
    given = offer.lines[0].offer_line_id
    too_much = bundling(
        world, crisis_id, [(line, "40") for line in lines], offer_id=offer.offer_id, offer_line_id=given
    )
    with pytest.raises(BundleDoesNotFit) as refused:
        await proposed(world, too_much)
    assert refusals_of(refused.value) == [(2, "supply_exceeded")]
    assert refused.value.facts["rows"][0]["free"] == "20"
    fits = bundling(
        world, crisis_id, [(line, "33") for line in lines], offer_id=offer.offer_id, offer_line_id=given
    )
    found = await proposed(world, fits)
    assert found.bundle.offer_id == offer.offer_id
    assert await world.value("SELECT reserved FROM offer_line_balances") == 99
    await books_are_equal(world)


async def test_lines_of_another_offer_make_no_bundle(world: World):
    crisis_id, lines = await three_lines(world)
    one = await offered(world, crisis_id, lasting(world, tents("100")))
    other = await offered(world, crisis_id, lasting(world, tents("100")))
    command = bundling(
        world,
        crisis_id,
        [(lines[0], "10"), (lines[1], "10")],
        offer_id=one.offer_id,
        offer_line_id=one.lines[0].offer_line_id,
    )
    strange = replace(command.rows[1], offer_line_id=other.lines[0].offer_line_id)
    with pytest.raises(BundleDoesNotFit) as refused:
        await proposed(world, replace(command, rows=(command.rows[0], strange)))
    assert refusals_of(refused.value) == [(1, "rows_of_one_offer")]


async def test_a_line_named_twice_is_promised_the_second_time_what_is_left(world: World):
    crisis_id, lines = await three_lines(world, "100")
    found = await a_bundle(world, crisis_id, [(lines[0], "60"), (lines[0], "60")])
    assert states(found) == ["proposed", "proposed"]
    with pytest.raises(BundleDoesNotFit) as refused:
        await accepted(world, found.bundle.bundle_id)
    second = found.rows[1].allocation_id
    assert refusals_of(refused.value) == [(str(second), "gap_exceeded")]
    await accepted(world, found.bundle.bundle_id, rest=Rest.DECLINE)
    after = await read(world, found.bundle.bundle_id)
    assert sorted((row.state.value, row.qty) for row in after.rows if row.qty) == [
        ("declined", 20),
        ("held", 40),
        ("held", 60),
    ]
    await books_are_equal(world)


async def test_all_rows_wait_until_the_same_instant_and_end_one_by_one(world: World):
    crisis = await world.open_crisis()
    slow = await world.open_need(crisis.crisis_id, world.tents("50"), urgency=Urgency.NORMAL)
    fast = await world.open_need(crisis.crisis_id, world.tents("50"), urgency=Urgency.LIFE_SAVING)
    rows = [(need.lines[0].need_line_id, "10") for need in (slow, fast)]
    found = await a_bundle(world, crisis.crisis_id, rows)
    due_at = crisis.timers.answer_by(Urgency.LIFE_SAVING, found.bundle.made_at)
    assert due_at < crisis.timers.answer_by(Urgency.NORMAL, found.bundle.made_at)
    assert [row.clock.due_at for row in found.rows if row.clock] == [due_at, due_at]
    assert len({row.clock.deadline_id for row in found.rows if row.clock}) == 2
    while await worker(world, *ROWS).run_once():
        continue
    assert states(await read(world, found.bundle.bundle_id)) == ["expired", "expired"]
    await books_are_equal(world)


async def test_what_has_no_room_waits_in_line_beside_what_is_proposed(world: World):
    crisis_id, lines = await three_lines(world, "100", "20")
    await world.accept(UUID(body(await world.pledge(crisis_id, lines[1], "20"))["allocation_id"]))
    found = await a_bundle(world, crisis_id, [(lines[0], "40"), (lines[1], "20")])
    assert states(found) == ["proposed", "waitlisted"]
    done = await accepted(world, found.bundle.bundle_id)
    assert [row.state for row in done.skipped] == ["waitlisted"]
    assert states(await read(world, found.bundle.bundle_id)) == ["held", "waitlisted"]
    await books_are_equal(world)


async def test_an_accept_takes_every_row_as_much_as_it_says(world: World):
    crisis_id, lines = await three_lines(world)
    found = await a_bundle(world, crisis_id, [(line, "40") for line in lines])
    first, second, _ = (row.allocation_id for row in found.rows)
    parts = {first: Part("10", Rest.DECLINE), second: Part("20", Rest.WAITLIST)}
    assert (await accepted(world, found.bundle.bundle_id, parts)).skipped == ()
    after = await read(world, found.bundle.bundle_id)
    by_line = {
        line: sorted(
            (row.state.value, int(row.qty)) for row in after.rows if row.need_line_id == line and row.qty
        )
        for line in lines
    }
    assert list(by_line.values()) == [
        [("declined", 30), ("held", 10)],
        [("held", 20), ("waitlisted", 20)],
        [("held", 40)],
    ]
    assert {row.bundle_id for row in after.rows} == {found.bundle.bundle_id}, "pieces stay in it"
    assert after.version == sum(row.version for row in after.rows) > found.version
    await books_are_equal(world)


async def test_one_row_that_cannot_be_taken_leaves_all_as_they_are(world: World):
    crisis_id, lines = await three_lines(world, "100", "100")
    found = await a_bundle(world, crisis_id, [(lines[0], "40"), (lines[1], "80")])
    await world.accept(UUID(body(await world.pledge(crisis_id, lines[1], "50"))["allocation_id"]))
    before = await counts(world)
    with pytest.raises(BundleDoesNotFit) as refused:
        await accepted(world, found.bundle.bundle_id)
    assert refusals_of(refused.value) == [(str(found.rows[1].allocation_id), "gap_exceeded")]
    assert refused.value.facts["rows"][0]["room"] == "50"
    assert await counts(world) == before
    assert states(await read(world, found.bundle.bundle_id)) == ["proposed", "proposed"]


async def test_a_row_of_another_bundle_is_not_taken_with_it(world: World):
    crisis_id, lines = await three_lines(world)
    mine = await a_bundle(world, crisis_id, [(lines[0], "10")])
    other = await a_bundle(world, crisis_id, [(lines[1], "10")])
    stranger = other.rows[0].allocation_id
    with pytest.raises(BundleDoesNotFit) as refused:
        await accepted(world, mine.bundle.bundle_id, {stranger: Part("5", Rest.DECLINE)})
    assert (str(stranger), "not_found") in refusals_of(refused.value)
    assert states(await read(world, other.bundle.bundle_id)) == ["proposed"]


async def test_nobody_accepts_the_own_bundle(world: World):
    crisis_id, lines = await three_lines(world)
    found = await a_bundle(world, crisis_id, [(line, "10") for line in lines])
    with pytest.raises(BundleSettled) as refused:
        await accepted(world, found.bundle.bundle_id, by=world.pledger)
    assert refused.value.facts["states"] == "proposed"
    desk = replace(
        world.pledger,
        grants=(*world.pledger.grants, replace(world.pledger.grants[0], role="secretariat")),
    )
    with pytest.raises(BundleSettled):
        await accepted(world, found.bundle.bundle_id, by=desk)
    assert states(await read(world, found.bundle.bundle_id)) == ["proposed"] * 3


async def test_who_only_asks_may_look_and_not_accept(world: World):
    crisis_id, lines = await three_lines(world)
    found = await a_bundle(world, crisis_id, [(line, "10") for line in lines])
    assert states(await read(world, found.bundle.bundle_id, world.asker)) == ["proposed"] * 3
    for answer in (accepted, declined, withdrawn):
        with pytest.raises(RoleMissing):
            await answer(world, found.bundle.bundle_id, by=world.asker)
    with pytest.raises(NotFound):
        await read(world, found.bundle.bundle_id, caller("pledger"))
    with pytest.raises(NotFound):
        await accepted(world, lines[0])


async def test_a_desk_sees_and_takes_the_rows_of_its_area(world: World):
    found = await here_and_there(world)
    desk = caller("provincial_desk", provinces=frozenset({"31"}))
    assert len((await read(world, found.bundle.bundle_id, desk)).rows) == 1
    await accepted(world, found.bundle.bundle_id, by=desk)
    assert states(await read(world, found.bundle.bundle_id)) == ["held", "proposed"]
    elsewhere = caller("provincial_desk", provinces=frozenset({"01"}))
    with pytest.raises(NotFound):
        await accepted(world, found.bundle.bundle_id, by=elsewhere)


@pytest.mark.parametrize(("answer", "state"), [(accepted, "held"), (declined, "declined")])
async def test_a_desk_that_reads_more_than_it_may_move_answers_its_own_part(
    world: World, answer: Any, state: str
):
    """As an auditor, or as whoever asks for a row elsewhere."""
    for further in (caller("auditor"), world.asker):
        found = await here_and_there(world)
        desk = replace(
            further, grants=(Grant("provincial_desk", provinces=frozenset({"31"})), *further.grants)
        )
        assert len((await read(world, found.bundle.bundle_id, desk)).rows) == 2
        done = await answer(world, found.bundle.bundle_id, by=desk)
        assert states(await read(world, found.bundle.bundle_id)) == [state, "proposed"]
        assert [row.allocation_id for row in done.skipped] == [found.rows[1].allocation_id]
        with pytest.raises(RoleMissing):
            await answer(world, found.bundle.bundle_id, by=desk)
        assert states(await read(world, found.bundle.bundle_id)) == [state, "proposed"]


async def test_a_row_of_another_desk_that_is_named_is_refused(world: World):
    found = await here_and_there(world)
    desk = caller("auditor")
    desk = replace(desk, grants=(Grant("provincial_desk", provinces=frozenset({"31"})), *desk.grants))
    there = found.rows[1].allocation_id
    with pytest.raises(BundleDoesNotFit) as refused:
        await accepted(world, found.bundle.bundle_id, {there: Part("5", Rest.DECLINE)}, by=desk)
    assert refusals_of(refused.value) == [(str(there), "role_missing")]
    assert states(await read(world, found.bundle.bundle_id)) == ["proposed", "proposed"]


async def test_single_rows_go_on_by_themselves_and_the_rest_is_withdrawn_as_one(world: World):
    crisis_id, lines = await three_lines(world)
    found = await a_bundle(world, crisis_id, [(line, "40") for line in lines])
    first, second, _ = (row.allocation_id for row in found.rows)
    await world.decline(first)
    await world.accept(second, "25", Rest.WAITLIST)
    done = await withdrawn(world, found.bundle.bundle_id)
    assert [(row.allocation_id, row.state.value) for row in done.skipped] == [(first, "declined")]
    after = await read(world, found.bundle.bundle_id)
    assert sorted(states(after)) == ["declined", *["withdrawn"] * 3]
    assert await world.value("SELECT sum(held + proposed + waitlisted) FROM need_line_balances") == 0
    assert await world.value("SELECT count(*) FROM allocations WHERE lease_left = 1") == 1, "one was held"
    with pytest.raises(BundleSettled) as refused:
        await withdrawn(world, found.bundle.bundle_id)
    assert refused.value.facts["states"] == "declined, withdrawn"
    logged = await world.rows(
        "SELECT command, before_version, after_version FROM command_log"
        " WHERE subject_type = 'bundle' ORDER BY after_version"
    )
    assert [tuple(row) for row in logged] == [
        ("propose_bundle", 0, 3),
        ("withdraw_bundle", after.version - 3, after.version),
    ]
    await books_are_equal(world)


async def test_goods_that_are_gone_leave_the_offer_too(world: World):
    crisis_id, lines = await three_lines(world)
    found = await a_bundle(world, crisis_id, [(line, "40") for line in lines])
    await accepted(world, found.bundle.bundle_id)
    await withdrawn(world, found.bundle.bundle_id, "stock_gone")
    assert await world.value("SELECT sum(qty) FROM offer_line_balances") == 0
    told = [envelope.type for envelope, _ in await events(world)]
    assert told.count("crisis.offer.revised") == 3
    await books_are_equal(world)


async def test_a_no_to_a_bundle_says_for_each_row_where_else_it_is_missing(world: World):
    crisis_id, lines = await three_lines(world, "100", "100")
    elsewhere = await world.open_need(crisis_id, world.tents("70"))
    found = await a_bundle(world, crisis_id, [(line, "40") for line in lines])
    done = await declined(world, found.bundle.bundle_id)
    assert states(await read(world, found.bundle.bundle_id)) == ["declined", "declined"]
    places = {gap.need_line_id for gaps in done.alternatives.values() for gap in gaps}
    assert (len(done.alternatives), places) == (2, {elsewhere.lines[0].need_line_id})
    said = [payload for envelope, payload in await events(world) if envelope.type.endswith("declined")]
    assert [len(payload.alternatives or ()) for payload in said] == [1, 1]  # type: ignore[union-attr]
    with pytest.raises(BundleSettled):
        await declined(world, found.bundle.bundle_id)
    await books_are_equal(world)


async def test_a_reason_that_is_not_on_the_list_ends_nothing(world: World):
    crisis_id, lines = await three_lines(world)
    found = await a_bundle(world, crisis_id, [(lines[0], "40")])
    for end in (declined, withdrawn):
        with pytest.raises(ReasonUnknown):
            await end(world, found.bundle.bundle_id, "mood")
    assert states(await read(world, found.bundle.bundle_id)) == ["proposed"]


async def test_the_checker_names_what_is_in_the_wrong_bundle(world: World):
    crisis_id, lines = await three_lines(world)
    found = await a_bundle(world, crisis_id, [(line, "40") for line in lines])
    gone = found.rows[0].allocation_id
    await run(
        world, lambda tx: tx.execute("UPDATE allocations SET bundle_id = NULL WHERE allocation_id = $1", gone)
    )
    named = (await check_ledger(world.database))["bundles"]
    assert [(each.subject, each.found) for each in named] == [
        (str(found.bundle.bundle_id), "made with 3 rows, has 2")
    ]
