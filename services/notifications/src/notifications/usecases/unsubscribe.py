"""The person behind a mail address stops its list: rules end, the address is erased, its keyed hash stays.

The hash is what refuses a new subscription of the same address by the same organisation.
"""

from uuid import UUID

from imece_chassis.database import Transaction
from notifications import metrics
from notifications.store import contacts, results, subscriptions
from notifications.usecases.follow_reach import follow_reach


async def unsubscribe(tx: Transaction, contact_ref: UUID) -> bool:
    """True when something was stopped by this call; repeating it changes nothing."""
    contact = await contacts.lock_contact(tx, contact_ref)
    if contact is None or contact.state != "active":
        return False
    await subscriptions.end_of_contact(tx, contact_ref, "unsubscribed")
    ended = await results.suppress_waiting(tx, contact_ref)
    tx.after_commit(lambda: metrics.terminal_total.labels("mail", "suppressed").inc(len(ended)))
    await contacts.erase(tx, contact.recipient_id, "suppressed")
    await follow_reach(tx, ended)
    return True
