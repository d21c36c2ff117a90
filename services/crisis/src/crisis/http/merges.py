"""/needs/{id}/merge and /unmerge: two needs are one, or were not after all."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

import orjson
from fastapi import APIRouter
from pydantic import Field, model_validator
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.merging import MergeMode
from crisis.domain.needs import Need
from crisis.events import moment, vector
from crisis.http.parts import NeedWriter, answer, command, parts_of
from crisis.http.shapes import Body, LineView, Quantity, Unit, View
from crisis.http.views import Document
from crisis.usecases.merge_need import Merged, MergeNeed, merge_need
from crisis.usecases.unmerge_need import unmerge_need
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.problems import problem_responses
from imece_reference.refusals import InvalidQuantity, NotWhole, UnknownUnit

router = APIRouter(prefix="/needs/{need_id}", tags=["needs"])


class PairBody(Body):
    """The survivor's line that takes a line's rows; `quantity` is asked after it, for the mode `manual`.

    It counts in the line's own unit, unless `unit` says otherwise.
    """

    need_line_id: UUID
    into_line_id: UUID
    quantity: Quantity | None = None
    unit: Unit | None = None


class FiguresDoNotFit(ValueError):
    """Figures belong to the mode `manual`, and a unit to a quantity."""

    code = "figures_do_not_fit"

    def __init__(self, english: str, turkish: str) -> None:
        super().__init__(english)
        self.tr = turkish


class MergeBody(Body):
    """Which need survives and what it asks for; `lines` where several lines are equal, and for `manual`."""

    into: UUID
    mode: Literal["max", "sum", "manual"] = "max"
    lines: Annotated[tuple[PairBody, ...], Field(max_length=50)] = ()

    @model_validator(mode="after")
    def _has_figures_for_manual_only(self) -> Self:
        if any(pair.quantity is None and pair.unit is not None for pair in self.lines):
            raise FiguresDoNotFit("unit needs a quantity", "unit için quantity gerekir")
        stated = [pair.quantity is not None for pair in self.lines]
        if self.mode == "manual" and not (stated and all(stated)):
            raise FiguresDoNotFit(
                "manual needs lines, each with its quantity", "manual için her kalemde quantity gerekir"
            )
        if self.mode != "manual" and any(stated):
            raise FiguresDoNotFit("quantity is for the mode manual", "quantity yalnız manual için verilir")
        return self


class MergeView(View):
    """Both needs' lines after it. `stayed` moved on meanwhile and remain with the survivor after an undo;
    `kept_requests` are its lines whose request was revised since and stays."""

    merge_id: UUID
    need_id: UUID
    into: UUID
    mode: Literal["max", "sum", "manual"]
    merged_at: datetime
    undo_until: datetime
    undone_at: datetime | None
    moved: int
    stayed: tuple[UUID, ...]
    kept_requests: tuple[UUID, ...]
    lines: tuple[LineView, ...]
    into_lines: tuple[LineView, ...]


_BOTH = (
    refusals.NotFound,
    refusals.RoleMissing,
    refusals.NeedClosed,
    refusals.NeedNotInState,
    refusals.LineFull,
)


@router.post(
    "/merge",
    response_model=MergeView,
    operation_id="mergeNeed",
    summary="Let two needs be one",
    responses=problem_responses(
        *_BOTH,
        refusals.NeedsNotMergeable,
        refusals.LineWithoutMatch,
        refusals.LinesNotEqual,
        refusals.MergeBreaksEarmark,
        refusals.FigureMissing,
        refusals.MergeMakesOwnPledge,
        refusals.QuantityTooLarge,
        UnknownUnit,
        InvalidQuantity,
        NotWhole,
    ),
)
async def merge(request: Request, need_id: UUID, body: MergeBody, caller: NeedWriter) -> Response:
    """By a desk of both places. Can be undone for 24 hours.

    This need is closed as a duplicate; its promises count for the other one, state and contract kept.
    """
    tools = parts_of(request).tools
    wanted = MergeNeed(
        need_id=need_id,
        into_need_id=body.into,
        mode=MergeMode(body.mode),
        lines={pair.need_line_id: pair.into_line_id for pair in body.lines},
        requested={
            pair.into_line_id: (pair.quantity, pair.unit) for pair in body.lines if pair.quantity is not None
        },
    )

    async def work(tx: Transaction) -> Answer:
        return answer(_view(await merge_need(tx, wanted, caller, tools)))

    return await command(request, caller, work)


@router.post(
    "/unmerge",
    response_model=MergeView,
    operation_id="unmergeNeed",
    summary="Undo a merge",
    responses=problem_responses(*_BOTH, refusals.CrisisNotOpen, refusals.NotMerged, refusals.UndoTooLate),
)
async def unmerge(request: Request, need_id: UUID, caller: NeedWriter) -> Response:
    """By a desk, within 24 hours. Rows nobody moved since go back as they are; the others are listed."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        return answer(_view(await unmerge_need(tx, need_id, caller, tools)))

    return await command(request, caller, work)


def _view(done: Merged) -> Document:
    merge = done.merge
    return {
        "merge_id": merge.merge_id,
        "need_id": merge.need_id,
        "into": merge.into_need_id,
        "mode": merge.mode.value,
        "merged_at": moment(merge.merged_at),
        "undo_until": moment(merge.undo_until),
        "undone_at": moment(merge.undone_at) if merge.undone_at else None,
        "moved": done.rows,
        "stayed": done.stayed,
        "kept_requests": done.kept_requests,
        "lines": _vectors(done, done.locked.need),
        "into_lines": _vectors(done, done.locked.into),
    }


def _vectors(done: Merged, need: Need) -> list[orjson.Fragment]:
    return [
        orjson.Fragment(vector(done.current[line.need_line_id], done.locked.balances[line.need_line_id]))
        for line in need.lines
    ]
