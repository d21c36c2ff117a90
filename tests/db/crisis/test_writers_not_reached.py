"""Whoever wrote a promise down decides nothing about it for the other side, nor that it was reached."""

from dataclasses import replace
from uuid import UUID

import pytest

from crisis.consumers.timers import effects
from crisis.domain.desks import Desk, DeskLevel
from crisis.domain.reasons import LEFT_AS_IS
from crisis.domain.refusals import SameParty
from crisis.domain.tasks import Seat, TaskKind
from crisis.usecases.finish_task import FinishTask, finish_task
from crisis.usecases.request_release import RequestRelease, request_release
from imece_chassis.access.caller import Caller, Grant
from imece_chassis.deadlines import DeadlineWorker
from imece_contracts.notifications import NoticeUndelivered
from tests.db.crisis.at_the_desk import a_desk, about
from tests.db.crisis.noticed import notice
from tests.db.crisis.test_on_behalf import Written
from tests.db.crisis.test_suspended_offers import suspend
from tests.db.crisis.test_written_promises_told import called
from tests.db.crisis.world import World


@pytest.fixture
async def written(world: World) -> Written:
    return await Written.of(world)


@pytest.fixture
async def office(written: Written) -> Desk:
    return await a_desk(written.world, level=DeskLevel.SECRETARIAT, area=())


async def unreached(written: Written, clock: UUID) -> None:
    """Whoever wrote was not reached for as long as the clock may stand still."""
    world = written.world
    assert await notice(world, clock, NoticeUndelivered, to=written.writer.organisation_id)
    known = effects(world.database, world.tools)
    kind = await world.value("SELECT kind FROM deadlines WHERE deadline_id = $1", clock)
    assert await DeadlineWorker(world.database, {kind: known[kind]}).run_once() == 1


async def asked_of(written: Written) -> tuple[UUID, Seat]:
    return await written.world.value("SELECT (desk_id, seat) FROM tasks WHERE kind = 'not_reached'")


async def held(written: Written) -> UUID:
    """The clock of the promise, held."""
    await written.world.accept(written.allocation, by=written.needs.desk)
    clock = "SELECT deadline_id FROM allocations WHERE allocation_id = $1"
    return await written.world.value(clock, written.allocation)


async def asked_back(written: Written) -> UUID:
    """The clock of a request to let the held goods go."""
    await held(written)
    asking = RequestRelease(written.allocation, "no_movement")
    asked = await written.do(request_release, asking, written.needs.desk)
    assert asked.request.deadline_id is not None
    return asked.request.deadline_id


@pytest.mark.parametrize("waiting", [called, held, asked_back], ids=lambda waiting: waiting.__name__)
async def test_the_desk_that_wrote_and_was_not_reached_is_not_whom_is_asked(
    written: Written, office: Desk, waiting
):
    await a_desk(written.world, host=written.writer.organisation_id)
    await unreached(written, await waiting(written))
    assert await asked_of(written) == (office.desk_id, Seat.OFFICER)


async def test_the_desk_of_the_place_is_asked_where_another_wrote(written: Written, office: Desk):
    desk = await a_desk(written.world)
    await unreached(written, await called(written))
    assert await asked_of(written) == (desk.desk_id, Seat.PRIMARY)


async def test_a_desk_of_the_pledger_is_not_asked_whether_the_pledger_can_be_reached(
    written: Written, office: Desk
):
    await a_desk(written.world, host=written.world.pledger.organisation_id)
    await unreached(written, await called(written))
    assert await asked_of(written) == (office.desk_id, Seat.OFFICER)


def at_the_place(written: Written) -> Caller:
    """The organisation that wrote, as the desk of the need's province."""
    grant = Grant("provincial_desk", provinces=frozenset({"31"}))
    return replace(written.writer, grants=(*written.writer.grants, grant))


async def only_others_end(written: Written, subject: UUID, kind: TaskKind, outcome: str) -> None:
    (task,) = [each for each in await about(written.world, subject) if each.kind is kind]
    finish = FinishTask(task.task_id, outcome)
    with pytest.raises(SameParty) as refused:
        await written.do(finish_task, finish, at_the_place(written))
    assert refused.value.facts["side"] == "pledger"
    assert (await written.do(finish_task, finish, written.world.secretariat)).outcome == outcome


async def test_who_wrote_does_not_say_that_the_task_about_it_is_done(written: Written, office: Desk):
    await unreached(written, await held(written))
    await only_others_end(written, written.allocation, TaskKind.NOT_REACHED, "done")


async def test_who_wrote_an_offer_down_does_not_leave_its_suspension_as_it_is(written: Written):
    await suspend(written.world, written.offer)
    await only_others_end(written, written.offer, TaskKind.OFFER_REVIEW, LEFT_AS_IS)
