"""Shapes of requests and answers. Unknown members of a request are refused; addresses come back masked."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from notifications.store.deliveries import Delivery
from notifications.store.subscriptions import Subscription

EXAMPLE_ID = "0199c2d4-0000-7000-8000-000000000001"

Language = Literal["tr", "en", "ar"]
EventKind = Literal[
    "crisis.opened",
    "need_line.opened",
    "allocation.proposed",
    "allocation.held",
    "allocation.withdrawn",
    "allocation.promoted",
    "allocation.reminder_due",
    "allocation.countered",
    "allocation.release_requested",
    "saturation_order.issued",
    "saturation_order.lapsed",
    "waiver.requested",
    "waiver.settled",
    "condition.stated",
    "condition.settled",
]


EVERY_KIND: tuple[EventKind, ...] = get_args(EventKind)


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Moment = Annotated[datetime, PlainSerializer(_rfc3339, return_type=str)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Wish(_Body):
    crisis_id: UUID | None = Field(
        None, description="Only this crisis; without it every crisis that is no drill"
    )
    event_kinds: Annotated[tuple[EventKind, ...], Field(min_length=1, max_length=len(EVERY_KIND))] = Field(
        EVERY_KIND,
        description="What to hear of; everything when left out. Allocations are told to the two parties and "
        "to desks of the place",
    )
    only_own: bool = Field(False, description="Only events in which the own organisation is a party")


class WebhookWish(_Wish):
    """A program hears of events at an https address."""

    channel: Literal["webhook"]
    url: Annotated[str, Field(min_length=10, max_length=2048, examples=["https://sistem.ornek.org.tr/imece"])]


class MailWish(_Wish):
    """A function of the organisation is written to."""

    channel: Literal["mail"]
    address: Annotated[str, Field(min_length=3, max_length=254, examples=["kriz-masasi@ornek.org.tr"])]
    language: Language = "tr"


class InboxWish(_Wish):
    """The organisation's own inbox."""

    channel: Literal["inbox"]
    language: Language = "tr"


SubscriptionWish = Annotated[WebhookWish | MailWish | InboxWish, Field(discriminator="channel")]


class SubscriptionView(_View):
    """A subscription. `state`: active, disabled (webhook switched off), unsubscribed (by the reader)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "subscription_id": EXAMPLE_ID,
                    "channel": "webhook",
                    "crisis_id": None,
                    "event_kinds": ["allocation.held"],
                    "only_own": False,
                    "language": "tr",
                    "state": "active",
                    "url": "https://sistem.ornek.org.tr/imece",
                    "address": None,
                    "disabled_reason": None,
                    "created_at": "2026-02-06T06:12:00.000Z",
                }
            ]
        }
    )

    subscription_id: UUID
    channel: str
    crisis_id: UUID | None
    event_kinds: tuple[str, ...]
    only_own: bool
    language: str
    state: str
    url: str | None
    address: str | None
    disabled_reason: str | None
    created_at: Moment


class SubscriptionCreated(SubscriptionView):
    """The new subscription; `secret` (whsec_…) verifies its webhooks and is shown this once."""

    secret: str | None = None


class SubscriptionList(_View):
    """A page of subscriptions in order of creation."""

    subscriptions: tuple[SubscriptionView, ...]
    next_cursor: str | None


class AttemptView(_View):
    """One try. `outcome`: accepted, temporary, permanent, unknown, or null while it runs."""

    number: int
    begun_at: Moment
    outcome: str | None
    code: str | None
    latency_ms: int | None


class DeliveryView(_View):
    """One notice on its way to one contact. `webhook_id` is what a receiver sees in its header."""

    delivery_id: UUID
    webhook_id: str | None
    notice_id: UUID
    event_id: UUID
    kind: str
    notice_class: str
    crisis_id: UUID | None
    channel: str
    state: str
    attempt_count: int
    redrives: int
    next_attempt_at: Moment | None
    exhausted_by: str | None
    occurred_at: Moment
    created_at: Moment
    ended_at: Moment | None
    attempts: tuple[AttemptView, ...]


class DeliveryList(_View):
    """A page of deliveries, newest first."""

    deliveries: tuple[DeliveryView, ...]
    next_cursor: str | None


class InboxItem(_View):
    """A notice in the reader's language; `data` has its ids and figures."""

    notice_id: UUID
    event_id: UUID
    type: str
    kind: str
    notice_class: str
    crisis_id: UUID | None
    is_drill: bool
    sequence: int
    title: str
    text: str
    link: str
    data: dict[str, Any]
    occurred_at: Moment
    created_at: Moment
    read_at: Moment | None


class InboxView(_View):
    """A page of the inbox, newest first; `unread` is counted up to 1,000."""

    items: tuple[InboxItem, ...]
    unread: int
    next_cursor: str | None


class ReadView(_View):
    """When the notice was first read."""

    notice_id: UUID
    read_at: Moment


def subscription_view(subscription: Subscription) -> SubscriptionView:
    """The rule as its owner sees it."""
    return SubscriptionView(
        subscription_id=subscription.subscription_id,
        channel=subscription.channel.value,
        crisis_id=subscription.crisis_id,
        event_kinds=subscription.event_kinds,
        only_own=subscription.only_own,
        language=subscription.language,
        state=subscription.state,
        url=subscription.url,
        address=subscription.address,
        disabled_reason=subscription.disabled_reason,
        created_at=subscription.created_at,
    )


def delivery_view(delivery: Delivery, webhook_id: str | None) -> DeliveryView:
    """The delivery with every attempt and outcome."""
    return DeliveryView(
        delivery_id=delivery.delivery_id,
        webhook_id=webhook_id,
        notice_id=delivery.notice_id,
        event_id=delivery.event_id,
        kind=delivery.kind,
        notice_class=delivery.notice_class,
        crisis_id=delivery.crisis_id,
        channel=delivery.channel,
        state=delivery.state.value,
        attempt_count=delivery.attempts,
        redrives=delivery.redrives,
        next_attempt_at=delivery.due_at,
        exhausted_by=delivery.exhausted_by,
        occurred_at=delivery.occurred_at,
        created_at=delivery.created_at,
        ended_at=delivery.ended_at,
        attempts=tuple(
            AttemptView(
                number=attempt.number,
                begun_at=attempt.begun_at,
                outcome=attempt.outcome,
                code=attempt.code,
                latency_ms=attempt.latency_ms,
            )
            for attempt in delivery.tries
        ),
    )
