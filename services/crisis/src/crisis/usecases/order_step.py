"""What all steps of a saturation order have in common: lock in order, change it, tell it."""

from uuid import UUID

from crisis import events
from crisis.domain.orders import IN_FORCE, SUBJECT, WALK, SaturationOrder
from crisis.domain.refusals import NotFound
from crisis.events import Story
from crisis.store import command_log, crises, orders
from crisis.usecases.tools import Tools, audit
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, cancel
from imece_reference.places import covers


async def seen(tx: Transaction, order_id: UUID) -> SaturationOrder:
    """The order without lock; every member may see it. Raises NotFound."""
    order = await orders.read(tx, order_id)
    if order is None:
        raise NotFound(kind="order", id=str(order_id))
    return order


async def lock(tx: Transaction, order: SaturationOrder) -> SaturationOrder:
    """Lock its crisis (shared), then the order, and read it again."""
    await crises.lock_shared(tx, [order.crisis_id])
    current = await orders.read(tx, order.order_id, is_locked=True)
    assert current is not None
    return current


async def write(
    tx: Transaction,
    before: SaturationOrder,
    after: SaturationOrder,
    command: str,
    caller: Caller | None,
    story: Story,
) -> SaturationOrder:
    """Save the order, stop the clock of the state it left, log the command and publish its event."""
    if before.deadline_id is not None:
        await cancel(tx, before.deadline_id)
    await orders.update(tx, after)
    versions = (before.version, after.version)
    why = after.lapse_reason
    await command_log.record(
        tx, [audit(story, caller, command, SUBJECT, after.order_id, versions, reason=why)]
    )
    await outbox.append(tx, events.order_moved(after, story))
    return after


async def walk_again(tx: Transaction, order: SaturationOrder, tools: Tools) -> None:
    """Have every row looked at anew at once: a walk on its way may have passed those that changed."""
    walk = Deadline(tools.new_id(), SUBJECT, order.order_id, WALK, tools.clock.now())
    await orders.walk_anew(tx, walk)


async def walk_over(tx: Transaction, crisis_id: UUID, place: str, tools: Tools) -> None:
    """Rows came to the place (p-code): every order in force there must reach them too.

    To be asked after the rows' lines are locked; orders are locked by id.
    """
    for known in await orders.in_force(tx, [crisis_id]):
        if any(covers(part, place) for part in known.area):
            order = await lock(tx, known)
            if order.state in IN_FORCE:
                await walk_again(tx, order, tools)
