"""/subscriptions: what an organisation hears of, where, and what became of each message."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from imece_chassis.answers import Answer, json_answer
from imece_chassis.database import Transaction
from imece_chassis.http.idempotent import idempotent
from imece_chassis.http.paging import DEFAULT_LIMIT, MAX_LIMIT, CursorInvalid, filters_of, link_header
from imece_chassis.http.problems import problem_responses
from notifications.channels.webhook import webhook_id
from notifications.domain import refusals
from notifications.domain.kinds import Channel
from notifications.http.parts import Subscriber, change, parts_of, read, route_of
from notifications.http.secrets import sealed_text, with_open_secret
from notifications.http.shapes import (
    DeliveryList,
    InboxWish,
    MailWish,
    SubscriptionCreated,
    SubscriptionList,
    SubscriptionView,
    SubscriptionWish,
    WebhookWish,
    delivery_view,
    subscription_view,
)
from notifications.store import deliveries, subscriptions
from notifications.store.subscriptions import Subscription
from notifications.usecases.end_subscription import end_subscription
from notifications.usecases.subscribe import Subscribe, subscribe

router = APIRouter(prefix="/subscriptions", tags=["subscriptions"])

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


@router.post(
    "",
    status_code=201,
    response_model=SubscriptionCreated,
    operation_id="subscribe",
    summary="Hear of events by webhook, mail or inbox",
    responses=problem_responses(
        refusals.WebhookTargetRefused,
        refusals.MailAddressRefused,
        refusals.AddressUnsubscribed,
        refusals.TooManySubscriptions,
    ),
)
async def create(request: Request, body: SubscriptionWish, caller: Subscriber) -> Response:
    """Several subscriptions of one address widen what it hears, never how often it hears of one event."""
    parts = parts_of(request)

    async def work(tx: Transaction) -> Answer:
        command = Subscribe(
            organisation_id=caller.organisation_id,
            integration_id=caller.integration_id,
            channel=Channel(body.channel),
            target=_target(body),
            language="tr" if isinstance(body, WebhookWish) else body.language,
            crisis_id=body.crisis_id,
            event_kinds=tuple(dict.fromkeys(body.event_kinds)),
            only_own=body.only_own,
        )
        created = await subscribe(tx, parts.vault, parts.policy, command)
        view = SubscriptionCreated(
            **subscription_view(created.subscription).model_dump(), secret=sealed_text(created.sealed_secret)
        )
        return json_answer(view, 201, (("location", f"/subscriptions/{view.subscription_id}"),))

    return with_open_secret(await idempotent(request, caller, route_of(request), work), parts.vault)


def _target(body: WebhookWish | MailWish | InboxWish) -> str:
    match body:
        case WebhookWish():
            return body.url
        case MailWish():
            return body.address
        case InboxWish():
            return ""


@router.get(
    "",
    response_model=SubscriptionList,
    operation_id="listSubscriptions",
    summary="Subscriptions of the own organisation",
    responses=problem_responses(CursorInvalid),
)
async def index(
    request: Request,
    response: Response,
    caller: Subscriber,
    cursor: str | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> SubscriptionList:
    """In order of creation."""
    parts = parts_of(request)
    page = parts.cursors.page(cursor, limit, _scope(request, caller.organisation_id))
    after = UUID(page.after[0]) if page.after else None

    async def work(tx: Transaction) -> list[Subscription]:
        return await subscriptions.page(tx, parts.vault, caller.organisation_id, after, page.limit + 1)

    found = await read(request, work)
    shown = found[: page.limit]
    scope, following = _scope(request, caller.organisation_id), None
    if len(found) > page.limit:
        following = parts.cursors.encode([shown[-1].subscription_id], scope)
        response.headers["link"] = link_header(request, {"next": following})
    return SubscriptionList(
        subscriptions=tuple(subscription_view(each) for each in shown), next_cursor=following
    )


@router.get(
    "/{subscription_id}",
    response_model=SubscriptionView,
    operation_id="getSubscription",
    summary="One subscription",
    responses=problem_responses(refusals.SubscriptionNotFound),
)
async def show(request: Request, subscription_id: UUID, caller: Subscriber) -> SubscriptionView:
    """Never shows the secret."""
    return subscription_view(await _own(request, caller.organisation_id, subscription_id))


@router.delete(
    "/{subscription_id}",
    status_code=204,
    operation_id="unsubscribe",
    summary="End a subscription",
    responses=problem_responses(refusals.SubscriptionNotFound),
)
async def end(request: Request, subscription_id: UUID, caller: Subscriber) -> Response:
    """What waits for an address that has no other subscription is not sent, and a mail address is erased."""
    await change(request, lambda tx: end_subscription(tx, caller.organisation_id, subscription_id))
    return Response(status_code=204)


@router.get(
    "/{subscription_id}/deliveries",
    response_model=DeliveryList,
    operation_id="listDeliveries",
    summary="What was sent, when, and what came of it",
    responses=problem_responses(refusals.SubscriptionNotFound, CursorInvalid),
)
async def log(
    request: Request,
    response: Response,
    subscription_id: UUID,
    caller: Subscriber,
    cursor: str | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> DeliveryList:
    """Newest first, every attempt included."""
    parts = parts_of(request)
    scope = _scope(request, caller.organisation_id)
    page = parts.cursors.page(cursor, limit, scope)
    before = UUID(page.after[0]) if page.after else None
    rule = await _own(request, caller.organisation_id, subscription_id)

    async def work(tx: Transaction) -> list[deliveries.Delivery]:
        return await deliveries.of_subscription(
            tx, rule.contact_ref, rule.crisis_id, rule.event_kinds, before=before, limit=page.limit + 1
        )

    found = await read(request, work)
    shown = found[: page.limit]
    is_webhook, following = rule.channel is Channel.WEBHOOK, None
    if len(found) > page.limit:
        following = parts.cursors.encode([shown[-1].delivery_id], scope)
        response.headers["link"] = link_header(request, {"next": following})
    return DeliveryList(
        deliveries=tuple(
            delivery_view(each, webhook_id(each.delivery_id) if is_webhook else None) for each in shown
        ),
        next_cursor=following,
    )


async def _own(request: Request, organisation_id: UUID, subscription_id: UUID) -> Subscription:
    parts = parts_of(request)

    async def work(tx: Transaction) -> Subscription | None:
        return await subscriptions.get(tx, parts.vault, organisation_id, subscription_id)

    found = await read(request, work)
    if found is None:
        raise refusals.SubscriptionNotFound
    return found


def _scope(request: Request, organisation_id: UUID) -> str:
    """A cursor is good for one list of one organisation."""
    return f"{organisation_id} {request.url.path} {filters_of(request)}"
