"""From a report to an open or dismissed crisis: every step with its guard, its event and its clock."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from crisis.domain.crises import CrisisState, CrisisTimer
from crisis.domain.hazards import Position
from crisis.domain.refusals import CrisisNotInState, CrisisNotOpen, NotFound, ReasonUnknown, RoleMissing
from crisis.domain.tasks import Seat, TaskKind, TaskState
from crisis.usecases.dismiss_crisis import DismissCrisis, dismiss_crisis
from crisis.usecases.open_crisis import OpenProposal, open_proposal
from crisis.usecases.propose_crisis import Heard
from crisis.usecases.tasks import OVERDUE
from imece_chassis.ids import uuid7
from tests.db.crisis.at_the_desk import QUAKE, a_desk, a_report, about, clocks, run
from tests.db.crisis.crisis_steps import now_of, types_about
from tests.db.crisis.world import HATAY, World, caller


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


@pytest.mark.parametrize("role", ["asker", "pledger", "field_reporter", "verifier", "provincial_desk"])
async def test_c1_any_member_may_report_and_auditors_may_not(world: World, role: str):
    await a_report(world, "member", "1", by=caller(role))
    with pytest.raises(RoleMissing):
        await a_report(world, "member", "2", by=caller("auditor"))


async def test_c3_that_nobody_decided_only_the_clock_says(world: World):
    proposal, _ = await a_report(world)
    with pytest.raises(ReasonUnknown):
        await run(world, dismiss_crisis, DismissCrisis(proposal.crisis_id, "no_decision"))


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
