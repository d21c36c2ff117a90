"""/tasks: what a desk must look at, and what came of it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.reasons import TASK
from crisis.domain.tasks import Seat, Task, TaskKind, TaskState, Turn
from crisis.events import moment
from crisis.http.filters import TaskQuery
from crisis.http.lists import ChangesPageView, began, page_answer
from crisis.http.parts import NeedWriter, Reader, answer, command, parts_of, snapshot, versioned
from crisis.http.reason_lists import one_of
from crisis.http.shapes import Body, Reason, Urgency, View
from crisis.usecases import reading_tasks
from crisis.usecases.finish_task import FinishTask, finish_task, read_task
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.etags import NOT_MODIFIED
from imece_chassis.http.paging import CursorInvalid, filters_of
from imece_chassis.http.problems import problem_responses

router = APIRouter(prefix="/tasks", tags=["tasks"])


class DoneBody(Body):
    """What came of it."""

    outcome: Reason


class TurnView(View):
    """Where goods on the road might turn: the order's depot, or a line that misses them."""

    order_id: UUID
    place: str | None
    need_line_id: UUID | None


class TaskView(View):
    """A task. Without desk it is the secretariat's; `seat` is who is called now.

    Goods on the road that a saturation order stops have a `turn`.
    """

    task_id: UUID
    kind: TaskKind
    crisis_id: UUID
    is_drill: bool
    desk_id: UUID | None
    seat: Seat
    subject_type: str
    subject_id: UUID
    place: str
    item_group: str | None
    urgency: Urgency
    state: TaskState
    due_at: datetime
    escalations: int
    outcome: str | None
    done_at: datetime | None
    version: int
    turn: TurnView | None


class TaskItemView(TaskView):
    """A task and when it last changed."""

    changed_at: datetime


class TaskPage(ChangesPageView):
    """Tasks, the earliest date first, or in the order of their change."""

    items: tuple[TaskItemView, ...]


@router.get(
    "",
    response_model=TaskPage,
    operation_id="listTasks",
    summary="The work of desks, the earliest date first or as it changes",
    responses=problem_responses(CursorInvalid),
)
async def page(request: Request, asked: Annotated[TaskQuery, Query()], caller: Reader) -> Response:
    """Of the caller's provinces and of desks it hosts; a grant for one crisis needs `crisis_id`.

    Followed with `updated_since` as the list of pledges is; tasks that are done come then as well.
    """
    cursors, wanted = parts_of(request).cursors("tasks"), asked.wanted(caller)
    place = cursors.page(asked.cursor, asked.limit, filters_of(request))
    after, walk_began = began(place.after, bare=2)
    found = await snapshot(request, lambda tx: reading_tasks.page(tx, wanted, after, place.limit + 1))
    rows = [{**task_view(each.task), "changed_at": moment(each.changed_at)} for each in found.rows]
    keys = ("due_at" if wanted.updated_since is None else "changed_at", "task_id")
    read_at = walk_began or found.at
    return page_answer(
        request, cursors, rows, keys, place.limit, read_at=read_at, stopped_at=found.stopped_at
    )


@router.get(
    "/{task_id}",
    response_model=TaskView,
    operation_id="getTask",
    summary="One task",
    responses={**NOT_MODIFIED, **problem_responses(refusals.NotFound)},
)
async def one(request: Request, task_id: UUID, caller: Reader) -> Response:
    """For a desk of the place and the organisation that hosts the task's desk."""
    return versioned(request, task_view(await snapshot(request, lambda tx: read_task(tx, task_id, caller))))


@router.post(
    "/{task_id}/done",
    response_model=TaskView,
    operation_id="finishTask",
    summary="Say what came of a task",
    responses=problem_responses(
        refusals.NotFound,
        refusals.TaskDone,
        refusals.TaskStillNeeded,
        refusals.SameParty,
        refusals.ReasonUnknown,
    ),
    openapi_extra=one_of(TASK, "outcome"),
)
async def done(request: Request, task_id: UUID, body: DoneBody, caller: NeedWriter) -> Response:
    """By a desk of the place or the organisation that hosts the task's desk, never about its own promise.

    What is still asked for ends by the deed; `left_as_is` decides that a hold, an offer under review or to
    be matched, goods on the road or a stale need stay as they are.
    """
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        task = await finish_task(tx, FinishTask(task_id, body.outcome), caller, tools)
        return answer(task_view(task))

    return await command(request, caller, work)


def task_view(task: Task) -> dict[str, Any]:
    """A task as a document."""
    return {
        "task_id": task.task_id,
        "kind": task.kind,
        "crisis_id": task.crisis_id,
        "is_drill": task.is_drill,
        "desk_id": task.post.desk_id,
        "seat": task.post.seat,
        "subject_type": task.subject_type,
        "subject_id": task.subject_id,
        "place": task.place,
        "item_group": task.item_group,
        "urgency": task.urgency.value,
        "state": task.state,
        "due_at": moment(task.due_at),
        "escalations": task.escalations,
        "outcome": task.outcome,
        "done_at": moment(task.done_at) if task.done_at else None,
        "version": task.version,
        "turn": turn_view(task.turn) if task.turn else None,
    }


def turn_view(turn: Turn) -> dict[str, Any]:
    """A proposal as a document."""
    return {"order_id": turn.order_id, "place": turn.place, "need_line_id": turn.need_line_id}
