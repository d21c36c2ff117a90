"""From a report to a closed crisis: every step with its guard and its event, every clock with its effect."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from crisis.domain.crises import CrisisFacts, CrisisState, CrisisTimer
from crisis.domain.hazards import Position
from crisis.domain.refusals import (
    CrisisNotEmpty,
    CrisisNotInState,
    CrisisNotOpen,
    NotFound,
    ReasonUnknown,
    ReopeningTooLate,
    RoleMissing,
)
from crisis.domain.tasks import Seat, TaskKind, TaskState
from crisis.store import crises
from crisis.usecases.change_settings import ChangeSettings, change_settings
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.close_crisis import ReopenCrisis, ask_to_reopen, close_crisis
from crisis.usecases.declare_crisis import ChangeArea, ChangeLevel, Declaration, change_area, change_level
from crisis.usecases.dismiss_crisis import DismissCrisis, dismiss_crisis
from crisis.usecases.open_crisis import OpenCrisis, OpenProposal, open_crisis, open_proposal
from crisis.usecases.propose_crisis import Heard
from crisis.usecases.settle_two_keys import confirm_two_keys
from crisis.usecases.stand_down import HOLDS, Reactivate, StandDown, reactivate, stand_down
from crisis.usecases.tasks import OVERDUE
from imece_chassis.ids import uuid7
from tests.db.crisis.at_the_desk import QUAKE, a_desk, a_report, about, clocks, run
from tests.db.crisis.telling_desks import tell_desks
from tests.db.crisis.test_one_pledge import body, events, open_line
from tests.db.crisis.world import HATAY, World, caller

BY_AFAD = Declaration("afad", "AFAD-2026/3")


async def types_about(world: World, crisis_id: UUID) -> list[str]:
    return [
        envelope.type.removeprefix("crisis.crisis.")
        for envelope, _ in await events(world)
        if envelope.key == str(crisis_id) and envelope.topic == "crisis.crises.v1"
    ]


async def now_of(world: World, crisis_id: UUID) -> CrisisFacts:
    found = await world.database.unit_of_work(lambda tx: crises.lock(tx, crisis_id))
    assert found is not None
    return found


async def stood_down(world: World, crisis_id: UUID) -> CrisisFacts:
    return await run(world, stand_down, StandDown(crisis_id, "response_complete"))


async def test_no_personal_data_reaches_a_title_or_its_events(world: World):
    await a_desk(world)
    said = {"tr": "Deprem Hatay, ara 0532 111 22 33"}
    proposal, _ = await a_report(world, "afad", "641852", title=said)
    await run(world, open_proposal, OpenProposal(proposal.crisis_id))
    other, _ = await a_report(world, "afad", "641853", hazard="flood")
    await run(
        world, open_proposal, OpenProposal(other.crisis_id, title={**said, "en": "Call 0532 111 22 33"})
    )
    await world.open_crisis(title=said)
    titles = await world.rows("SELECT title::text FROM crises")
    assert len(titles) == 3
    assert not [row for row in titles if "0532" in row["title"]]
    assert not await world.value(
        "SELECT count(*) FROM outbox WHERE position(convert_to('0532', 'UTF8') IN payload) > 0"
    )


async def test_a39_two_feeds_of_one_quake_make_one_proposal_and_the_deputy_is_called(world: World):
    await a_desk(world)
    first, heard = await a_report(world, "afad", "641852")
    assert (heard, first.state) == (Heard.PROPOSED, CrisisState.PROPOSED)
    same, attached = await a_report(
        world,
        "usgs",
        "us6000jllz",
        observed_at=world.clock.now() + timedelta(seconds=40),
        magnitude=Decimal("7.1"),
        position=Position(QUAKE.lat + 0.5, QUAKE.lon),
    )
    assert (attached, same.crisis_id) == (Heard.ATTACHED, first.crisis_id)
    assert await world.value("SELECT count(*) FROM crises") == 1
    assert await world.value("SELECT count(*) FROM hazard_reports WHERE crisis_id = $1", first.crisis_id) == 2
    (task,) = await about(world, first.crisis_id)
    assert (task.kind, task.post.seat) == (TaskKind.DECIDE_CRISIS, Seat.PRIMARY)
    assert task.due_at == world.clock.now() + timedelta(minutes=15)
    world.clock.advance(timedelta(minutes=15))
    await clocks(world, OVERDUE)
    (called,) = await about(world, first.crisis_id)
    assert called.post.seat is Seat.DEPUTY
    due = await world.value("SELECT due_at FROM deadlines WHERE deadline_id = $1", called.deadline_id)
    assert due == world.clock.now() + timedelta(minutes=15)
    await clocks(world, OVERDUE)
    assert (await about(world, first.crisis_id))[0].post.seat is Seat.OFFICER


async def test_a40_opening_twice_makes_one_crisis_and_one_event(world: World):
    chosen = uuid7()
    wanted = OpenCrisis({"tr": "Deneme"}, "earthquake", (HATAY,), "red", crisis_id=chosen)
    first, second = await asyncio.gather(*(run(world, open_crisis, wanted) for _ in range(2)))
    assert first.crisis_no == second.crisis_no == "KRZ-2026-0001"
    assert await world.value("SELECT count(*) FROM crises") == 1
    assert await types_about(world, chosen) == ["opened"]
    assert (await world.open_crisis()).crisis_no == "KRZ-2026-0002"


async def test_c1_a_known_message_changes_nothing_and_reports_race_to_one_proposal(world: World):
    first, _ = await a_report(world)
    again, heard = await a_report(world, alert="yellow", area=("TUR006",))
    assert (again.crisis_id, heard) == (first.crisis_id, Heard.KNOWN)
    flood = {"hazard": "flood", "magnitude": None, "position": None}
    told = await asyncio.gather(*(a_report(world, "feed", str(number), **flood) for number in range(6)))
    assert len({crisis.crisis_id for crisis, _ in told}) == 1
    assert sorted(heard for _, heard in told) == [*[Heard.ATTACHED] * 5, Heard.PROPOSED]
    assert await world.value("SELECT count(*) FROM hazard_reports") == 7


async def test_c1_another_event_is_another_proposal(world: World):
    first, _ = await a_report(world)
    later, heard = await a_report(
        world, external_id="2", observed_at=world.clock.now() + timedelta(minutes=9)
    )
    assert (heard, later.crisis_id == first.crisis_id) == (Heard.PROPOSED, False)
    assert (later.crisis_no, later.opened_at) == (None, None)


async def test_c1_a_graver_report_hurries_the_decision_and_never_touches_an_open_crisis(world: World):
    orange, _ = await a_report(world, alert="orange")
    (slow,) = await about(world, orange.crisis_id)
    assert slow.due_at == world.clock.now() + timedelta(minutes=60)
    red, _ = await a_report(world, external_id="2", alert="red")
    ended, quick = await about(world, orange.crisis_id)
    assert (ended.state, quick.due_at) == (TaskState.DONE, world.clock.now() + timedelta(minutes=15))
    assert (red.severity, await types_about(world, red.crisis_id)) == ("red", ["proposed", "level_changed"])
    opened = await run(world, open_proposal, OpenProposal(red.crisis_id, severity="yellow"))
    same, heard = await a_report(world, external_id="3")
    assert (heard, same.severity, same.version) == (Heard.ATTACHED, "yellow", opened.version)


async def test_c1_any_member_may_report_and_auditors_may_not(world: World):
    await a_report(world, "member", "1", by=caller("asker"))
    with pytest.raises(RoleMissing):
        await a_report(world, "member", "2", by=caller("auditor"))


async def test_c1_a_proposal_nobody_decides_is_dismissed_after_three_days(world: World):
    proposal, _ = await a_report(world)
    due = await world.value("SELECT due_at FROM deadlines WHERE deadline_id = $1", proposal.deadline_id)
    assert due == world.clock.now() + timedelta(hours=72)
    assert await clocks(world, CrisisTimer.NO_DECISION) == 1
    after = await now_of(world, proposal.crisis_id)
    assert (after.state, after.reason) == (CrisisState.DISMISSED, "no_decision")
    assert [task.state for task in await about(world, proposal.crisis_id)] == [TaskState.DONE]
    assert await types_about(world, proposal.crisis_id) == ["proposed", "dismissed"]
    assert await clocks(world) == 0


async def test_c2_a_person_opens_a_proposal_and_knows_better(world: World):
    proposal, _ = await a_report(world)
    for stranger in (caller("provincial_desk"), caller("asker")):
        with pytest.raises(RoleMissing):
            await run(world, open_proposal, OpenProposal(proposal.crisis_id), stranger)
    better = OpenProposal(
        proposal.crisis_id, title={"tr": "Hatay depremi"}, area=(HATAY, "TUR046"), level="S3"
    )
    opened = await run(world, open_proposal, better)
    assert (opened.state, opened.crisis_no, opened.level) == (CrisisState.OPEN, "KRZ-2026-0001", "S3")
    assert opened.area == (HATAY, "TUR046")
    assert [task.outcome for task in await about(world, proposal.crisis_id)] == ["opened"]
    assert (await run(world, open_proposal, better)).version == opened.version
    assert await types_about(world, proposal.crisis_id) == ["proposed", "opened"]
    await world.submit(opened.crisis_id)
    with pytest.raises(NotFound):
        await run(world, open_proposal, OpenProposal(uuid7()))


async def test_c2_a_crisis_under_a_proposals_id_opens_that_proposal(world: World):
    proposal, _ = await a_report(world)
    opened = await world.open_crisis(crisis_id=proposal.crisis_id)
    assert (opened.crisis_id, opened.version) == (proposal.crisis_id, 2)
    assert await world.value("SELECT count(*) FROM crises") == 1


async def test_c2_a_proposal_takes_no_needs(world: World):
    proposal, _ = await a_report(world)
    with pytest.raises(CrisisNotOpen):
        await world.submit(proposal.crisis_id)


async def test_c2_a_week_without_review_is_a_task_of_the_secretariat_again_and_again(world: World):
    crisis = await world.open_crisis()
    for _ in range(2):
        assert await clocks(world, CrisisTimer.REVIEW) == 1
    (task,) = await about(world, crisis.crisis_id)
    assert (task.kind, task.post.seat) == (TaskKind.LEVEL_REVIEW, Seat.OFFICER)
    reviewed = await run(world, change_level, ChangeLevel(crisis.crisis_id, None, None, BY_AFAD))
    assert [task.outcome for task in await about(world, crisis.crisis_id)] == ["reviewed"]
    due = await world.value("SELECT due_at FROM deadlines WHERE deadline_id = $1", reviewed.deadline_id)
    assert due == world.clock.now() + timedelta(days=7)


async def test_c3_a_proposal_is_dismissed_by_the_secretariat_with_a_reason(world: World):
    proposal, _ = await a_report(world)
    with pytest.raises(ReasonUnknown):
        await run(world, dismiss_crisis, DismissCrisis(proposal.crisis_id, "boring"))
    wanted = DismissCrisis(proposal.crisis_id, "false_alarm")
    with pytest.raises(RoleMissing):
        await run(world, dismiss_crisis, wanted, caller("provincial_desk"))
    after = await run(world, dismiss_crisis, wanted)
    assert (after.state, after.deadline_id) == (CrisisState.DISMISSED, None)
    with pytest.raises(CrisisNotInState):
        await run(world, open_proposal, OpenProposal(proposal.crisis_id))
    assert await clocks(world) == 0


async def test_c4_level_area_and_support_are_declared_and_remembered(world: World):
    crisis = await world.open_crisis(level="S2")
    await run(world, change_level, ChangeLevel(crisis.crisis_id, "S4", "orange", BY_AFAD))
    wider = ChangeArea(crisis.crisis_id, (HATAY, "TUR046"), None, BY_AFAD)
    await run(world, change_area, wider)
    supported = ChangeArea(crisis.crisis_id, None, ("TUR006",), BY_AFAD)
    after = await run(world, change_area, supported)
    assert (after.level, after.severity, after.area) == ("S4", "orange", (HATAY, "TUR046"))
    assert (after.supporting_provinces, after.version) == (("TUR006",), 4)
    levels = await world.database.snapshot(lambda tx: crises.levels(tx, crisis.crisis_id))
    assert [(row["version"], row["level"], row["declared_by"]) for row in levels] == [
        (1, "S2", "secretariat"),
        (2, "S4", "afad"),
    ]
    assert await types_about(world, crisis.crisis_id) == [
        "opened",
        "level_changed",
        "area_changed",
        "area_changed",
    ]
    for wanted, command in (
        (ChangeLevel(crisis.crisis_id, "S1", None, BY_AFAD), change_level),
        (wider, change_area),
    ):
        with pytest.raises(RoleMissing):
            await run(world, command, wanted, caller("provincial_desk"))


async def test_settings_get_a_new_version_and_new_clocks_follow_it(world: World):
    crisis_id, line = await open_line(world)
    members: dict[str, Any] = {"answer_minutes": {"urgent": 90}, "auto_accept": ["barinma"]}
    after = await run(world, change_settings, ChangeSettings(crisis_id, members))
    assert (after.timers.version, after.settings.auto_accept) == (2, ("barinma",))
    await world.pledge(crisis_id, line, "10")
    due = await world.value("SELECT due_at FROM deadlines WHERE kind = 'allocation.answer'")
    assert due == world.clock.now() + timedelta(minutes=90)
    assert (await types_about(world, crisis_id))[-1] == "settings_changed"
    with pytest.raises(RoleMissing):
        await run(world, change_settings, ChangeSettings(crisis_id, members), caller("provincial_desk"))


async def test_c5_no_new_needs_answers_within_a_day_and_what_waits_ends_with_the_wind_down(world: World):
    slow = {"life_saving": 60, "urgent": 60 * 72, "normal": 60 * 72}
    crisis = await world.open_crisis()
    await run(world, change_settings, ChangeSettings(crisis.crisis_id, {"answer_minutes": slow}))
    later = world.clock.now() + timedelta(days=20)
    need = await world.open_need(crisis.crisis_id, world.tents("10", needed_by=later))
    line = need.lines[0].need_line_id
    held = UUID(body(await world.pledge(crisis.crisis_id, line, "4"))["allocation_id"])
    await world.accept(held)
    await world.pledge(crisis.crisis_id, line, "5")
    full = UUID(body(await world.pledge(crisis.crisis_id, line, "6"))["allocation_id"])
    await world.accept(full)
    await world.pledge(crisis.crisis_id, line, "3")
    await stood_down(world, crisis.crisis_id)
    due = {
        row["kind"]: row["due_at"] - world.clock.now()
        for row in await world.rows(
            "SELECT deadlines.kind, due_at FROM deadlines JOIN allocations USING (deadline_id)"
            " WHERE deadlines.kind IN ('allocation.answer', 'allocation.waiting')"
        )
    }
    assert due == {"allocation.answer": timedelta(hours=24), "allocation.waiting": timedelta(days=7)}
    with pytest.raises(CrisisNotOpen):
        await world.submit(crisis.crisis_id)
    again = await run(world, reactivate, Reactivate(crisis.crisis_id, "new_needs"))
    assert (again.state, again.stood_down_at) == (CrisisState.OPEN, None)
    waiting = await world.value("SELECT due_at FROM deadlines WHERE kind = 'allocation.waiting'")
    assert waiting == later
    await world.submit(crisis.crisis_id)


async def test_c5_what_is_held_is_decided_one_by_one(world: World):
    crisis_id, line = await open_line(world)
    held = [UUID(body(await world.pledge(crisis_id, line, "4"))["allocation_id"]) for _ in range(3)]
    for allocation in held:
        await world.accept(allocation)
    await stood_down(world, crisis_id)
    assert await clocks(world, HOLDS) == 1
    tasks = [task for allocation in held for task in await about(world, allocation)]
    assert [task.kind for task in tasks] == [TaskKind.DECIDE_HOLD] * 3
    assert await clocks(world, HOLDS) == 0
    await world.withdraw(held[0])
    await clocks(world, OVERDUE)
    states = [(await about(world, allocation))[0].state for allocation in held]
    assert states == [TaskState.DONE, TaskState.OVERDUE, TaskState.OVERDUE]
    await run(world, reactivate, Reactivate(crisis_id, "new_needs"))
    await clocks(world, OVERDUE)
    assert (await about(world, held[1]))[0].outcome == "settled"
    world.clock.advance(timedelta(days=2))
    await stood_down(world, crisis_id)
    await clocks(world, HOLDS)
    assert len(await about(world, held[2])) == 2


async def test_c5_a_wind_down_is_asked_for_daily_from_the_fifth_day_and_never_closes_by_itself(world: World):
    crisis = await world.open_crisis()
    after = await stood_down(world, crisis.crisis_id)
    due = await world.value("SELECT due_at FROM deadlines WHERE deadline_id = $1", after.deadline_id)
    assert due == world.clock.now() + timedelta(days=5)
    seats: list[Seat] = []
    world.clock.advance(timedelta(days=5))
    for _ in range(4):
        assert await clocks(world, CrisisTimer.WIND_DOWN) == 1
        (task,) = await about(world, crisis.crisis_id)
        seats.append(task.post.seat)
        world.clock.advance(timedelta(days=1))
        await clocks(world, OVERDUE)
    assert task.kind is TaskKind.WIND_DOWN
    assert (await about(world, crisis.crisis_id))[0].escalations == 4
    assert set(seats) == {Seat.OFFICER}
    assert (await now_of(world, crisis.crisis_id)).state is CrisisState.STOOD_DOWN
    with pytest.raises(CrisisNotInState):
        await stood_down(world, crisis.crisis_id)


async def test_c6_reactivating_settles_the_wind_down(world: World):
    crisis = await world.open_crisis()
    with pytest.raises(CrisisNotInState):
        await run(world, reactivate, Reactivate(crisis.crisis_id, "new_needs"))
    await stood_down(world, crisis.crisis_id)
    await clocks(world, CrisisTimer.WIND_DOWN)
    await run(world, reactivate, Reactivate(crisis.crisis_id, "new_needs"))
    assert [task.outcome for task in await about(world, crisis.crisis_id)] == ["reactivated"]
    assert await types_about(world, crisis.crisis_id) == ["opened", "stood_down", "reactivated"]


async def test_a29_closing_is_refused_with_the_rows_that_still_wait(world: World):
    crisis_id, line = await open_line(world, "10")
    held = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    await world.accept(held)
    waiting = UUID(body(await world.pledge(crisis_id, line, "5"))["allocation_id"])
    with pytest.raises(CrisisNotInState):
        await run(world, close_crisis, crisis_id)
    await stood_down(world, crisis_id)
    with pytest.raises(CrisisNotEmpty) as refused:
        await run(world, close_crisis, crisis_id)
    rows = refused.value.facts["rows"]
    need = await world.value("SELECT need_id FROM needs")
    assert rows == [f"need/{need} open", f"allocation/{held} held", f"allocation/{waiting} waitlisted"]
    assert refused.value.facts["count"] == "3"


async def test_c7_an_empty_crisis_closes_and_nothing_of_it_waits(world: World):
    crisis = await world.open_crisis()
    await stood_down(world, crisis.crisis_id)
    await clocks(world, CrisisTimer.WIND_DOWN)
    with pytest.raises(RoleMissing):
        await run(world, close_crisis, crisis.crisis_id, caller("provincial_desk"))
    after = await run(world, close_crisis, crisis.crisis_id)
    assert (after.state, after.closed_at) == (CrisisState.CLOSED, world.clock.now())
    assert await clocks(world, OVERDUE, CrisisTimer.WIND_DOWN, CrisisTimer.REVIEW) == 0
    assert (await types_about(world, crisis.crisis_id))[-1] == "closed"


async def test_c8_a_closed_crisis_is_reopened_by_two_keys_within_thirty_days(world: World):
    crisis = await world.open_crisis()
    wanted = ReopenCrisis(crisis.crisis_id, "new_event")
    with pytest.raises(CrisisNotInState):
        await run(world, ask_to_reopen, wanted)
    await stood_down(world, crisis.crisis_id)
    await run(world, close_crisis, crisis.crisis_id)
    two_key_id = await run(world, ask_to_reopen, wanted)
    assert (await now_of(world, crisis.crisis_id)).state is CrisisState.CLOSED
    second = replace(world.secretariat, key_id=uuid7())
    await run(world, confirm_two_keys, two_key_id, second)
    after = await now_of(world, crisis.crisis_id)
    assert (after.state, after.closed_at, after.reason) == (CrisisState.OPEN, None, "new_event")
    assert (await types_about(world, crisis.crisis_id))[-1] == "reopened"
    await stood_down(world, crisis.crisis_id)
    await run(world, close_crisis, crisis.crisis_id)
    world.clock.advance(timedelta(days=31))
    with pytest.raises(ReopeningTooLate):
        await run(world, ask_to_reopen, wanted)


async def test_c5_a_need_is_stated_before_the_stand_down_or_refused(world: World):
    crisis = await world.open_crisis()
    outcomes = await asyncio.gather(
        *(world.submit(crisis.crisis_id) for _ in range(4)),
        stood_down(world, crisis.crisis_id),
        *(world.submit(crisis.crisis_id) for _ in range(4)),
        return_exceptions=True,
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, CrisisNotOpen)]
    stated = await world.value("SELECT count(*) FROM needs")
    assert len(refused) + stated == 8
    assert isinstance(outcomes[4], CrisisFacts)


async def test_nothing_is_left_without_a_clock_by_any_step(world: World):
    await tell_desks(world)
    assert [finding for found in (await check_ledger(world.database)).values() for finding in found] == []
