"""Needs stated again: from a template by hand, and by the clock every few days, until it ends."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from crisis.consumers.timers import effects
from crisis.domain.needs import Need
from crisis.domain.refusals import NotFound, RecurringEnded, RoleMissing, TemplateRetired, UntilPast
from crisis.domain.templates import Recurring, RecurringState, Template
from crisis.store import organisations
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.recurring_needs import RepeatNeed, repeat_need, stop_repeating
from crisis.usecases.templates import (
    KeepTemplate,
    StateTemplate,
    keep_template,
    own_templates,
    retire_template,
    state_template,
)
from imece_chassis.access.caller import Caller
from imece_chassis.deadlines import DeadlineWorker
from tests.db.crisis.world import World, caller


async def keep(world: World, need: Need, by: Caller | None = None) -> Template:
    command = KeepTemplate(need.need_id, "Haftalık çadır, 0532 123 45 67", 48)
    return await world.database.unit_of_work(
        lambda tx: keep_template(tx, command, by or world.asker, world.tools)
    )


async def repeat(world: World, crisis_id: UUID, template: Template, days: int, **changes: Any) -> Recurring:
    until = world.clock.now() + timedelta(days=days)
    command = RepeatNeed(crisis_id, template.template_id, 3, until, **changes)
    return await world.database.unit_of_work(lambda tx: repeat_need(tx, command, world.asker, world.tools))


async def tick(world: World) -> int:
    """What is due of recurring needs, once; the clock of the world stands in the past."""
    due = effects(world.database, world.tools)
    return await DeadlineWorker(world.database, {"need.recur": due["need.recur"]}).run_once()


async def first_need(world: World) -> tuple[UUID, Need, Template]:
    crisis = await world.open_crisis()
    need = await world.submit(crisis.crisis_id, world.tents("40", unit="palet", min_useful_quantity="5"))
    return crisis.crisis_id, need, await keep(world, need)


async def test_a_template_states_the_same_again_with_new_lines_and_times(world: World):
    crisis_id, need, template = await first_need(world)
    assert template.title == "Haftalık çadır, •••"
    world.clock.advance(timedelta(days=10))
    again = await world.database.unit_of_work(
        lambda tx: state_template(
            tx, StateTemplate(crisis_id, template.template_id), world.asker, world.tools
        )
    )
    (before,), (after,) = need.lines, again.lines
    assert (after.item_code, after.requested, after.pack, after.min_useful) == (
        before.item_code, before.requested, before.pack, before.min_useful,
    )  # fmt: skip
    assert after.need_line_id != before.need_line_id
    assert after.needed_by == world.clock.now() + timedelta(hours=48)
    draft = await world.database.unit_of_work(
        lambda tx: state_template(
            tx,
            StateTemplate(crisis_id, template.template_id, "TUR031009", is_draft=True),
            world.asker,
            world.tools,
        )
    )
    assert (draft.state, draft.district, draft.lines) == ("draft", "TUR031009", ())


async def test_templates_are_their_organisations_own(world: World):
    crisis_id, need, template = await first_need(world)
    stranger = caller("asker")
    with pytest.raises(RoleMissing):
        await keep(world, need, stranger)
    with pytest.raises(NotFound):
        await world.database.unit_of_work(
            lambda tx: retire_template(tx, template.template_id, stranger, world.tools)
        )

    async def own(by: Caller) -> list[UUID]:
        found = await world.database.snapshot(lambda tx: own_templates(tx, by, None, 10))
        return [each.template_id for each in found]

    assert (await own(world.asker), await own(stranger)) == ([template.template_id], [])
    await world.database.unit_of_work(
        lambda tx: retire_template(tx, template.template_id, world.asker, world.tools)
    )
    assert await own(world.asker) == []
    with pytest.raises(TemplateRetired):
        await repeat(world, crisis_id, template, 9)


async def test_a_need_recurs_until_its_last_day(world: World):
    crisis_id, _, template = await first_need(world)
    await repeat(world, crisis_id, template, 7)
    stated = []
    while await tick(world):
        stated.append(await world.value("SELECT count(*) FROM needs") - 1)
        world.clock.advance(timedelta(days=3))
    assert stated == [1, 2, 3]
    row = (await world.rows("SELECT state, end_reason, made FROM recurring_needs"))[0]
    assert tuple(row) == ("ended", "until_reached", 3)
    states = await world.rows("SELECT DISTINCT state FROM needs")
    assert [row["state"] for row in states] == ["submitted"]
    logged = await world.rows("SELECT DISTINCT actor_role FROM command_log WHERE command = 'state_next_need'")
    assert [row["actor_role"] for row in logged] == ["system"]
    assert await world.value("SELECT count(*) FROM tasks WHERE kind = 'verify_need' AND state = 'open'") == 4
    assert not any((await check_ledger(world.database)).values())


async def test_drafts_wait_for_people_and_missed_days_are_not_made_up_for(world: World):
    crisis_id, _, template = await first_need(world)
    recurring = await repeat(world, crisis_id, template, 60, is_draft=True)
    world.clock.advance(timedelta(days=10))
    assert await tick(world) == 1
    row = (await world.rows("SELECT made, next_at FROM recurring_needs"))[0]
    assert (row["made"], row["next_at"]) == (1, recurring.next_at + timedelta(days=12))
    states = await world.rows("SELECT state, told FROM needs ORDER BY need_id")
    assert [tuple(row) for row in states] == [("submitted", 1), ("draft", 0)]


async def test_it_can_be_stopped_once_by_its_own_or_a_desk(world: World):
    crisis_id, _, template = await first_need(world)
    first, second = [await repeat(world, crisis_id, template, 9) for _ in range(2)]

    async def stop(recurring: Recurring, by: Caller) -> Recurring:
        return await world.database.unit_of_work(
            lambda tx: stop_repeating(tx, recurring.recurring_id, by, world.tools)
        )

    with pytest.raises(NotFound):
        await stop(first, caller("asker"))
    with pytest.raises(RoleMissing):
        await stop(first, replace(world.asker, grants=()))
    assert (await stop(first, world.asker)).state is RecurringState.STOPPED
    assert (await stop(second, world.secretariat)).end_reason == "stopped"
    with pytest.raises(RecurringEnded):
        await stop(first, world.asker)
    assert await tick(world) == 0
    with pytest.raises(UntilPast):
        await repeat(world, crisis_id, template, -1)


async def test_an_organisation_that_may_not_act_states_nothing_by_the_clock(world: World):
    crisis_id, _, template = await first_need(world)
    await repeat(world, crisis_id, template, 9)
    await world.database.unit_of_work(
        lambda tx: organisations.set_standing(tx, world.asker.organisation_id, 1, "suspended")
    )
    assert await tick(world) == 1
    row = (await world.rows("SELECT state, end_reason, made FROM recurring_needs"))[0]
    assert tuple(row) == ("ended", "organisation_may_not_act", 0)


async def test_without_its_role_nobody_retires_a_template(world: World):
    _, _, template = await first_need(world)
    without = replace(world.asker, grants=())
    with pytest.raises(RoleMissing):
        await world.database.unit_of_work(
            lambda tx: retire_template(tx, template.template_id, without, world.tools)
        )


async def test_what_can_no_longer_be_stated_ends_the_series(world: World):
    crisis_id, _, template = await first_need(world)
    await repeat(world, crisis_id, template, 9)
    await world.database.unit_of_work(
        lambda tx: retire_template(tx, template.template_id, world.asker, world.tools)
    )
    assert await tick(world) == 1
    row = (await world.rows("SELECT state, end_reason, made FROM recurring_needs"))[0]
    assert tuple(row) == ("ended", "template_retired", 0)
