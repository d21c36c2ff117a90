"""Deadlines of imports: chosen rows to be worked off, and the end of what was uploaded."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from crisis.domain.imports import RUN, SWEEP
from crisis.usecases.run_import import Holder, run_import
from crisis.usecases.sweep_import import sweep_import
from crisis.usecases.tools import Tools
from imece_chassis.access.caller import Caller
from imece_chassis.access.deny import DenyList
from imece_chassis.access.view import holder_of
from imece_chassis.database import Database, Transaction
from imece_chassis.deadlines import Deadline


def import_effects(
    database: Database, tools: Tools, holder: Holder
) -> Mapping[str, Callable[[Deadline], Awaitable[None]]]:
    """Kind of deadline → its effect."""

    async def works_off(deadline: Deadline) -> None:
        await run_import(database, deadline.deadline_id, deadline.subject_id, tools, holder)

    async def sweeps(deadline: Deadline) -> None:
        await database.unit_of_work(
            lambda tx: sweep_import(tx, deadline.deadline_id, deadline.subject_id, tools)
        )

    return {RUN: works_off, SWEEP: sweeps}


def mirrored(tools: Tools, denied: DenyList | None = None) -> Holder:
    """Holders of keys as the registry told them, without those an operator shut out."""
    shut_out = DenyList.from_environment() if denied is None else denied

    async def holder(tx: Transaction, key_id: UUID) -> Caller | None:
        found = await holder_of(tx, key_id, tools.clock.now())
        return None if found is None or shut_out.contains(found) else found

    return holder
