"""Who must answer for the asker's side: the host of the desk that answers a proposal on a line.

Asked when a notice failed, and again each time: desks change hands while a proposal waits.
"""

from uuid import UUID

from crisis.domain.allocations import Allocation
from crisis.domain.lines import Line
from crisis.store import desks
from imece_chassis.database import Transaction


async def awaited_desk(tx: Transaction, row: Allocation, line: Line) -> UUID | None:
    """The host of the place's desk, else of the secretariat; None: nobody is there to be reached.

    A desk hosted by the pledger, or by whoever wrote for it, cannot answer its own proposal: the secretariat
    does.
    """
    group = line.tamp_group or None
    place = await desks.responsible(tx, row.crisis_id, line.district, group, is_drill=row.is_drill)
    for desk_id in (place, await desks.secretariat(tx, row.crisis_id, is_drill=row.is_drill)):
        desk = None if desk_id is None else await desks.read(tx, desk_id)
        if desk is not None and desk.host_org_id not in row.promised_by:
            return desk.host_org_id
    return None
