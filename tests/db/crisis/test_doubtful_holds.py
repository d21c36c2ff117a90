"""Every held row of a suspended organisation is decided by a desk, whatever became of the offer behind it."""

from datetime import timedelta
from uuid import UUID

from crisis.store import tasks
from crisis.usecases.follow_standing import follow_standing
from crisis.usecases.stand_down import StandDown, stand_down
from crisis.usecases.tasks import OVERDUE, end_task
from crisis.usecases.tools import story_of
from imece_chassis.database import Transaction
from imece_chassis.ids import uuid7
from imece_contracts.registry import OrganisationLife
from tests.db.crisis.at_the_desk import clocks
from tests.db.crisis.offering import lasting, offer_worker, offered, run, state_of
from tests.db.crisis.terms import pledged_from
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.test_suspended_offers import follow, hear, news, suspend
from tests.db.crisis.world import World


async def held(world: World, crisis_id: UUID, line: UUID) -> tuple[UUID, UUID]:
    """A held row and its offer, which the clock of the database has not ended."""
    offer = await offered(world, crisis_id, lasting(world))
    row = await pledged_from(world, crisis_id, line, offer.lines[0].offer_line_id, "10")
    await world.accept(row)
    return row, offer.offer_id


async def questions(world: World) -> dict[UUID, tuple[str, str | None]]:
    rows = await world.rows("SELECT subject_id, state, outcome FROM tasks WHERE kind = 'decide_hold'")
    return {row["subject_id"]: (row["state"], row["outcome"]) for row in rows}


async def registry_says(world: World, *states: OrganisationLife) -> None:
    for state in states:
        sequence = 1 + (await world.value("SELECT coalesce(max(sequence), 0) FROM organisation_standings"))
        await hear(world, [news(world, world.pledger.organisation_id, state, sequence)])
        await follow(world)


async def decide(world: World, row: UUID) -> None:
    """A desk keeps the goods under watch."""

    async def work(tx: Transaction) -> None:
        (task,) = await tasks.open_of(tx, "allocation", row, None)
        at = world.clock.now()
        story = story_of(world.secretariat, "secretariat", uuid7(), task.crisis_id, task.is_drill, at)
        await end_task(tx, task, "done", story, world.tools)

    await run(world, work)


async def test_every_held_row_is_asked_about_whether_its_offer_is_open_doubted_or_over(world: World):
    crisis_id, line = await open_line(world)
    of_open, _ = await held(world, crisis_id, line)
    of_doubted, doubted = await held(world, crisis_id, line)
    await suspend(world, doubted)
    of_over = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    await world.accept(of_over)
    world.clock.advance(timedelta(days=15))
    await registry_says(world, "suspended")
    asked = await world.rows("SELECT subject_id, due_at FROM tasks WHERE kind = 'decide_hold'")
    due = world.clock.now() + timedelta(hours=4)
    assert {row["subject_id"]: row["due_at"] for row in asked} == dict.fromkeys(
        (of_open, of_doubted, of_over), due
    )


async def test_a_hold_stays_to_be_decided_when_its_suspended_offer_has_ended(world: World):
    crisis_id, line = await open_line(world)
    row, offer_id = await held(world, crisis_id, line)
    await registry_says(world, "suspended")
    while await offer_worker(world).run_once():
        continue
    assert (await state_of(world, offer_id))[0] == "closed"
    assert await clocks(world, OVERDUE)
    assert await questions(world) == {row: ("overdue", None)}


async def test_a_reinstated_organisation_is_asked_no_more_unless_something_else_asks(world: World):
    crisis_id, line = await open_line(world)
    row, _ = await held(world, crisis_id, line)
    await registry_says(world, "suspended", "active")
    assert await questions(world) == {row: ("done", "reinstated")}
    await registry_says(world, "suspended")
    await run(
        world,
        lambda tx: stand_down(tx, StandDown(crisis_id, "response_complete"), world.secretariat, world.tools),
    )
    await registry_says(world, "active")
    states = await world.rows("SELECT state FROM tasks WHERE kind = 'decide_hold' ORDER BY task_id")
    assert [each["state"] for each in states] == ["done", "open"]


async def test_what_a_desk_decided_is_not_asked_again_by_a_walk_that_starts_anew(world: World):
    crisis_id, line = await open_line(world)
    row, _ = await held(world, crisis_id, line)
    await registry_says(world, "suspended")
    await decide(world, row)
    organisation, since = world.pledger.organisation_id, world.clock.now()
    await follow_standing(world.database, uuid7(), organisation, since, world.tools)
    assert await questions(world) == {row: ("done", "done")}
    later = since + timedelta(seconds=1)
    await follow_standing(world.database, uuid7(), organisation, later, world.tools)
    assert await world.value("SELECT count(*) FROM tasks WHERE kind = 'decide_hold'") == 2
