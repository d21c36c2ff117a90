"""A need's whole story, for whom it concerns; others see what was done to the need and their own promises."""

from typing import Any
from uuid import UUID

from crisis.store import histories
from crisis.usecases.authority import reads_everything
from crisis.usecases.need_step import seen
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


async def need_history(
    tx: Transaction, need_id: UUID, caller: Caller, after: tuple[Any, ...] | None, limit: int
) -> list[histories.Event]:
    """Commands, oldest first. The asker, desks of the area and auditors see everybody's promises.

    Raises NotFound, also for another organisation's draft, even once it is over.
    """
    need = await seen(tx, need_id, caller)
    plate = need.district[4:6]
    is_near = need.asker_org_id == caller.organisation_id or reads_everything(caller, plate, need.crisis_id)
    pledges_of = None if is_near else caller.organisation_id
    return await histories.of_need(tx, need_id, after, limit, pledges_of=pledges_of)
