"""Send a dead letter again: same delivery id, a new round of attempts."""

from uuid import UUID

from imece_chassis.database import Transaction
from notifications.domain.kinds import Channel
from notifications.domain.lifecycle import State
from notifications.domain.refusals import DeliveryNotFound, DeliveryNotRedrivable, EndpointDisabled
from notifications.store import deliveries
from notifications.store.deliveries import Delivery
from notifications.usecases.record_notices import WAKE_CHANNEL


async def redrive(tx: Transaction, organisation_id: UUID, delivery_id: UUID) -> Delivery:
    """The delivery, queued again. Raises DeliveryNotFound, DeliveryNotRedrivable, EndpointDisabled."""
    delivery = await deliveries.get(tx, organisation_id, delivery_id)
    if delivery is None:
        raise DeliveryNotFound
    if delivery.state is not State.DEAD_LETTERED:
        raise DeliveryNotRedrivable(state=delivery.state.value)
    if delivery.channel == Channel.WEBHOOK and await deliveries.is_endpoint_off(tx, delivery.contact_ref):
        raise EndpointDisabled
    await deliveries.requeue(tx, delivery_id)
    tx.wake_after_commit(WAKE_CHANNEL)
    queued = await deliveries.get(tx, organisation_id, delivery_id)
    assert queued is not None, "locked in this transaction"
    return queued
