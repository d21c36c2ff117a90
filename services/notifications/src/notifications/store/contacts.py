"""Recipients and how they are reached. Addresses exist only sealed; erasing deletes the key first."""

from dataclasses import dataclass
from uuid import UUID

from imece_chassis.database import Transaction
from imece_chassis.ids import uuid7
from notifications.domain.addresses import comparable
from notifications.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact of a recipient; `state` is active or suppressed."""

    contact_ref: UUID
    recipient_id: UUID
    state: str = "active"


async def new_recipient(tx: Transaction, kind: str, organisation_id: UUID, language: str) -> UUID:
    """Insert a recipient of kind function, endpoint or organisation."""
    recipient_id = uuid7()
    await tx.execute(
        "INSERT INTO pii.recipients (recipient_id, kind, organisation_id, language) VALUES ($1, $2, $3, $4)",
        recipient_id,
        kind,
        organisation_id,
        language,
    )
    return recipient_id


async def set_language(tx: Transaction, recipient_id: UUID, language: str) -> None:
    """The language in which the recipient is written to from now on."""
    await tx.execute(
        "UPDATE pii.recipients SET language = $2 WHERE recipient_id = $1", recipient_id, language
    )


async def inbox_recipient(tx: Transaction, organisation_id: UUID) -> UUID | None:
    """The organisation's own inbox, if it has one."""
    return await tx.fetchval(
        "SELECT recipient_id FROM pii.recipients WHERE organisation_id = $1 AND kind = 'organisation'",
        organisation_id,
    )


async def find_mailbox(tx: Transaction, vault: Vault, organisation_id: UUID, address: str) -> Contact | None:
    """The organisation's contact with this address, active or suppressed; found by keyed hash."""
    row = await tx.fetchrow(
        """SELECT contact_ref, recipient_id, state FROM pii.contact_points
            WHERE organisation_id = $1 AND channel = 'mail' AND address_mac = $2
              AND state IN ('active', 'suppressed') FOR UPDATE""",
        organisation_id,
        vault.address_mac(comparable(address)),
    )
    return None if row is None else Contact(row["contact_ref"], row["recipient_id"], row["state"])


async def add_mailbox(
    tx: Transaction, vault: Vault, organisation_id: UUID, address: str, language: str
) -> Contact:
    """A new recipient with its own key and this sealed address."""
    recipient_id = await new_recipient(tx, "function", organisation_id, language)
    contact_ref = uuid7()
    wrapped_key = vault.new_recipient_key(recipient_id)
    await tx.execute(
        "INSERT INTO pii.recipient_keys (recipient_id, wrapped_key) VALUES ($1, $2)",
        recipient_id,
        wrapped_key,
    )
    await tx.execute(
        """INSERT INTO pii.contact_points (contact_ref, recipient_id, organisation_id, channel, address,
                                           address_mac, state)
           VALUES ($1, $2, $3, 'mail', $4, $5, 'active')""",
        contact_ref,
        recipient_id,
        organisation_id,
        vault.seal_address(wrapped_key, recipient_id, contact_ref, address),
        vault.address_mac(comparable(address)),
    )
    return Contact(contact_ref, recipient_id)


async def lock_contact(tx: Transaction, contact_ref: UUID) -> Contact | None:
    """A mail contact by its reference, locked for this transaction."""
    row = await tx.fetchrow(
        "SELECT contact_ref, recipient_id, state FROM pii.contact_points WHERE contact_ref = $1 FOR UPDATE",
        contact_ref,
    )
    return None if row is None else Contact(row["contact_ref"], row["recipient_id"], row["state"])


async def language_of_contact(tx: Transaction, contact_ref: UUID) -> str | None:
    """Language of the recipient behind a mail contact."""
    return await tx.fetchval(
        """SELECT r.language FROM pii.contact_points c JOIN pii.recipients r USING (recipient_id)
            WHERE c.contact_ref = $1""",
        contact_ref,
    )


async def language_of_recipient(tx: Transaction, recipient_id: UUID) -> str:
    """Language of a recipient that exists."""
    return await tx.fetchval("SELECT language FROM pii.recipients WHERE recipient_id = $1", recipient_id)


async def erase(tx: Transaction, recipient_id: UUID, state: str) -> None:
    """Delete key and addresses; contacts stay as `state` (suppressed or expired) without address."""
    await tx.execute("DELETE FROM pii.recipient_keys WHERE recipient_id = $1", recipient_id)
    await tx.execute(
        """UPDATE pii.contact_points SET address = NULL, state = $2, state_since = now()
            WHERE recipient_id = $1 AND state = 'active'""",
        recipient_id,
        state,
    )
    await tx.execute(
        "UPDATE pii.recipients SET erased_at = coalesce(erased_at, now()) WHERE recipient_id = $1",
        recipient_id,
    )


async def contact_refs(tx: Transaction, recipient_id: UUID) -> list[UUID]:
    """Every contact of a recipient."""
    rows = await tx.fetch(
        "SELECT contact_ref FROM pii.contact_points WHERE recipient_id = $1 FOR UPDATE", recipient_id
    )
    return [row["contact_ref"] for row in rows]
