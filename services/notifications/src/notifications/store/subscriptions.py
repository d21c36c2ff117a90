"""Rules of organisations and their webhook endpoints. Every look-up names the organisation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from imece_chassis.database import Transaction
from notifications.domain.addresses import masked
from notifications.domain.kinds import Channel
from notifications.store.vault import Unreadable, Vault

_COLUMNS = """r.subscription_id, r.channel, r.crisis_id, r.event_kinds, r.only_own, r.created_at, r.ended_by,
       r.contact_ref, r.recipient_id, p.language, e.url, e.disabled_reason, c.address, k.wrapped_key
  FROM notify.rules r
  JOIN pii.recipients p USING (recipient_id)
  LEFT JOIN notify.endpoints e ON e.endpoint_id = r.contact_ref
  LEFT JOIN pii.contact_points c ON c.contact_ref = r.contact_ref
  LEFT JOIN pii.recipient_keys k ON k.recipient_id = r.recipient_id"""
# What its owner still sees: live rules, and those the person written to has stopped.
_VISIBLE = "r.organisation_id = $1 AND (r.ended_at IS NULL OR r.ended_by = 'unsubscribed')"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A rule as its owner sees it. `state`: active, disabled, unsubscribed. Addresses are masked."""

    subscription_id: UUID
    channel: Channel
    contact_ref: UUID
    recipient_id: UUID
    crisis_id: UUID | None
    event_kinds: tuple[str, ...]
    only_own: bool
    language: str
    url: str | None
    address: str | None
    state: str
    disabled_reason: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule to insert; `sealed_secret` for webhooks only."""

    subscription_id: UUID
    organisation_id: UUID
    integration_id: UUID
    recipient_id: UUID
    channel: Channel
    contact_ref: UUID
    crisis_id: UUID | None
    event_kinds: tuple[str, ...]
    only_own: bool
    sealed_secret: bytes | None


async def lock_organisation(tx: Transaction, organisation_id: UUID) -> None:
    """Let the subscription changes of one organisation take turns until the transaction ends."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"subscriptions:{organisation_id}"
    )


async def count(tx: Transaction, organisation_id: UUID) -> int:
    """Live rules of the organisation."""
    return await tx.fetchval(
        "SELECT count(*) FROM notify.rules WHERE organisation_id = $1 AND ended_at IS NULL", organisation_id
    )


async def count_by_contact(tx: Transaction, contact_ref: UUID) -> int:
    """Live rules that lead to this contact."""
    return await tx.fetchval(
        "SELECT count(*) FROM notify.rules WHERE contact_ref = $1 AND ended_at IS NULL", contact_ref
    )


async def find_endpoint(tx: Transaction, organisation_id: UUID, url: str) -> tuple[UUID, UUID] | None:
    """(endpoint, recipient) of this URL of this organisation."""
    row = await tx.fetchrow(
        """SELECT endpoint_id, recipient_id FROM notify.endpoints
            WHERE organisation_id = $1 AND url = $2 FOR UPDATE""",
        organisation_id,
        url,
    )
    return None if row is None else (row["endpoint_id"], row["recipient_id"])


async def add_endpoint(
    tx: Transaction, endpoint_id: UUID, recipient_id: UUID, organisation_id: UUID, url: str
) -> None:
    """Insert an endpoint, switched on."""
    await tx.execute(
        """INSERT INTO notify.endpoints (endpoint_id, recipient_id, organisation_id, url)
           VALUES ($1, $2, $3, $4)""",
        endpoint_id,
        recipient_id,
        organisation_id,
        url,
    )


async def switch_on(tx: Transaction, endpoint_id: UUID) -> None:
    """Forget failures and reasons: the owner says it works."""
    await tx.execute(
        """UPDATE notify.endpoints SET failing_since = NULL, failures_in_row = 0, paused_until = NULL,
                  disabled_at = NULL, disabled_reason = NULL
            WHERE endpoint_id = $1""",
        endpoint_id,
    )


async def add(tx: Transaction, rule: NewRule) -> None:
    """Insert a rule."""
    await tx.execute(
        """INSERT INTO notify.rules (subscription_id, organisation_id, integration_id, recipient_id, channel,
                                     contact_ref, crisis_id, event_kinds, only_own, sealed_secret)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        rule.subscription_id,
        rule.organisation_id,
        rule.integration_id,
        rule.recipient_id,
        rule.channel.value,
        rule.contact_ref,
        rule.crisis_id,
        list(rule.event_kinds),
        rule.only_own,
        rule.sealed_secret,
    )


async def get(
    tx: Transaction, vault: Vault, organisation_id: UUID, subscription_id: UUID
) -> Subscription | None:
    """One rule of this organisation."""
    row = await tx.fetchrow(
        f"SELECT {_COLUMNS} WHERE {_VISIBLE} AND r.subscription_id = $2",
        organisation_id,
        subscription_id,
    )
    return None if row is None else _subscription(vault, row)


async def page(
    tx: Transaction, vault: Vault, organisation_id: UUID, after: UUID | None, limit: int
) -> list[Subscription]:
    """Rules of this organisation in order of creation, those after `after`."""
    rows = await tx.fetch(
        f"""SELECT {_COLUMNS} WHERE {_VISIBLE} AND r.subscription_id > $2
             ORDER BY r.subscription_id LIMIT $3""",
        organisation_id,
        after or UUID(int=0),
        limit,
    )
    return [_subscription(vault, row) for row in rows]


async def end(
    tx: Transaction, organisation_id: UUID, subscription_id: UUID
) -> tuple[UUID, UUID, Channel] | None:
    """End a visible rule for its owner: (contact, recipient, channel), or None when there is none."""
    row = await tx.fetchrow(
        """UPDATE notify.rules SET ended_at = coalesce(ended_at, now()), ended_by = 'owner'
            WHERE organisation_id = $1 AND subscription_id = $2
              AND (ended_at IS NULL OR ended_by = 'unsubscribed')
            RETURNING contact_ref, recipient_id, channel""",
        organisation_id,
        subscription_id,
    )
    return None if row is None else (row["contact_ref"], row["recipient_id"], Channel(row["channel"]))


async def end_of_contact(tx: Transaction, contact_ref: UUID, ended_by: str) -> int:
    """End every live rule that leads to a contact. The number ended."""
    tag = await tx.execute(
        "UPDATE notify.rules SET ended_at = now(), ended_by = $2 WHERE contact_ref = $1 AND ended_at IS NULL",
        contact_ref,
        ended_by,
    )
    return int(tag.rpartition(" ")[2])


def _subscription(vault: Vault, row: Any) -> Subscription:
    address = None
    if row["address"] is not None and row["wrapped_key"] is not None:
        try:
            address = masked(
                vault.open_address(
                    row["wrapped_key"], row["recipient_id"], row["contact_ref"], row["address"]
                )
            )
        except Unreadable:
            address = None
    is_off = row["disabled_reason"] is not None
    return Subscription(
        subscription_id=row["subscription_id"],
        channel=Channel(row["channel"]),
        contact_ref=row["contact_ref"],
        recipient_id=row["recipient_id"],
        crisis_id=row["crisis_id"],
        event_kinds=tuple(row["event_kinds"]),
        only_own=row["only_own"],
        language=row["language"],
        url=row["url"],
        address=address,
        state="unsubscribed" if row["ended_by"] else ("disabled" if is_off else "active"),
        disabled_reason=row["disabled_reason"],
        created_at=row["created_at"],
    )
