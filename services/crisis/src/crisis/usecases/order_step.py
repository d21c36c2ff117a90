"""What all steps of a saturation order have in common: lock in order, change it, tell it."""

from uuid import UUID

from crisis import events
from crisis.domain.orders import SUBJECT, SaturationOrder
from crisis.domain.refusals import NotFound
from crisis.events import Story
from crisis.store import command_log, crises, orders
from crisis.usecases.tools import audit
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import cancel


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
