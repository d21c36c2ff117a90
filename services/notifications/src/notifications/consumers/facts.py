"""crisis.lines.v1, crisis.crises.v1 and crisis.tasks.v1 → notices.

What nobody can handle is set aside; the rest goes on.
"""

from collections.abc import Sequence

from imece_chassis.consumer import Consumer, Policy, Received
from imece_chassis.database import Transaction
from imece_contracts.crisis import CrisisOpened
from imece_contracts.topics import CRISES, CRISIS_PROGRESS, LINES, TASKS
from notifications.events import fact_of
from notifications.store.notices import remember_crisis
from notifications.usecases.record_notices import record_notices

CONSUMER = "notices"


async def handle(tx: Transaction, batch: Sequence[Received]) -> None:
    """Remember crises, then write the notices of the whole batch."""
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
    facts = [fact_of(received.envelope, received.data) for received in batch]
    await record_notices(tx, [fact for fact in facts if fact is not None])


def facts_consumer() -> Consumer:
    """The consumer that turns facts into notices; notifications go on where a projection would stop."""
    return Consumer(
        name=CONSUMER, topics=(CRISES, LINES, TASKS, CRISIS_PROGRESS), policy=Policy.GO_ON, handle=handle
    )
