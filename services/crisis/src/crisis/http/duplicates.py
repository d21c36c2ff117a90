"""/needs/{id}/duplicate-hints: needs that may be the same, and what the submitter says of them."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.duplicates import Choice, Hint
from crisis.domain.units import plain
from crisis.events import moment
from crisis.http.need_shapes import HintView
from crisis.http.parts import NeedWriter, Reader, answer, command, parts_of, snapshot
from crisis.http.shapes import Body, View
from crisis.http.views import Document
from crisis.usecases.duplicate_hints import AnswerHint, answer_hint, hints_of
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.problems import problem_responses
from imece_chassis.http.responses import respond

router = APIRouter(prefix="/needs/{need_id}/duplicate-hints", tags=["needs"])


class ChoiceBody(Body):
    """It is the same need, more of the same, or another one."""

    choice: Literal["join", "add_to_it", "another_one"]


class HintsView(View):
    """The likeliest first."""

    items: tuple[HintView, ...]


@router.get(
    "",
    response_model=HintsView,
    operation_id="listDuplicateHints",
    summary="Needs that may be the same",
    responses=problem_responses(refusals.NotFound),
)
async def listed(request: Request, need_id: UUID, caller: Reader) -> Response:
    """As found when the need was submitted, each with its state now."""
    found = await snapshot(request, lambda tx: hints_of(tx, need_id, caller))
    return respond(answer({"items": hint_views(found)}))


@router.post(
    "/{other_need_id}/answer",
    response_model=HintsView,
    operation_id="answerDuplicateHint",
    summary="Say whether it is the same",
    responses=problem_responses(refusals.NotFound, refusals.RoleMissing),
)
async def choose(
    request: Request, need_id: UUID, other_need_id: UUID, body: ChoiceBody, caller: NeedWriter
) -> Response:
    """By the need's own organisation or a desk. Kept for the desk that may merge them; it changes nothing."""
    tools = parts_of(request).tools
    wanted = AnswerHint(need_id, other_need_id, Choice(body.choice))

    async def work(tx: Transaction) -> Answer:
        return answer({"items": hint_views(await answer_hint(tx, wanted, caller, tools))})

    return await command(request, caller, work)


def hint_views(hints: Sequence[Hint]) -> list[Document]:
    """Hints as the API shows them."""
    return [
        {
            "need_id": hint.need_id,
            "similarity": plain(hint.similarity),
            "asker_org_id": hint.asker_org_id,
            "district": hint.district,
            "state": hint.state,
            "submitted_at": moment(hint.submitted_at),
            "items": hint.item_codes,
            "choice": hint.choice,
        }
        for hint in hints
    ]
