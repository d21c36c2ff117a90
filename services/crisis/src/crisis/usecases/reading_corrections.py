"""What was corrected on a need line, for whom it concerns; others see what was corrected of their own."""

from uuid import UUID

from crisis.domain.corrections import Corrected
from crisis.store import corrections
from crisis.usecases.authority import reads_everything
from crisis.usecases.line_step import seen_line
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


async def corrections_of_line(
    tx: Transaction, need_line_id: UUID, caller: Caller, after: int, limit: int
) -> list[Corrected]:
    """Corrections on the line after one of its events, oldest first.

    The asker, desks of the area and auditors see everybody's. Raises NotFound.
    """
    line = await seen_line(tx, need_line_id, caller)
    is_near = line.asker_org_id == caller.organisation_id or reads_everything(
        caller, line.plate, line.crisis_id
    )
    pledges_of = None if is_near else caller.organisation_id
    return await corrections.of_line(tx, need_line_id, after, limit, pledges_of=pledges_of)
