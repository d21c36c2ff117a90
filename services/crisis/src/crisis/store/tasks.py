"""Tasks: rows with their deadline, locked one by one or by subject."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from crisis.domain.clocks import Urgency
from crisis.domain.tasks import Post, Seat, Task, TaskKind, TaskState, Turn
from crisis.store.queries import query
from crisis.store.walks import LOOKED_AT, Found, Walk, found, in_order_of
from imece_chassis.database import Transaction
from imece_chassis.selection import Selection

SUBJECT = "task"
WAITING: Literal["waiting"] = "waiting"


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """`plates` None: of every province; tasks of desks hosted by `host_org_id` are shown whatever the place.

    `state` may also be `waiting`: everything that is not done. With `updated_since` tasks come in the order
    of their change, otherwise the earliest date first.
    """

    host_org_id: UUID
    plates: frozenset[str] | None
    crisis_id: UUID | None = None
    is_mine: bool = False
    desk_id: UUID | None = None
    kind: str | None = None
    state: str | None = None
    due_before: datetime | None = None
    province: str | None = None
    item_group: str | None = None
    urgency: str | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A task and when it last changed."""

    task: Task
    changed_at: datetime


_READ = """
SELECT task_id, crisis_id, is_drill, kind, desk_id, seat, subject_type, subject_id, place, item_group,
       urgency, state, due_at, every_minutes, escalations, deadline_id, outcome, done_at, done_by_org_id,
       version, order_id, proposed_place, proposed_line_id
FROM tasks
"""


async def insert(tx: Transaction, task: Task) -> bool:
    """Write a task; False, and nothing is written, when the subject has an open one of the kind."""
    written = await tx.execute(
        "INSERT INTO tasks (task_id, crisis_id, is_drill, kind, desk_id, seat, subject_type, subject_id,"
        " place, item_group, urgency, state, due_at, every_minutes, deadline_id, version, order_id,"
        " proposed_place, proposed_line_id)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"
        " ON CONFLICT (subject_type, subject_id, kind, is_drill) WHERE state <> 'done' DO NOTHING",
        task.task_id,
        task.crisis_id,
        task.is_drill,
        task.kind,
        task.post.desk_id,
        task.post.seat,
        task.subject_type,
        task.subject_id,
        task.place,
        task.item_group,
        task.urgency,
        task.state,
        task.due_at,
        task.every // timedelta(minutes=1),
        task.deadline_id,
        task.version,
        task.turn.order_id if task.turn else None,
        task.turn.place if task.turn else None,
        task.turn.need_line_id if task.turn else None,
    )
    return written == "INSERT 0 1"


async def update(tx: Transaction, task: Task) -> None:
    """Save a locked task."""
    await tx.execute(
        "UPDATE tasks SET state = $3, desk_id = $4, seat = $5, escalations = $6, deadline_id = $7,"
        " outcome = $8, done_at = $9, done_by_org_id = $10, version = $11"
        " WHERE task_id = $1 AND is_drill = $2",
        task.task_id,
        task.is_drill,
        task.state,
        task.post.desk_id,
        task.post.seat,
        task.escalations,
        task.deadline_id,
        task.outcome,
        task.done_at,
        task.done_by_org_id,
        task.version,
    )


async def read(tx: Transaction, task_id: UUID, *, is_locked: bool = False) -> Task | None:
    """The task, locked after its crisis and before any line."""
    row = await tx.fetchrow(
        _READ + "WHERE task_id = $1" + (" FOR UPDATE" if is_locked else ""),
        task_id,
    )
    return _task(row) if row is not None else None


async def turned_to(tx: Transaction, need_line_ids: Sequence[UUID], but: UUID) -> dict[UUID, Decimal]:
    """How much on the road open tasks propose to turn to each line, in its unit; the row `but` left out."""
    rows = await tx.fetch(query("turned_to"), list(need_line_ids), but)
    return {row["proposed_line_id"]: row["qty"] for row in rows}


async def calls_at(tx: Transaction, task: Task) -> datetime:
    """When whoever holds a waiting task has been silent too long."""
    return await tx.fetchval("SELECT due_at FROM deadlines WHERE deadline_id = $1", task.deadline_id)


async def open_of(
    tx: Transaction, subject_type: str, subject_id: UUID, kinds: tuple[TaskKind, ...] | None
) -> list[Task]:
    """Tasks on a subject that wait, locked by id; of these kinds if given."""
    rows = await tx.fetch(
        _READ + "WHERE subject_type = $1 AND subject_id = $2 AND state <> 'done'"
        " AND ($3::text[] IS NULL OR kind = ANY ($3)) ORDER BY task_id FOR UPDATE",
        subject_type,
        subject_id,
        None if kinds is None else list(kinds),
    )
    return [_task(row) for row in rows]


async def waiting_on(tx: Transaction, subject_type: str, subject_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the subjects that a task waits on."""
    rows = await tx.fetch(
        "SELECT DISTINCT subject_id FROM tasks"
        " WHERE subject_type = $1 AND subject_id = ANY ($2::uuid[]) AND state <> 'done'",
        subject_type,
        subject_ids,
    )
    return {row[0] for row in rows}


async def page(
    tx: Transaction, wanted: TaskFilter, after: tuple[Any, ...] | None, limit: int, look: int = LOOKED_AT
) -> Found[Listed]:
    """Tasks in order; `after` is (due_at, id) or, by change, (changed_at, id) of the last."""
    walk = _by_date(wanted, after) if wanted.updated_since is None else _by_change(wanted, after)
    listed = await found(tx, walk, limit, look)
    return listed.showing([Listed(_task(row), row["changed_at"]) for row in listed.rows])


def _by_date(wanted: TaskFilter, after: tuple[Any, ...] | None) -> Walk:
    """Led by those that wait, else by the desk, else by the crisis: each has an index in this order."""
    is_waiting, desk = wanted.state == WAITING, wanted.desk_id

    def led() -> Selection:
        chosen = Selection().where("task.due_at <= {}", wanted.due_before)
        if after is not None:
            last = chosen.place(UUID(after[1]))
            chosen.where(f"(task.due_at, task.task_id) > ({{}}, {last})", datetime.fromisoformat(after[0]))
        if is_waiting:
            return chosen.when(True, "task.state <> 'done'")
        if desk is not None:
            return chosen.where("task.desk_id = {}", desk)
        return chosen.where("task.crisis_id = {}", wanted.crisis_id)

    def fit(fits: Selection) -> None:
        fits.where("task.state = {}", None if is_waiting else wanted.state)
        fits.where("task.desk_id = {}", desk if is_waiting else None)
        is_led = not is_waiting and desk is None
        fits.where("task.crisis_id = {}", None if is_led else wanted.crisis_id)
        _fit(fits, wanted)

    return Walk("list_tasks", "walk_tasks", "task.due_at, task.task_id", ("due_at", "task_id"), led, fit)


def _by_change(wanted: TaskFilter, after: tuple[Any, ...] | None) -> Walk:
    """Led by the changes of all desks."""

    def led() -> Selection:
        chosen = Selection()
        in_order_of(chosen, "task", "task_id", wanted.updated_since, after)
        return chosen

    def fit(fits: Selection) -> None:
        fits.when(wanted.state == WAITING, "task.state <> 'done'")
        fits.where("task.state = {}", None if wanted.state == WAITING else wanted.state)
        fits.where("task.desk_id = {}", wanted.desk_id).where("task.crisis_id = {}", wanted.crisis_id)
        fits.where("task.due_at <= {}", wanted.due_before)
        _fit(fits, wanted)

    order = "task.changed_at, task.task_id"
    return Walk("list_tasks", "walk_tasks", order, ("changed_at", "task_id"), led, fit)


def _fit(fits: Selection, wanted: TaskFilter) -> None:
    fits.where("task.kind = {}", wanted.kind).where("task.urgency = {}", wanted.urgency)
    fits.where("left(task.place, 6) = {}", wanted.province).where("task.item_group = {}", wanted.item_group)
    fits.where("desk.host_org_id = {}", wanted.host_org_id if wanted.is_mine else None)
    if wanted.plates is not None:
        host = fits.place(wanted.host_org_id)
        near = f"(substr(task.place, 5, 2) = ANY ({{}}) OR desk.host_org_id = {host})"
        fits.where(near, sorted(wanted.plates))


def _task(row: Any) -> Task:
    return Task(
        task_id=row["task_id"],
        kind=TaskKind(row["kind"]),
        crisis_id=row["crisis_id"],
        is_drill=row["is_drill"],
        subject_type=row["subject_type"],
        subject_id=row["subject_id"],
        place=row["place"],
        item_group=row["item_group"],
        urgency=Urgency(row["urgency"]),
        post=Post(row["desk_id"], Seat(row["seat"])),
        due_at=row["due_at"],
        every=timedelta(minutes=row["every_minutes"]),
        deadline_id=row["deadline_id"],
        state=TaskState(row["state"]),
        escalations=row["escalations"],
        outcome=row["outcome"],
        done_at=row["done_at"],
        done_by_org_id=row["done_by_org_id"],
        version=row["version"],
        turn=_turn(row),
    )


def _turn(row: Any) -> Turn | None:
    if row["order_id"] is None:
        return None
    return Turn(row["order_id"], row["proposed_place"], row["proposed_line_id"])
