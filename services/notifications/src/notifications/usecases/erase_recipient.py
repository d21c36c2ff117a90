"""Erase a recipient: key and addresses go, open deliveries end suppressed, notices stay as counts."""

from uuid import UUID

from imece_chassis.database import Transaction
from notifications.store import contacts, results, subscriptions
from notifications.usecases.follow_reach import follow_reach


async def erase_recipient(tx: Transaction, recipient_id: UUID) -> int:
    """Erase; the number of deliveries that will not be sent any more."""
    suppressed: list[UUID] = []
    for contact_ref in await contacts.contact_refs(tx, recipient_id):
        await subscriptions.end_of_contact(tx, contact_ref, "erased")
        suppressed += await results.suppress_waiting(tx, contact_ref)
    await contacts.erase(tx, recipient_id, "expired")
    await follow_reach(tx, suppressed)
    return len(suppressed)
