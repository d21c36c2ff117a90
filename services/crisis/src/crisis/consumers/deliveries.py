"""notifications.deliveries.v1 → clocks that stand still while nobody was reached, and run on afterwards."""

from collections.abc import Sequence

from crisis.usecases.follow_notice import FollowNotice, Outcome, follow_notice
from imece_chassis.consumer import Consumer, Policy, Received
from imece_chassis.database import Transaction
from imece_contracts.event import EventData
from imece_contracts.notifications import NoticeDeferred, NoticeDelivered, NoticeEvent, NoticeUndelivered
from imece_contracts.topics import DELIVERIES, NOTIFICATIONS_PROGRESS

CONSUMER = "deliveries"

_OUTCOMES: dict[type[EventData], Outcome] = {
    NoticeDelivered: Outcome.DELIVERED,
    NoticeUndelivered: Outcome.UNDELIVERED,
    NoticeDeferred: Outcome.DEFERRED,
}


async def handle(tx: Transaction, batch: Sequence[Received]) -> None:
    """What a batch says about clocks, in order within each; clocks are taken in the order of their ids."""
    commands = [command for each in batch if (command := command_of(each)) is not None]
    for command in sorted(commands, key=lambda command: command.deadline_ref):
        await follow_notice(tx, command)


def command_of(received: Received) -> FollowNotice | None:
    """The command behind an event of a notice; None for anything else."""
    data = received.data
    outcome = _OUTCOMES.get(type(data))
    if outcome is None or not isinstance(data, NoticeEvent):
        return None
    return FollowNotice(data.deadline_ref, data.organisation, outcome, received.envelope.time)


def deliveries_consumer() -> Consumer:
    """Later news of one clock waits behind what failed: delivery must not be overtaken by its failure."""
    return Consumer(CONSUMER, (DELIVERIES, NOTIFICATIONS_PROGRESS), Policy.PARK, handle)
