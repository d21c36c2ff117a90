"""End a subscription for its owner. A contact without rules gets nothing more; a mail address is erased."""

from uuid import UUID

from imece_chassis.database import Transaction
from notifications import metrics
from notifications.domain.kinds import Channel
from notifications.domain.refusals import SubscriptionNotFound
from notifications.store import contacts, results, subscriptions
from notifications.usecases.follow_reach import follow_reach


async def end_subscription(tx: Transaction, organisation_id: UUID, subscription_id: UUID) -> None:
    """Raises SubscriptionNotFound for a foreign, unknown or ended one."""
    await subscriptions.lock_organisation(tx, organisation_id)
    ended = await subscriptions.end(tx, organisation_id, subscription_id)
    if ended is None:
        raise SubscriptionNotFound
    contact_ref, recipient_id, channel = ended
    if await subscriptions.count_by_contact(tx, contact_ref) > 0:
        return
    suppressed = await results.suppress_waiting(tx, contact_ref)
    tx.after_commit(lambda: metrics.terminal_total.labels(channel.value, "suppressed").inc(len(suppressed)))
    if channel is Channel.MAIL:
        await contacts.erase(tx, recipient_id, "expired")
    await follow_reach(tx, suppressed)
