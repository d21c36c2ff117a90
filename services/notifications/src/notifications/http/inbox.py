"""/inbox: the organisation's own inbox, which works when every other channel fails."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from imece_chassis.answers import Answer, json_answer
from imece_chassis.database import Transaction
from imece_chassis.http.idempotent import idempotent
from imece_chassis.http.languages import negotiate
from imece_chassis.http.paging import DEFAULT_LIMIT, MAX_LIMIT, CursorInvalid, filters_of, link_header
from imece_chassis.http.problems import problem_responses
from notifications.channels.links import Links
from notifications.domain import refusals
from notifications.domain.rendering import Subject, render_short
from notifications.domain.texts import MANDATORY_LOCALES
from notifications.http.parts import Subscriber, parts_of, read, route_of
from notifications.http.shapes import InboxItem, InboxView, ReadView
from notifications.store.inbox import Entry
from notifications.usecases.read_inbox import InboxPage, mark_read, read_inbox

router = APIRouter(prefix="/inbox", tags=["inbox"])

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


@router.get(
    "",
    response_model=InboxView,
    operation_id="readInbox",
    summary="Notices of the own organisation",
    responses=problem_responses(CursorInvalid),
)
async def index(
    request: Request,
    response: Response,
    caller: Subscriber,
    unread: bool = False,
    cursor: str | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> InboxView:
    """Newest first; texts in the language of Accept-Language (tr, en, ar), else the inbox's own."""
    parts = parts_of(request)
    scope = f"{caller.organisation_id} inbox {filters_of(request)}"
    page = parts.cursors.page(cursor, limit, scope)
    before = UUID(page.after[0]) if page.after else None

    async def work(tx: Transaction) -> InboxPage:
        return await read_inbox(
            tx, caller.organisation_id, is_unread_only=unread, before=before, limit=page.limit + 1
        )

    found = await read(request, work)
    shown = found.entries[: page.limit]
    has_more = len(found.entries) > page.limit
    following = parts.cursors.encode([shown[-1].notice_id], scope) if has_more else None
    if following is not None:
        response.headers["link"] = link_header(request, {"next": following})
    language = negotiate(
        request.headers.get("accept-language"), supported=MANDATORY_LOCALES, default=found.language
    )
    return InboxView(
        items=tuple(_item(entry, parts.links, language) for entry in shown),
        unread=found.unread,
        next_cursor=following,
    )


@router.post(
    "/{notice_id}/read",
    response_model=ReadView,
    operation_id="markRead",
    summary="Somebody has read a notice",
    responses=problem_responses(refusals.NoticeNotFound),
)
async def mark(request: Request, notice_id: UUID, caller: Subscriber) -> Response:
    """The first reading counts; repeating it changes nothing."""

    async def work(tx: Transaction) -> Answer:
        read_at = await mark_read(tx, caller.organisation_id, notice_id)
        return json_answer(ReadView(notice_id=notice_id, read_at=read_at))

    return await idempotent(request, caller, route_of(request), work)


def _item(entry: Entry, links: Links, language: str) -> InboxItem:
    link = links.board(entry.crisis_id, entry.params.get("need_line_id"))
    title, text = render_short(
        Subject(
            kind=entry.kind,
            params=entry.params,
            crisis_no=entry.crisis_no,
            crisis_title=entry.crisis_title,
            is_drill=entry.is_drill,
            link=link,
        ),
        language,
    )
    return InboxItem(
        notice_id=entry.notice_id,
        event_id=entry.event_id,
        type=entry.event_type,
        kind=entry.kind,
        notice_class=entry.notice_class,
        crisis_id=entry.crisis_id,
        is_drill=entry.is_drill,
        sequence=entry.sequence,
        title=title,
        text=text,
        link=link,
        data=dict(entry.params),
        occurred_at=entry.occurred_at,
        created_at=entry.created_at,
        read_at=entry.read_at,
    )
