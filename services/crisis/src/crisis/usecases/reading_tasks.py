"""Tasks as desks follow them: which ones is the filter's, which already names whose they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crisis.store import line_lists, tasks
from crisis.store.tasks import Listed, TaskFilter
from imece_chassis.database import Transaction

Position = tuple[Any, ...] | None


@dataclass(frozen=True, slots=True)
class TasksRead:
    """Tasks as they were at one moment of the database's clock, each with its last change."""

    at: datetime
    rows: Sequence[Listed]
    stopped_at: Position = None


async def page(tx: Transaction, wanted: TaskFilter, after: Position, limit: int) -> TasksRead:
    """Tasks in the order of the filter."""
    found = await tasks.page(tx, wanted, after, limit)
    return TasksRead(await line_lists.now(tx), found.rows, found.stopped_at)
