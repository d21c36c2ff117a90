"""ConfirmOrder: a second key of the secretariat keeps goods stopped until the order's own end."""

from uuid import UUID

from crisis.domain.orders import SaturationOrder, confirmed
from crisis.usecases.authority import SECRETARIAT, acting_role
from crisis.usecases.order_step import lock, seen, write
from crisis.usecases.tools import Tools, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


async def confirm_order(tx: Transaction, order_id: UUID, caller: Caller, tools: Tools) -> SaturationOrder:
    """The active order. Raises NotFound, RoleMissing, OrderNotInState, SameKey."""
    found = await seen(tx, order_id)
    role = acting_role(caller, (SECRETARIAT,), crisis_id=found.crisis_id)
    before = await lock(tx, found)
    now = tools.clock.now()
    after = confirmed(before, caller.organisation_id, caller.key_id, now, tools.new_id())
    story = story_of(caller, role, tools.new_id(), before.crisis_id, before.is_drill, now)
    return await write(tx, before, after, "confirm_order", caller, story)
