"""Counters, longer holds and goods asked back, on real rows."""

from datetime import timedelta
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import pytest

from crisis.domain.answers import Rest
from crisis.domain.refusals import (
    AllocationNotInState,
    ExtensionUsed,
    NotFound,
    PlanRequired,
    ReleasePending,
    ReleaseSettled,
    RoleMissing,
    SameParty,
)
from crisis.domain.release_requests import LAPSE
from crisis.usecases.answer_release import AnswerRelease, answer_release
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.release_hold import ReleaseHold, release_hold
from crisis.usecases.request_release import RequestRelease, request_release
from imece_chassis.access.caller import Caller
from imece_contracts.crisis import (
    AllocationCountered,
    AllocationDeclined,
    AllocationHoldExtended,
    AllocationReleased,
    AllocationReleaseRefused,
    AllocationReleaseRequested,
)
from tests.db.crisis.crisis_steps import stood_down
from tests.db.crisis.promoting import promote, silent, the_call
from tests.db.crisis.terms import a_plan, counter, extend, run, state_of, term_worker, the_deadline
from tests.db.crisis.test_one_pledge import body, events, open_line
from tests.db.crisis.world import World, caller

E = TypeVar("E")


async def told(world: World, kind: type[E]) -> list[E]:
    """Every event of one kind, in order."""
    return [data for _, data in await events(world) if isinstance(data, kind)]


async def held_row(world: World, quantity: str = "100", requested: str = "100") -> tuple[UUID, UUID, UUID]:
    """A line and the row that is held for it."""
    crisis_id, line = await open_line(world, requested)
    row = UUID(body(await world.pledge(crisis_id, line, quantity))["allocation_id"])
    return crisis_id, line, (await world.accept(row)).rows[0].allocation_id


async def ask(world: World, allocation: UUID, by: Caller | None = None):
    command = RequestRelease(allocation, "no_movement")
    return await run(world, lambda tx: request_release(tx, command, by or world.secretariat, world.tools))


async def reply(
    world: World, request: UUID, by: Caller | None = None, *, agrees: bool, planned: bool = False
):
    command = AnswerRelease(request, agrees, a_plan(world) if planned else None)
    return await run(world, lambda tx: answer_release(tx, command, by or world.pledger, world.tools))


async def test_terms_go_to_and_fro_and_the_other_side_takes_them(world: World):
    crisis_id, line = await open_line(world)
    row = UUID(body(await world.pledge(crisis_id, line, "200"))["allocation_id"])
    offered = (await counter(world, row, world.secretariat, quantity="150")).rows
    assert [(piece.state, int(piece.qty)) for piece in offered] == [("countered", 150), ("declined", 50)]
    with pytest.raises(RoleMissing):
        await world.accept(offered[0].allocation_id)
    back = await counter(world, offered[0].allocation_id, world.pledger, plan=a_plan(world, 20))
    assert (back.rows[0].awaiting, back.rows[0].round) == ("asker_side", 2)
    moved = await world.accept(back.rows[0].allocation_id)
    assert (moved.rows[0].state, moved.balance.held, moved.balance.proposed) == ("held", 150, 0)
    first, second = await told(world, AllocationCountered)
    assert (first.round, first.awaiting, first.rest, first.rest_state) == (1, "pledger", 50, "declined")
    assert (second.round, second.leaves_at) == (2, a_plan(world, 20).leaves_at)
    assert (first.line.P, second.line.P) == (150, 150)
    assert not any((await check_ledger(world.database)).values())


async def test_a_counter_nobody_answers_expires_and_frees_its_supply(world: World):
    crisis_id, line = await open_line(world)
    row = UUID(body(await world.pledge(crisis_id, line, "200"))["allocation_id"])
    await counter(world, row, world.secretariat, plan=a_plan(world))
    assert await silent(world, row)
    assert await state_of(world, row) == "expired"
    assert await world.value("SELECT reserved FROM offer_line_balances") == 0


async def test_a_declined_pledger_is_shown_the_nearest_gaps(world: World):
    crisis_id, line = await open_line(world)
    others = [(await world.open_need(crisis_id, world.tents(str(size)))).lines[0] for size in (40, 60)]
    row = UUID(body(await world.pledge(crisis_id, line, "200"))["allocation_id"])
    moved = await world.decline(row)
    assert moved.alternatives is not None
    assert {gap.need_line_id: int(gap.room) for gap in moved.alternatives} == {
        others[0].need_line_id: 40,
        others[1].need_line_id: 60,
    }
    (said,) = await told(world, AllocationDeclined)
    assert {gap.need_line for gap in said.alternatives or ()} == {other.need_line_id for other in others}


async def test_a_hold_lasts_longer_on_a_plan_and_its_old_clock_is_still(world: World):
    _, _, row = await held_row(world)
    before = await world.value("SELECT deadline_id FROM allocations WHERE allocation_id = $1", row)
    moved = await extend(world, row)
    assert moved.rows[0].clock is not None
    assert moved.rows[0].clock.due_at == world.clock.now() + timedelta(hours=48)
    assert await world.value("SELECT state FROM deadlines WHERE deadline_id = $1", before) == "cancelled"
    with pytest.raises(ExtensionUsed):
        await extend(world, row)
    await extend(world, row, by=world.secretariat)
    with pytest.raises(NotFound):
        await extend(world, row, by=caller("pledger"))
    first, second = await told(world, AllocationHoldExtended)
    assert (first.by, second.by) == ("pledger", "desk")
    assert first.lease_until == world.clock.now() + timedelta(hours=48)
    assert not any((await check_ledger(world.database)).values())


async def test_a24_silence_releases_and_who_asked_is_called_first(world: World):
    crisis_id, line, row = await held_row(world)
    early, asking = caller("pledger"), caller("pledger")
    for who in (early, asking):
        assert body(await world.pledge(crisis_id, line, "100", who))["state"] == "waitlisted"
    request = (await ask(world, row, by=asking)).request
    assert request.answer_by == world.clock.now() + timedelta(hours=36)
    assert (await the_deadline(world, LAPSE)).due_at == request.answer_by
    assert await term_worker(world).run_once() == 1
    assert await state_of(world, row) == "released"
    assert await world.value("SELECT state FROM release_requests") == "lapsed"
    assert await promote(world, line) == 1
    call = await the_call(world, line)
    called = await world.value("SELECT pledger_org_id FROM allocations WHERE allocation_id = $1", call)
    assert called == asking.organisation_id
    (asked,), (gone,) = await told(world, AllocationReleaseRequested), await told(world, AllocationReleased)
    assert (asked.asked_by, asked.asked_by_org) == ("pledger", asking.organisation_id)
    assert (gone.reason, gone.line.H, gone.line.gap) == ("no_answer", 0, 100)
    assert not any((await check_ledger(world.database)).values())


async def test_a_holder_keeps_the_goods_only_with_a_plan(world: World):
    _, _, row = await held_row(world)
    request = (await ask(world, row)).request.request_id
    with pytest.raises(ReleasePending):
        await ask(world, row)
    with pytest.raises(PlanRequired):
        await reply(world, request, agrees=False)
    with pytest.raises(RoleMissing):
        await reply(world, request, world.secretariat, agrees=True)
    moved = await reply(world, request, agrees=False, planned=True)
    assert (moved.rows[0].state, moved.balance.held) == ("held", 100)
    with pytest.raises(ReleaseSettled):
        await reply(world, request, agrees=True)
    (said,) = await told(world, AllocationReleaseRefused)
    assert said.leaves_at == a_plan(world).leaves_at
    again = (await ask(world, row)).request.request_id
    moved = await reply(world, again, agrees=True)
    assert (moved.rows[0].state, moved.rows[0].reason) == ("released", "holder_agreed")
    assert not any((await check_ledger(world.database)).values())


async def test_goods_that_moved_on_make_a_request_void(world: World):
    _, _, row = await held_row(world)
    request = (await ask(world, row)).request.request_id
    await world.withdraw(row)
    with pytest.raises(AllocationNotInState):
        await reply(world, request, agrees=True)
    assert await term_worker(world).run_once() == 1
    assert await world.value("SELECT state FROM release_requests") == "void"


async def test_strangers_do_not_ask_and_the_holder_does_not_ask_itself(world: World):
    world.pledger = caller("pledger", "secretariat")
    _, _, row = await held_row(world)
    with pytest.raises(NotFound):
        await ask(world, row, by=caller("pledger"))
    with pytest.raises(SameParty):
        await ask(world, row, by=world.pledger)


async def test_a_desk_gives_a_hold_back_and_the_gap_is_open_again(world: World):
    crisis_id, _, row = await held_row(world)
    await stood_down(world, crisis_id)
    command = ReleaseHold(row, "crisis_stood_down")
    with pytest.raises(RoleMissing):
        await run(world, lambda tx: release_hold(tx, command, world.pledger, world.tools))
    moved = await run(world, lambda tx: release_hold(tx, command, world.secretariat, world.tools))
    assert (moved.rows[0].state, moved.balance.gap) == ("released", 100)


async def test_a_desk_of_the_holders_own_organisation_hands_over(world: World):
    crisis_id, line = await open_line(world)
    both = caller("secretariat", "pledger")
    row = UUID(body(await world.pledge(crisis_id, line, "10", by=both))["allocation_id"])
    await world.accept(row)
    with pytest.raises(SameParty):
        await run(world, lambda tx: release_hold(tx, ReleaseHold(row, "objection"), both, world.tools))


async def test_a3_promised_is_not_covered_and_a_withdrawn_hold_is_missing_in_the_same_moment(world: World):
    crisis_id, line = await open_line(world, "700")
    held = UUID(body(await world.pledge(crisis_id, line, "200"))["allocation_id"])
    await world.accept(held)
    answered = body(await world.pledge(crisis_id, line, "800"))
    vector = answered["line"]
    assert (vector["R"], vector["P"], vector["gap"]) == ("700", "800", "500")  # type: ignore[index]
    moved = await world.withdraw(held)
    assert (moved.balance.gap, moved.balance.proposed, moved.balance.held) == (700, 800, 0)


async def test_a4_a_row_keeps_the_pack_it_was_pledged_in(world: World):
    crisis = await world.open_crisis()
    water = world.tents("2000", item_code="WSH-WATER-15")
    line = (await world.open_need(crisis.crisis_id, water)).lines[0].need_line_id
    row = UUID(body(await world.pledge(crisis.crisis_id, line, "40", unit="koli"))["allocation_id"])
    moved = await world.accept(row, "100", Rest.DECLINE)
    for piece in (*moved.rows, row):
        allocation = piece if isinstance(piece, UUID) else piece.allocation_id
        pack = await world.value("SELECT pack_snapshot FROM allocations WHERE allocation_id = $1", allocation)
        assert '"factor": "6"' in pack and '"count": "40"' in pack
    assert moved.rows[0].root_supply_qty == Decimal(240)
    with pytest.raises(Exception, match="pack_exact"):
        await run(
            world,
            lambda tx: tx.execute(
                'UPDATE allocations SET pack_snapshot = pack_snapshot || \'{"factor": "5"}\''
            ),
        )
