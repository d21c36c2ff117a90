"""LiftOrder: whoever could stop the goods lets them move again; an active order only the secretariat."""

from uuid import UUID

from crisis.domain.orders import Lapse, OrderState, SaturationOrder, lapsed
from crisis.usecases.authority import DESKS, SECRETARIAT, acting_role
from crisis.usecases.order_step import lock, seen, walk_again, write
from crisis.usecases.tools import Tools, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


async def lift_order(tx: Transaction, order_id: UUID, caller: Caller, tools: Tools) -> SaturationOrder:
    """The lapsed order. Raises NotFound, RoleMissing, OrderNotInState."""
    before = await lock(tx, await seen(tx, order_id))
    allowed = (SECRETARIAT,) if before.state is OrderState.ACTIVE else DESKS
    roles = [acting_role(caller, allowed, place=part, crisis_id=before.crisis_id) for part in before.area]
    now = tools.clock.now()
    story = story_of(caller, roles[0], tools.new_id(), before.crisis_id, before.is_drill, now)
    after = await write(tx, before, lapsed(before, Lapse.LIFTED, now), "lift_order", caller, story)
    await walk_again(tx, after, tools)
    return after
