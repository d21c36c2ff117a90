"""Corrections of the record: asked for on an allocation, done with a second key, listed by need line."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.corrections import Corrected, Piece
from crisis.domain.reasons import CORRECT
from crisis.domain.states import State
from crisis.domain.units import plain
from crisis.events import moment
from crisis.http.lists import PageQuery, PageView, page_answer
from crisis.http.parts import NeedWriter, Reader, answer, command, parts_of, snapshot
from crisis.http.reason_lists import one_of
from crisis.http.shapes import Body, Quantity, Reason, View
from crisis.http.two_keys import TwoKeysView, two_keys_view
from crisis.http.views import Document
from crisis.usecases.correct_record import CorrectRecord, propose_correction
from crisis.usecases.reading_corrections import corrections_of_line
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.paging import CursorInvalid, filters_of
from imece_chassis.http.problems import problem_responses
from imece_reference.refusals import InvalidQuantity, NotWhole

router = APIRouter(tags=["corrections"])

TrueState = Literal["held", "confirmed", "damaged", "short", "returned", "written_off", "released"]


class CorrectBody(Body):
    """What is true: all of the row's quantity, by state, in the line's unit; `excess` came beyond it."""

    becomes: Annotated[dict[TrueState, Quantity], Field(min_length=1)]
    excess: Quantity | None = None
    reason: Reason


class PieceView(View):
    """A row with its state and quantity at the correction."""

    allocation_id: UUID
    state: str
    quantity: str


class CorrectionView(View):
    """What the record said of a row, and what it says since an event of the line; two keys agreed."""

    command_id: UUID
    two_key_id: UUID
    need_line_id: UUID
    line_version: int
    root_id: UUID
    pledger_org_id: UUID
    before: PieceView
    after: tuple[PieceView, ...]
    excess: PieceView | None
    reason: str
    first_org_id: UUID
    second_org_id: UUID
    corrected_at: datetime


class CorrectionPage(PageView):
    """Corrections on a line, oldest first."""

    items: tuple[CorrectionView, ...]


@router.post(
    "/allocations/{allocation_id}/correct",
    status_code=202,
    response_model=TwoKeysView,
    operation_id="correctRecord",
    summary="Say what is true of an allocation whose record is wrong",
    responses=problem_responses(
        refusals.NotFound,
        refusals.RoleMissing,
        refusals.AllocationNotInState,
        refusals.SameParty,
        refusals.CorrectionIncomplete,
        refusals.NothingCorrected,
        refusals.ExcessWithoutArrival,
        refusals.CrisisNotOpen,
        refusals.NeedClosed,
        refusals.NeedNotOpen,
        refusals.LineOverdue,
        refusals.LineFull,
        refusals.OfferNotInState,
        refusals.EarmarkMismatch,
        refusals.ConditionOpen,
        refusals.GapExceeded,
        refusals.SupplyExceeded,
        refusals.RatioInexact,
        refusals.QuantityTooLarge,
        refusals.KeyPending,
        refusals.ReasonUnknown,
        InvalidQuantity,
        NotWhole,
    ),
    openapi_extra=one_of(CORRECT),
)
async def correct(request: Request, allocation_id: UUID, body: CorrectBody, caller: NeedWriter) -> Response:
    """By the secretariat; it is written once another key of the secretariat confirms, else void in a day.

    Old rows and entries stay, the row's quantity goes to rows in the states that are true. What came in
    `excess` raises the offer line and counts as delivered; it never makes room for more.
    """
    tools = parts_of(request).tools
    becomes = {State(state): text for state, text in body.becomes.items()}
    wanted = CorrectRecord(allocation_id, becomes, body.reason, body.excess)

    async def work(tx: Transaction) -> Answer:
        asked = await propose_correction(tx, wanted, caller, tools)
        return answer(two_keys_view(asked), 202, f"/two-keys/{asked.two_key_id}")

    return await command(request, caller, work)


@router.get(
    "/need-lines/{need_line_id}/corrections",
    response_model=CorrectionPage,
    operation_id="listCorrections",
    summary="What was corrected on a need line",
    responses=problem_responses(refusals.NotFound, CursorInvalid),
)
async def page(
    request: Request, need_line_id: UUID, asked: Annotated[PageQuery, Query()], caller: Reader
) -> Response:
    """Everybody's for the asker, desks of the area and auditors; else of one's own promises."""
    cursors = parts_of(request).cursors("corrections")
    place = cursors.page(asked.cursor, asked.limit, filters_of(request))
    after = int(place.after[0]) if place.after else 0
    found = await snapshot(
        request, lambda tx: corrections_of_line(tx, need_line_id, caller, after, place.limit + 1)
    )
    return page_answer(
        request, cursors, [correction_view(each) for each in found], "line_version", place.limit
    )


def correction_view(done: Corrected) -> Document:
    """A correction as the API shows it."""
    return {
        "command_id": done.command_id,
        "two_key_id": done.two_key_id,
        "need_line_id": done.need_line_id,
        "line_version": done.line_version,
        "root_id": done.root_id,
        "pledger_org_id": done.pledger_org_id,
        "before": _piece(done.before),
        "after": [_piece(each) for each in done.after],
        "excess": _piece(done.excess) if done.excess else None,
        "reason": done.reason,
        "first_org_id": done.first_org_id,
        "second_org_id": done.second_org_id,
        "corrected_at": moment(done.corrected_at),
    }


def _piece(piece: Piece) -> dict[str, Any]:
    return {
        "allocation_id": piece.allocation_id,
        "state": piece.state.value,
        "quantity": plain(piece.qty),
    }
