"""Subscribe a contact of an organisation: one rule, and the recipient and contact behind it if they are new.

The same URL or address is one recipient however often it is subscribed, so it hears each event once.
"""

from dataclasses import dataclass
from uuid import UUID

from imece_chassis.database import Transaction
from imece_chassis.ids import uuid7
from notifications.domain.addresses import mail_address
from notifications.domain.kinds import Channel
from notifications.domain.refusals import AddressUnsubscribed, TooManySubscriptions, WebhookTargetRefused
from notifications.domain.targets import OutboundPolicy, TargetRefused, parse_target
from notifications.store import contacts, subscriptions
from notifications.store.subscriptions import NewRule, Subscription
from notifications.store.vault import Vault

MAX_PER_ORGANISATION = 200
MAX_PER_ENDPOINT = 10  # every rule of an endpoint adds a signature to the header of each of its webhooks


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`target` is the URL or mail address, empty for the inbox."""

    organisation_id: UUID
    integration_id: UUID
    channel: Channel
    target: str
    language: str
    crisis_id: UUID | None
    event_kinds: tuple[str, ...]
    only_own: bool


@dataclass(frozen=True, slots=True)
class Subscribed:
    """The new subscription; `sealed_secret` is for webhooks, to be opened only on the way out."""

    subscription: Subscription
    sealed_secret: bytes | None


async def subscribe(tx: Transaction, vault: Vault, policy: OutboundPolicy, command: Subscribe) -> Subscribed:
    """Raises WebhookTargetRefused, MailAddressRefused, AddressUnsubscribed, TooManySubscriptions."""
    await subscriptions.lock_organisation(tx, command.organisation_id)
    if await subscriptions.count(tx, command.organisation_id) >= MAX_PER_ORGANISATION:
        raise TooManySubscriptions(limit=str(MAX_PER_ORGANISATION))
    match command.channel:
        case Channel.WEBHOOK:
            contact_ref, recipient_id = await _endpoint(tx, policy, command)
        case Channel.MAIL:
            contact_ref, recipient_id = await _mailbox(tx, vault, command)
        case Channel.INBOX:
            contact_ref = recipient_id = await _inbox(tx, command)
    subscription_id = uuid7()
    is_webhook = command.channel is Channel.WEBHOOK
    sealed_secret = vault.seal_secret(subscription_id, vault.new_secret()) if is_webhook else None
    await subscriptions.add(
        tx,
        NewRule(
            subscription_id=subscription_id,
            organisation_id=command.organisation_id,
            integration_id=command.integration_id,
            recipient_id=recipient_id,
            channel=command.channel,
            contact_ref=contact_ref,
            crisis_id=command.crisis_id,
            event_kinds=command.event_kinds,
            only_own=command.only_own,
            sealed_secret=sealed_secret,
        ),
    )
    subscription = await subscriptions.get(tx, vault, command.organisation_id, subscription_id)
    assert subscription is not None, "inserted in this transaction"
    return Subscribed(subscription, sealed_secret)


async def _endpoint(tx: Transaction, policy: OutboundPolicy, command: Subscribe) -> tuple[UUID, UUID]:
    try:
        parse_target(command.target, policy)
    except TargetRefused as error:
        raise WebhookTargetRefused(reason=error.reason) from None
    found = await subscriptions.find_endpoint(tx, command.organisation_id, command.target)
    if found is not None:
        if await subscriptions.count_by_contact(tx, found[0]) >= MAX_PER_ENDPOINT:
            raise TooManySubscriptions(limit=str(MAX_PER_ENDPOINT))
        await subscriptions.switch_on(tx, found[0])
        return found
    recipient_id = await contacts.new_recipient(tx, "endpoint", command.organisation_id, command.language)
    endpoint_id = uuid7()
    await subscriptions.add_endpoint(tx, endpoint_id, recipient_id, command.organisation_id, command.target)
    return endpoint_id, recipient_id


async def _mailbox(tx: Transaction, vault: Vault, command: Subscribe) -> tuple[UUID, UUID]:
    address = mail_address(command.target)
    contact = await contacts.find_mailbox(tx, vault, command.organisation_id, address)
    if contact is None:
        contact = await contacts.add_mailbox(tx, vault, command.organisation_id, address, command.language)
    elif contact.state != "active":
        raise AddressUnsubscribed
    else:
        await contacts.set_language(tx, contact.recipient_id, command.language)
    return contact.contact_ref, contact.recipient_id


async def _inbox(tx: Transaction, command: Subscribe) -> UUID:
    recipient_id = await contacts.inbox_recipient(tx, command.organisation_id)
    if recipient_id is None:
        return await contacts.new_recipient(tx, "organisation", command.organisation_id, command.language)
    await contacts.set_language(tx, recipient_id, command.language)
    return recipient_id
