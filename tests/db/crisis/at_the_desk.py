"""The secretariat's side of a crisis: desks, watches, proposals, steps, and clocks that are due."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from crisis.consumers.desk_timers import desk_effects
from crisis.domain.clocks import Urgency
from crisis.domain.crises import CrisisFacts
from crisis.domain.desks import Desk, DeskLevel, Watch
from crisis.domain.hazards import Position
from crisis.domain.tasks import Seat, TaskKind
from crisis.store import tasks
from crisis.usecases.open_desk import OpenDesk, open_desk
from crisis.usecases.overdue_task import overdue_task
from crisis.usecases.propose_crisis import Heard, ProposeCrisis, propose_crisis
from crisis.usecases.seat_watch import SeatWatch, seat_watch
from crisis.usecases.tasks import open_task
from crisis.usecases.tools import Tools, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import DeadlineWorker
from imece_chassis.ids import uuid7
from tests.db.crisis.world import HATAY, World

T = TypeVar("T")
ANTAKYA = "TUR031005"
QUAKE = Position(36.2, 36.16)


async def run(world: World, command: Callable[..., Awaitable[T]], wanted: Any, by: Caller | None = None) -> T:
    """A command in a transaction of its own, by the secretariat unless somebody else is named."""
    who = by or world.secretariat
    return await world.database.unit_of_work(lambda tx: command(tx, wanted, who, world.tools))


async def clocks(world: World, *kinds: str) -> int:
    """Run what is due of tasks, desks and crises once, of these kinds if given; how many were due."""
    effects = desk_effects(world.database, world.tools)
    chosen = {kind: effect for kind, effect in effects.items() if not kinds or kind in kinds}
    return await DeadlineWorker(world.database, chosen).run_once()


async def a_desk(world: World, host: UUID | None = None, **changes: Any) -> Desk:
    wanted = OpenDesk(DeskLevel.PROVINCE, (HATAY,), (), host or world.secretariat.organisation_id)
    return await run(world, open_desk, replace(wanted, **changes))


async def a_watch(world: World, desk: Desk, by: Caller | None = None, **changes: Any) -> Watch:
    now = world.clock.now()
    wanted = SeatWatch(desk.desk_id, Seat.PRIMARY, "person_0001", now, now + timedelta(hours=8))
    return await run(world, seat_watch, replace(wanted, **changes), by)


async def a_task(world: World, crisis: CrisisFacts, **changes: Any) -> UUID:
    """A task that the desk's word ends, due in an hour, unless changed."""

    async def work(tx: Transaction) -> UUID:
        tools = Tools(world.clock)
        story = story_of(
            world.secretariat, "secretariat", uuid7(), crisis.crisis_id, False, world.clock.now()
        )
        given: dict[str, Any] = {
            "kind": TaskKind.RETURNED_NEED,
            "crisis_id": crisis.crisis_id,
            "is_drill": False,
            "subject_type": "need",
            "subject_id": uuid7(),
            "place": ANTAKYA,
            "item_group": None,
            "urgency": Urgency.URGENT,
            "due_at": world.clock.now() + timedelta(hours=1),
            "story": story,
            "tools": tools,
        }
        return await open_task(tx, **{**given, **changes})

    return await world.database.unit_of_work(work)


async def the_task(world: World, task_id: UUID) -> tasks.Task:
    found = await world.database.snapshot(lambda tx: tasks.read(tx, task_id))
    assert found is not None
    return found


async def about(world: World, subject_id: UUID) -> list[tasks.Task]:
    """Every task on a subject, in the order opened."""
    ids = await world.rows("SELECT task_id FROM tasks WHERE subject_id = $1 ORDER BY task_id", subject_id)
    return [await the_task(world, row["task_id"]) for row in ids]


async def a_report(
    world: World, source: str = "afad", external_id: str = "1", by: Caller | None = None, **changes: Any
) -> tuple[CrisisFacts, Heard]:
    wanted = ProposeCrisis(
        source=source,
        external_id=external_id,
        hazard="earthquake",
        alert="red",
        area=(HATAY,),
        observed_at=world.clock.now(),
        title={"tr": "Hatay: deprem"},
        magnitude=Decimal("6.4"),
        position=QUAKE,
    )
    return await run(world, propose_crisis, replace(wanted, **changes), by)


async def remind_desk(world: World, subject: UUID, kind: TaskKind | None = None) -> None:
    """The clock of the task about a row, line or need runs out."""
    found = await world.rows(
        "SELECT task_id, deadline_id FROM tasks WHERE subject_id = $1 AND kind = coalesce($2, kind)",
        subject,
        kind,
    )
    task, deadline = found[0]
    await world.database.unit_of_work(lambda tx: overdue_task(tx, deadline, task, world.tools))
