"""/need-lines/{id}: ask for more or less, say what is met elsewhere, agree on a reserve."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.line_terms import ElsewhereStatement
from crisis.domain.reasons import OVER_CAP, REVISE, REVOKE
from crisis.domain.units import plain
from crisis.events import moment, vector
from crisis.http.lists import PageQuery, PageView
from crisis.http.parts import NeedWriter, Reader, answer, command, parts_of, snapshot
from crisis.http.pledge_shapes import PledgeListItem
from crisis.http.reason_lists import one_of
from crisis.http.shapes import Body, DeviceTime, GivenMoment, LineView, Quantity, Reason, Unit, View
from crisis.http.two_keys import TwoKeysView, two_keys_view
from crisis.http.views import Document, allocation_view
from crisis.usecases import reading_lines
from crisis.usecases.line_step import LineChanged
from crisis.usecases.revise_need_line import ReviseNeedLine, revise_need_line
from crisis.usecases.set_over_cap import SetOverCap, propose_over_cap
from crisis.usecases.state_elsewhere import (
    RevokeStatement,
    StateElsewhere,
    revoke_statement,
    state_elsewhere,
)
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.paging import CursorInvalid, filters_of, link_header
from imece_chassis.http.problems import problem_responses
from imece_chassis.http.responses import respond
from imece_reference.refusals import InvalidQuantity, NotWhole, UnknownUnit

router = APIRouter(tags=["need lines"])


class ReviseBody(Body):
    """What changes; `release` names held rows a desk lets go first, in this order."""

    quantity: Quantity | None = None
    unit: Unit | None = None
    needed_by: GivenMoment | None = None
    reason: Reason
    release: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=500)] | None = None


class ElsewhereBody(Body):
    """Met without a pledge: own stock, others' deliveries. `evidence_ref` is an opaque reference."""

    quantity: Quantity
    unit: Unit
    evidence_ref: Annotated[str, Field(min_length=1, max_length=64)]
    device_time: DeviceTime = None


class OverCapBody(Body):
    """The whole reserve above the request; "0" for none."""

    quantity: Quantity | Literal["0"]
    unit: Unit
    reason: Reason


class RevokeBody(Body):
    """Why: a code of the reason list."""

    reason: Reason


class RevisedView(View):
    """The line after it, and the rows let go, newest first or as picked."""

    line: LineView
    released: tuple[PledgeListItem, ...]


class StatementView(View):
    """What is said to be met elsewhere; `line` is the line after the command."""

    statement_id: UUID
    need_line_id: UUID
    quantity: str
    stated_by_org: UUID
    evidence_ref: str
    stated_at: datetime
    revoked_at: datetime | None
    revoked_by_org: UUID | None
    revoke_reason: str | None
    line: LineView | None = None


class RevisionView(View):
    """What was asked from an event of the line on."""

    version: int
    requested: str
    over_cap: str
    needed_by: datetime
    reason: str | None
    by_org_id: UUID
    line_version: int
    created_at: datetime


class TermsHistory(PageView):
    """Revisions and statements of a line, oldest first; a page holds up to `limit` of each."""

    revisions: tuple[RevisionView, ...]
    statements: tuple[StatementView, ...]


_OPEN = (refusals.NotFound, refusals.RoleMissing, refusals.NeedClosed, refusals.NeedNotOpen)
_QUANTITY = (refusals.QuantityTooLarge, UnknownUnit, InvalidQuantity, NotWhole)


@router.post(
    "/need-lines/{need_line_id}/revise",
    response_model=RevisedView,
    operation_id="reviseNeedLine",
    summary="Ask for more or less, earlier or later",
    responses=problem_responses(
        *_OPEN,
        *_QUANTITY,
        refusals.CrisisNotOpen,
        refusals.NothingRevised,
        refusals.NeededByPast,
        refusals.BelowCommitted,
        refusals.HoldNotOnLine,
        refusals.PickedTooLittle,
        refusals.ReasonUnknown,
    ),
    openapi_extra=one_of(REVISE),
)
async def revise(request: Request, need_line_id: UUID, body: ReviseBody, caller: NeedWriter) -> Response:
    """By the asker or a desk of the area. Never below what is on its way, delivered or met elsewhere.

    What is held above the new request is let go, newest first unless a desk names the rows; the last is cut.
    """
    tools = parts_of(request).tools
    wanted = ReviseNeedLine(need_line_id, body.reason, body.quantity, body.unit, body.needed_by, body.release)

    async def work(tx: Transaction) -> Answer:
        done = await revise_need_line(tx, wanted, caller, tools)
        released = [allocation_view(row, done.line) for row in done.released]
        return answer({"line": _vector(done), "released": released})

    return await command(request, caller, work)


@router.post(
    "/need-lines/{need_line_id}/elsewhere",
    status_code=201,
    response_model=StatementView,
    operation_id="stateElsewhere",
    summary="Say what is met without a pledge",
    responses=problem_responses(*_OPEN, *_QUANTITY, refusals.EvidenceNotReference, refusals.LineFull),
)
async def state(request: Request, need_line_id: UUID, body: ElsewhereBody, caller: NeedWriter) -> Response:
    """By the asker or a desk of the area, with evidence. The gap shrinks by it."""
    tools = parts_of(request).tools
    wanted = StateElsewhere(need_line_id, body.quantity, body.unit, body.evidence_ref, body.device_time)

    async def work(tx: Transaction) -> Answer:
        said, done = await state_elsewhere(tx, wanted, caller, tools)
        return answer({**_statement(said), "line": _vector(done)}, 201)

    return await command(request, caller, work)


@router.post(
    "/elsewhere/{statement_id}/revoke",
    response_model=StatementView,
    operation_id="revokeStatement",
    summary="Take a statement back",
    responses=problem_responses(*_OPEN, refusals.StatementRevoked, refusals.ReasonUnknown),
    openapi_extra=one_of(REVOKE),
)
async def revoke(request: Request, statement_id: UUID, body: RevokeBody, caller: NeedWriter) -> Response:
    """By who stated it or a desk of the area. The gap grows by it, and waiting pledges are called."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        said, done = await revoke_statement(tx, RevokeStatement(statement_id, body.reason), caller, tools)
        return answer({**_statement(said), "line": _vector(done)})

    return await command(request, caller, work)


@router.post(
    "/need-lines/{need_line_id}/over-cap",
    status_code=202,
    response_model=TwoKeysView,
    operation_id="proposeOverCap",
    summary="Propose a reserve above the request",
    responses=problem_responses(
        *_OPEN,
        *_QUANTITY,
        refusals.CrisisNotOpen,
        refusals.NothingRevised,
        refusals.OverCapInUse,
        refusals.KeyPending,
        refusals.ReasonUnknown,
    ),
    openapi_extra=one_of(OVER_CAP),
)
async def over_cap(request: Request, need_line_id: UUID, body: OverCapBody, caller: NeedWriter) -> Response:
    """By a desk of the area or the secretariat; it counts once another key of the secretariat confirms."""
    tools = parts_of(request).tools
    wanted = SetOverCap(need_line_id, body.quantity, body.unit, body.reason)

    async def work(tx: Transaction) -> Answer:
        asked = await propose_over_cap(tx, wanted, caller, tools)
        return answer(two_keys_view(asked), 202, f"/two-keys/{asked.two_key_id}")

    return await command(request, caller, work)


@router.get(
    "/need-lines/{need_line_id}/terms",
    response_model=TermsHistory,
    operation_id="getTermsHistory",
    summary="What was asked and stated, each time",
    responses=problem_responses(refusals.NotFound, CursorInvalid),
)
async def history(
    request: Request, need_line_id: UUID, caller: Reader, query: Annotated[PageQuery, Query()]
) -> Response:
    """Every member may read it."""
    cursors, filters = parts_of(request).cursors("terms"), filters_of(request)
    wanted = cursors.page(query.cursor, query.limit, filters)
    version, statement = wanted.after or (0, None)
    after = int(version), UUID(str(statement)) if statement else None
    told = await snapshot(
        request, lambda tx: reading_lines.terms(tx, need_line_id, caller, after, wanted.limit)
    )
    following = cursors.encode(told.following, filters) if told.following else None
    revisions = [
        {**each, "requested": plain(each["requested"]), "over_cap": plain(each["over_cap"])}
        for each in told.revisions
    ]
    document = {
        "revisions": revisions,
        "statements": [_statement(each) for each in told.statements],
        "has_more": following is not None,
        "next_cursor": following,
    }
    response = respond(answer(document))
    if following is not None:
        response.headers["link"] = link_header(request, {"next": following})
    return response


def _vector(done: LineChanged) -> orjson.Fragment:
    return orjson.Fragment(vector(done.line, done.balance))


def _statement(said: ElsewhereStatement) -> Document:
    stated: dict[str, Any] = {
        "statement_id": said.statement_id,
        "need_line_id": said.need_line_id,
        "quantity": plain(said.qty),
        "stated_by_org": said.stated_by_org,
        "evidence_ref": said.evidence_ref,
        "stated_at": moment(said.stated_at),
        "revoked_at": moment(said.revoked_at) if said.revoked_at else None,
        "revoked_by_org": said.revoked_by_org,
        "revoke_reason": said.revoke_reason,
    }
    return stated
