"""/templates: keep what was stated, and state it again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.templates import Template
from crisis.events import moment
from crisis.http import own_ids
from crisis.http.duplicates import hint_views
from crisis.http.lists import PageView, page_answer
from crisis.http.need_shapes import FREE_TEXT, NeedView
from crisis.http.need_views import need_view
from crisis.http.needs import LINES_REFUSED, STATEMENT_REFUSED
from crisis.http.parts import NeedWriter, Reader, answer, command, parts_of, snapshot, versioned
from crisis.http.shapes import Body, Cursor, PCode, Urgency, View
from crisis.http.views import Document
from crisis.usecases.duplicate_hints import hints_of
from crisis.usecases.templates import (
    KeepTemplate,
    StateTemplate,
    keep_template,
    own_template,
    own_templates,
    retire_template,
    state_template,
)
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.etags import NOT_MODIFIED
from imece_chassis.http.paging import DEFAULT_LIMIT, MAX_LIMIT, CursorInvalid, filters_of
from imece_chassis.http.problems import problem_responses

router = APIRouter(tags=["templates"])

_KEPT = (refusals.NotFound, refusals.RoleMissing, refusals.NeedWithoutLines)

Title = Annotated[str, Field(min_length=1, max_length=200, description=FREE_TEXT)]


class TemplateBody(Body):
    """Which of your needs to keep; stated again, its lines are needed within so many hours."""

    need_id: UUID
    title: Title
    needed_within_hours: Annotated[int, Field(ge=1, le=2160)] = 72


class FromTemplateBody(Body):
    """What to state, and where if not at the template's own place."""

    template_id: UUID
    district: PCode | None = None
    is_draft: bool = False


class TemplateLineView(View):
    """A line as written."""

    item_code: str
    quantity: str
    unit: str
    min_useful_quantity: str | None
    note: str | None


class TemplateView(View):
    """What is asked for when the template is used."""

    template_id: UUID
    title: str
    district: str
    urgency: Urgency
    needed_within_hours: int
    lines: tuple[TemplateLineView, ...]
    from_need_id: UUID
    created_at: datetime
    retired_at: datetime | None
    version: int


class TemplatePage(PageView):
    """Templates in use, newest first."""

    items: tuple[TemplateView, ...]


@router.post(
    "/templates",
    status_code=201,
    response_model=TemplateView,
    operation_id="keepTemplate",
    summary="Keep a need as a template",
    responses=problem_responses(*_KEPT),
)
async def keep(request: Request, body: TemplateBody, caller: NeedWriter) -> Response:
    """Of a need of the own organisation; only that organisation sees the template."""
    tools = parts_of(request).tools
    wanted = KeepTemplate(body.need_id, body.title, body.needed_within_hours)

    async def work(tx: Transaction) -> Answer:
        template = await keep_template(tx, wanted, caller, tools)
        return answer(_template(template), 201, f"/templates/{template.template_id}")

    return await command(request, caller, work)


@router.put(
    "/templates/{template_id}",
    response_model=TemplateView,
    operation_id="putTemplate",
    summary="Keep a need as a template under an id of your own",
    responses={
        201: {"model": TemplateView, "description": "The template is new"},
        **problem_responses(*_KEPT, *own_ids.REFUSED),
    },
)
async def put(request: Request, template_id: UUID, body: TemplateBody, caller: NeedWriter) -> Response:
    """Sending it twice keeps it once, however much later: no key is needed. `template_id` is a new UUIDv7.

    The answer is the template as it is now; other words than the first time are refused.
    """
    tools = parts_of(request).tools
    wanted = KeepTemplate(body.need_id, body.title, body.needed_within_hours, template_id)
    return await own_ids.put(
        request,
        caller,
        template_id,
        body,
        find=lambda tx: own_template(tx, template_id, caller),
        make=lambda tx: keep_template(tx, wanted, caller, tools),
        view=_template,
        location=f"/templates/{template_id}",
    )


@router.get(
    "/templates/{template_id}",
    response_model=TemplateView,
    operation_id="getTemplate",
    summary="One template",
    responses={**NOT_MODIFIED, **problem_responses(refusals.NotFound)},
)
async def one(request: Request, template_id: UUID, caller: Reader) -> Response:
    """For its organisation, retired ones too; 404 for everybody else."""
    found = await snapshot(request, lambda tx: own_template(tx, template_id, caller))
    return versioned(request, _template(found))


@router.get(
    "/templates",
    response_model=TemplatePage,
    operation_id="listTemplates",
    summary="Own templates, newest first",
    responses=problem_responses(CursorInvalid),
)
async def listed(
    request: Request,
    caller: Reader,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """Follow `next_cursor` or the Link header."""
    cursors = parts_of(request).cursors("templates")
    wanted = cursors.page(cursor, limit, filters_of(request))
    after = UUID(str(wanted.after[0])) if wanted.after else None
    found = await snapshot(request, lambda tx: own_templates(tx, caller, after, wanted.limit + 1))
    return page_answer(request, cursors, [_template(each) for each in found], "template_id", wanted.limit)


@router.post(
    "/templates/{template_id}/retire",
    response_model=TemplateView,
    operation_id="retireTemplate",
    summary="Take a template out of use",
    responses=problem_responses(refusals.NotFound, refusals.RoleMissing, refusals.TemplateRetired),
)
async def retire(request: Request, template_id: UUID, caller: NeedWriter) -> Response:
    """Needs stated from it stay; one that recurs from it ends at its next time."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        return answer(_template(await retire_template(tx, template_id, caller, tools)))

    return await command(request, caller, work)


@router.post(
    "/crises/{crisis_id}/needs/from-template",
    status_code=201,
    response_model=NeedView,
    operation_id="stateTemplate",
    summary="State a need from a template",
    responses=problem_responses(*STATEMENT_REFUSED, *LINES_REFUSED, refusals.TemplateRetired),
)
async def state(request: Request, crisis_id: UUID, body: FromTemplateBody, caller: NeedWriter) -> Response:
    """Submitted at once, or as a draft to be looked over."""
    tools = parts_of(request).tools
    wanted = StateTemplate(crisis_id, body.template_id, body.district, body.is_draft)

    async def work(tx: Transaction) -> Answer:
        need = await state_template(tx, wanted, caller, tools)
        hints = hint_views(await hints_of(tx, need.need_id, caller))
        document = {**need_view(need, is_own=True), "duplicate_hints": hints}
        return answer(document, 201, f"/needs/{need.need_id}")

    return await command(request, caller, work)


def _template(template: Template) -> Document:
    return {
        "template_id": template.template_id,
        "title": template.title,
        "district": template.district,
        "urgency": template.urgency.value,
        "needed_within_hours": template.needed_within_hours,
        "lines": [
            {
                "item_code": line.item_code,
                "quantity": line.quantity,
                "unit": line.unit,
                "min_useful_quantity": line.min_useful_quantity,
                "note": line.note,
            }
            for line in template.lines
        ],
        "from_need_id": template.from_need_id,
        "created_at": moment(template.created_at),
        "retired_at": moment(template.retired_at) if template.retired_at else None,
        "version": template.version,
    }
