"""Store the intent: notices and deliveries of a batch of facts, in the consumer's own transaction.

Nothing is sent here. The dispatcher is woken after the commit; if that hint is lost, it polls.
"""

from collections.abc import Sequence
from uuid import UUID

from imece_chassis.database import Transaction
from notifications import metrics
from notifications.domain.audience import FANOUT_CHUNK, Addressee, Fact, audience
from notifications.store import notices, results
from notifications.usecases.follow_reach import follow_reach

WAKE_CHANNEL = "notifications_due"


async def record_notices(tx: Transaction, facts: Sequence[Fact]) -> int:
    """Write one notice per (recipient, fact) with its deliveries; the number of notices that are new."""
    if not facts:
        return 0
    rules = await notices.rules_for(tx, facts)
    pairs = [(fact, addressee) for fact in facts for addressee in audience(rules, fact)]
    return await write_pairs(tx, pairs)


async def write_pairs(tx: Transaction, pairs: Sequence[tuple[Fact, Addressee]]) -> int:
    """Write pairs in chunks, so that a large audience never holds one statement for long.

    What goes to a lane paused for its failures is deferred from the start. Clocks are locked once, after all
    chunks.
    """
    new = 0
    of_clocks: list[UUID] = []
    for start in range(0, len(pairs), FANOUT_CHUNK):
        written = await notices.write(tx, pairs[start : start + FANOUT_CHUNK])
        new += sum(written.notices.values())
        of_clocks += written.of_clocks
        tx.after_commit(lambda written=written: _count(written))
    if of_clocks:
        await follow_reach(tx, await results.held_up(tx, of_clocks))
    if pairs:
        tx.wake_after_commit(WAKE_CHANNEL)
    return new


def _count(written: notices.Written) -> None:
    for notice_class, number in written.notices.items():
        metrics.notices_total.labels(notice_class).inc(number)
    if inbox := written.deliveries.get("inbox"):
        metrics.terminal_total.labels("inbox", "delivered").inc(inbox)
        metrics.attempts_total.labels("inbox", "accepted").inc(inbox)
