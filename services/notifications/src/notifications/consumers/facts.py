"""crisis.lines.v1, .crises.v1, .offers.v1, .orders.v1 and .tasks.v1 → notices.

What nobody can handle is set aside; the rest goes on.
"""

from collections.abc import Sequence

from imece_chassis.consumer import Consumer, Policy, Received
from imece_chassis.database import Transaction
from imece_contracts.crisis import CrisisOpened
from imece_contracts.topics import CRISES, CRISIS_PROGRESS, LINES, OFFERS, ORDERS, TASKS
from notifications.events import fact_of, place_in, promises_in
from notifications.store import promises
from notifications.store.notices import remember_crisis
from notifications.usecases.concern_holders import concern_holders
from notifications.usecases.record_notices import record_notices

CONSUMER = "notices"


async def handle(tx: Transaction, batch: Sequence[Received]) -> None:
    """Remember crises and promises, then write the notices of the whole batch."""
    for received in batch:
        if isinstance(received.data, CrisisOpened):
            await remember_crisis(
                tx,
                received.data.crisis,
                received.data.crisis_no,
                received.data.title,
                received.envelope.is_drill,
                received.envelope.sequence,
            )
    await promises.keep(tx, [promise for each in batch for promise in promises_in(each.envelope, each.data)])
    await promises.move(tx, [place for each in batch if (place := place_in(each.data)) is not None])
    facts = [fact_of(received.envelope, received.data) for received in batch]
    await record_notices(tx, await concern_holders(tx, [fact for fact in facts if fact is not None]))


def facts_consumer() -> Consumer:
    """The consumer that turns facts into notices; notifications go on where a projection would stop."""
    return Consumer(
        name=CONSUMER,
        topics=(CRISES, LINES, OFFERS, ORDERS, TASKS, CRISIS_PROGRESS),
        policy=Policy.GO_ON,
        handle=handle,
    )
