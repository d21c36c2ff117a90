"""IssueOrder: one key of a desk stops goods for an area at once; without a second one it lapses in 12 h."""

from uuid import UUID

from crisis import events
from crisis.domain.crises import must_be_open
from crisis.domain.orders import SUBJECT, WALK, OrderRequest, SaturationOrder, issued
from crisis.domain.refusals import NotFound
from crisis.store import command_log, crises, orders
from crisis.usecases.authority import DESKS, acting_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, schedule


async def issue_order(
    tx: Transaction, crisis_id: UUID, request: OrderRequest, caller: Caller, tools: Tools
) -> SaturationOrder:
    """The order on its first key; the walk over what is promised already is due at once.

    Raises NotFound, CrisisNotOpen, RoleMissing for a place outside the caller's desk, and what
    `domain.orders.issued` does.
    """
    crisis = (await crises.lock_shared(tx, [crisis_id])).get(crisis_id)
    if crisis is None:
        raise NotFound(kind="crisis", id=str(crisis_id))
    must_be_open(crisis)
    now = tools.clock.now()
    roles = [acting_role(caller, DESKS, place=part, crisis_id=crisis_id) for part in request.area]
    key = (caller.organisation_id, caller.key_id, roles[0])
    order = issued(crisis, request, key, now, tools.new_id)
    await orders.insert(tx, order)
    await schedule(tx, Deadline(tools.new_id(), SUBJECT, order.order_id, WALK, now))
    story = story_of(caller, order.first_role, tools.new_id(), crisis_id, crisis.is_drill, now)
    logged = audit(
        story, caller, "issue_order", SUBJECT, order.order_id, (0, order.version), reason=order.reason
    )
    await command_log.record(tx, [logged])
    await outbox.append(tx, events.order_moved(order, story))
    return order
