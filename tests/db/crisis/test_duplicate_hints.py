"""Hints at duplicates on real rows: found in time and place, shown, told, answered, and never in the way."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from crisis.domain.clocks import Urgency
from crisis.domain.duplicates import Choice, Hint
from crisis.domain.needs import LineRequest, Need
from crisis.domain.refusals import NotFound, RoleMissing
from crisis.usecases.duplicate_hints import AnswerHint, answer_hint, hints_of
from crisis.usecases.submit_need import SubmitNeed, submit_need
from imece_chassis.access.caller import Caller
from imece_contracts.crisis import NeedSubmitted
from tests.db.crisis.test_one_pledge import events
from tests.db.crisis.world import World, caller

FOOD = "Yılmaz ailesi, İskenderun Barbaros Mahallesi, erzak"


async def submit(
    world: World,
    crisis_id: UUID,
    title: str = FOOD,
    code: str = "FSC-PARC-5P1M",
    unit: str = "koli",
    district: str = "TUR031005",
    by: Caller | None = None,
) -> Need:
    line = LineRequest(code, "2", unit, world.clock.now() + timedelta(days=3))
    command = SubmitNeed(crisis_id, district, Urgency.URGENT, (line,), title=title)
    return await world.database.unit_of_work(
        lambda tx: submit_need(tx, command, by or world.asker, world.tools)
    )


async def hints(world: World, need: Need) -> list[Hint]:
    return await world.database.snapshot(lambda tx: hints_of(tx, need.need_id, world.pledger))


async def test_a34_food_then_heating_then_food_again_with_one_letter_changed(world: World):
    crisis_id = (await world.open_crisis(area=("TUR031", "TUR006"))).crisis_id
    food = await submit(world, crisis_id)
    heating = await submit(world, crisis_id, FOOD.replace("erzak", "ısınma"), "SHL-STOVE-WC", "adet")
    assert await hints(world, heating) == []
    again = await submit(world, crisis_id, FOOD.replace("erzak", "erzag"), by=caller("asker"))
    (hint,) = await hints(world, again)
    assert (hint.need_id, hint.choice) == (food.need_id, None) and hint.similarity > 0.9
    states = await world.rows("SELECT state FROM needs")
    assert [row["state"] for row in states] == ["submitted"] * 3
    told = [data for _, data in await events(world) if isinstance(data, NeedSubmitted)]
    assert [data.duplicate_hints for data in told] == [None, None, (food.need_id,)]


async def test_far_places_old_needs_other_crises_and_drafts_are_not_hinted(world: World):
    crisis_id = (await world.open_crisis(area=("TUR031", "TUR006"))).crisis_id
    other = (await world.open_crisis()).crisis_id
    await submit(world, other)
    await submit(world, crisis_id, district="TUR006001")
    old = await submit(world, crisis_id)
    world.clock.advance(timedelta(hours=48, seconds=1))
    near = await submit(world, crisis_id, district="TUR031009")
    again = await submit(world, crisis_id)
    assert [hint.need_id for hint in await hints(world, again)] == [near.need_id]
    assert await hints(world, near) == []
    await world.database.unit_of_work(
        lambda tx: tx.execute("UPDATE needs SET submitted_at = $1", world.clock.now())
    )
    assert old.need_id in [hint.need_id for hint in await hints(world, await submit(world, crisis_id))]


async def test_the_answer_is_kept_and_changes_neither_need(world: World):
    crisis_id = (await world.open_crisis()).crisis_id
    first, second = await submit(world, crisis_id), await submit(world, crisis_id)

    async def choose(choice: Choice, by: Caller, other: UUID = first.need_id) -> list[Hint]:
        command = AnswerHint(second.need_id, other, choice)
        return await world.database.unit_of_work(lambda tx: answer_hint(tx, command, by, world.tools))

    (hint,) = await choose(Choice.JOIN, world.asker)
    assert (hint.choice, hint.chosen_at) == (Choice.JOIN, world.clock.now())
    (hint,) = await choose(Choice.ANOTHER_ONE, world.secretariat)
    assert hint.choice is Choice.ANOTHER_ONE
    with pytest.raises(RoleMissing):
        await choose(Choice.JOIN, replace(world.pledger))
    with pytest.raises(NotFound):
        await choose(Choice.JOIN, world.asker, second.need_id)
    versions = await world.rows("SELECT DISTINCT state, version FROM needs")
    assert [tuple(row) for row in versions] == [("submitted", 1)]
    logged = await world.rows(
        "SELECT reason, subject_id FROM command_log WHERE command = 'answer_duplicate_hint'"
    )
    assert sorted(row["reason"] for row in logged) == ["another_one", "join"]
    assert {row["subject_id"] for row in logged} == {second.need_id}, "no line in the other need's history"


async def test_a_restricted_need_is_hinted_to_its_asker_and_to_desks_of_its_place_only(world: World):
    crisis_id = (await world.open_crisis(area=("TUR031", "TUR006"))).crisis_id
    secret = await submit(world, crisis_id)
    await restrict(world, secret)
    assert await hints(world, await submit(world, crisis_id, by=caller("asker"))) == []
    await world.database.unit_of_work(lambda tx: tx.execute("DELETE FROM duplicate_hints"))
    again = await submit(world, crisis_id)
    told = [data for _, data in await events(world) if isinstance(data, NeedSubmitted)]
    assert secret.need_id not in (told[-1].duplicate_hints or ())

    async def shown(by: Caller) -> bool:
        found = await world.database.snapshot(lambda tx: hints_of(tx, again.need_id, by))
        return secret.need_id in [hint.need_id for hint in found]

    desk = caller("provincial_desk", provinces=frozenset({"31"}))
    assert [await shown(by) for by in (world.asker, desk, world.secretariat)] == [True] * 3
    elsewhere = caller("provincial_desk", provinces=frozenset({"06"}))
    assert [await shown(by) for by in (world.pledger, caller("asker"), elsewhere)] == [False] * 3


async def test_a_hint_that_is_not_shown_is_not_answered(world: World):
    crisis_id = (await world.open_crisis()).crisis_id
    other = await submit(world, crisis_id, by=caller("asker"))
    need = await submit(world, crisis_id)
    await restrict(world, other)
    command = AnswerHint(need.need_id, other.need_id, Choice.JOIN)
    with pytest.raises(NotFound):
        await world.database.unit_of_work(lambda tx: answer_hint(tx, command, world.asker, world.tools))


async def restrict(world: World, need: Need) -> None:
    restricted = "UPDATE needs SET visibility = 'restricted' WHERE need_id = $1"
    await world.database.unit_of_work(lambda tx: tx.execute(restricted, need.need_id))
