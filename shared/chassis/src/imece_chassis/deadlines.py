"""Every waiting state has a deadline row; a deadline fires at most once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from imece_chassis.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class Deadline:
    deadline_id: UUID
    subject_type: str
    subject_id: UUID
    kind: str
    due_at: datetime


async def schedule(tx: Transaction, *deadlines: Deadline) -> None:
    raise NotImplementedError


async def cancel(tx: Transaction, *deadline_ids: UUID) -> None:
    raise NotImplementedError


async def fire(tx: Transaction, deadline_id: UUID) -> bool:
    raise NotImplementedError


class DeadlineWorker:
    name = "timers"

    def __init__(self, database: Database, effects: Mapping[str, Callable[[Deadline], Awaitable[None]]]) -> None:
        raise NotImplementedError

    async def run(self, stop: asyncio.Event) -> None:
        raise NotImplementedError
