"""Events of tasks: who is asked to do what, and what came of it."""

from typing import Any

from crisis.domain.tasks import Post, Task
from crisis.events.story import Story, moment, sealed
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope
from imece_contracts.event import EventData


def task_opened(task: Task, story: Story) -> Envelope:
    """First event of a task."""
    return _told(contract.TaskOpened, task, {}, story)


def task_escalated(task: Task, before: Post, story: Story) -> Envelope:
    """Reassigned to the next seat, or overdue once more where nobody sits higher."""
    more: dict[str, Any] = {"escalation": task.escalations}
    if task.post == before:
        return _told(contract.TaskOverdue, task, more, story)
    more["from_seat"] = before.seat
    if before.desk_id is not None:
        more["from_desk"] = before.desk_id
    return _told(contract.TaskReassigned, task, more, story)


def task_done(task: Task, story: Story) -> Envelope:
    """Last event of a task."""
    return _told(contract.TaskDone, task, {"outcome": task.outcome}, story)


def _told(model: type[EventData], task: Task, more: dict[str, Any], story: Story) -> Envelope:
    document: dict[str, Any] = {
        "task": task.task_id,
        "kind": task.kind,
        "seat": task.post.seat,
        "subject": f"{task.subject_type}/{task.subject_id}",
        "place": task.place,
        "urgency": task.urgency.value,
        "due_at": moment(task.due_at),
        **more,
    }
    optional = {"desk": task.post.desk_id, "item_group": task.item_group, "deadline_ref": task.deadline_id}
    if task.turn is not None:
        optional |= {
            "order": task.turn.order_id,
            "proposed_district": task.turn.place,
            "proposed_line": task.turn.need_line_id,
        }
    document.update({name: value for name, value in optional.items() if value is not None})
    return sealed(model, document, f"task/{task.task_id}", task.task_id, task.version, story)
