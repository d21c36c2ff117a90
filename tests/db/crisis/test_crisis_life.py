"""An open crisis: its opening, level, area, settings and review, with guard, event and clock."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from crisis.domain.crises import CrisisTimer
from crisis.domain.refusals import RoleMissing
from crisis.domain.tasks import Seat, TaskKind
from crisis.store import crises
from crisis.usecases.change_settings import ChangeSettings, change_settings
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.declare_crisis import ChangeArea, ChangeLevel, Declaration, change_area, change_level
from crisis.usecases.open_crisis import OpenCrisis, OpenProposal, open_crisis, open_proposal
from imece_chassis.ids import uuid7
from tests.db.crisis.at_the_desk import a_desk, a_report, about, clocks, run
from tests.db.crisis.crisis_steps import types_about
from tests.db.crisis.telling_desks import tell_desks
from tests.db.crisis.test_one_pledge import open_line
from tests.db.crisis.world import HATAY, World, caller

BY_AFAD = Declaration("afad", "AFAD-2026/3")


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


async def test_a40_opening_twice_makes_one_crisis_and_one_event(world: World):
    chosen = uuid7()
    wanted = OpenCrisis({"tr": "Deneme"}, "earthquake", (HATAY,), "red", crisis_id=chosen)
    first, second = await asyncio.gather(*(run(world, open_crisis, wanted) for _ in range(2)))
    assert first.crisis_no == second.crisis_no == "KRZ-2026-0001"
    assert await world.value("SELECT count(*) FROM crises") == 1
    assert await types_about(world, chosen) == ["opened"]
    assert (await world.open_crisis()).crisis_no == "KRZ-2026-0002"


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


async def test_nothing_is_left_without_a_clock_by_any_step(world: World):
    await tell_desks(world)
    assert [finding for found in (await check_ledger(world.database)).values() for finding in found] == []
