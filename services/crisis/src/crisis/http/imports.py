"""/crises/{id}/imports and /imports/{id}: an exported list comes back from a spreadsheet.

Uploading compares and changes nothing. Chosen rows become ordinary commands, one by one, and can be taken
back while nobody built on them.
"""

import asyncio
import hashlib
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.reasons import REVISE
from crisis.http.import_views import (
    ImportPage,
    ImportRowPage,
    ImportStatus,
    ImportView,
    RowOutcome,
    UploadedView,
    import_view,
    row_view,
)
from crisis.http.lists import PageQuery, page_answer
from crisis.http.parts import NeedWriter, Reader, answer, command, parts_of, snapshot, versioned
from crisis.http.reason_lists import one_of
from crisis.http.shapes import Body, Cursor, Reason
from crisis.http.sheet_reading import MOST_BYTES, Table, table_of
from crisis.http.sheets import XLSX, Format
from crisis.usecases.choose_rows import ApplyImport, UndoImport, apply_import, undo_import
from crisis.usecases.reading_imports import counted, one_import, own_imports, rows_of
from crisis.usecases.upload_import import UploadImport, compare_rows, upload_import
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.bodies import may_be_left_out
from imece_chassis.http.etags import NOT_MODIFIED
from imece_chassis.http.idempotent import read_key
from imece_chassis.http.paging import DEFAULT_LIMIT, MAX_LIMIT, CursorInvalid, filters_of
from imece_chassis.http.problems import problem_responses
from imece_chassis.http.responses import language_of
from imece_chassis.http.validation import UnsupportedMediaType

router = APIRouter(tags=["imports"])

CSV = "text/csv"
DIFFERENCES_SHOWN = 100
LARGER_BODIES = {r"/crises/[^/]+/imports": MOST_BYTES}
_KINDS: dict[str, Format] = {CSV: "csv", XLSX: "xlsx"}
_DIFFERENT = ("new", "changed", "conflict", "invalid")
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": f"The file itself, at most {MOST_BYTES} bytes",
        "content": {
            media: {"schema": {"type": "string", "contentMediaType": media}} for media in (CSV, XLSX)
        },
    }
}
Numbers = Annotated[
    tuple[Annotated[int, Field(ge=2, le=1_048_576)], ...], Field(min_length=1, max_length=10_000)
]


class ApplyBody(Body):
    """Which rows: `overwrite` names conflicts in which the file counts, `rows` others. With neither it is
    every new and changed row nothing came of yet. `reason` is a code of the reason list for revised lines."""

    rows: Numbers | None = None
    overwrite: Numbers | None = None
    reason: Reason = "counted_again"


class UndoBody(Body):
    """Which rows; left out, every one that was applied."""

    rows: Numbers | None = None


class RowQuery(PageQuery):
    """A page of rows, in the order of the file."""

    status: Annotated[ImportStatus | None, Field(description="Only this status")] = None
    outcome: Annotated[RowOutcome | None, Field(description="Only this outcome")] = None


@router.post(
    "/crises/{crisis_id}/imports",
    status_code=201,
    response_model=UploadedView,
    operation_id="uploadImport",
    summary="Compare an edited export with the ledger",
    responses=problem_responses(
        refusals.NotFound,
        refusals.RoleMissing,
        refusals.FileUnreadable,
        refusals.FileTooLarge,
        refusals.FileEmpty,
        refusals.SheetMissing,
        refusals.ColumnMissing,
        refusals.ColumnTwice,
        UnsupportedMediaType,
    ),
    openapi_extra=_FILE,
)
async def upload(request: Request, crisis_id: UUID, caller: NeedWriter) -> Response:
    """Nothing is changed. A row without `need_line_id` is a new need; of a line that exists, `requested` and
    `needed_by` can change.

    What changed in the file is told from what changed here since by the row's `sequence`; where both did,
    the row is in conflict. Quantities have a point for decimals and no other separator; times carry their
    offset; formulas are refused.
    """
    parts = parts_of(request)
    read_key(request)
    kind = _kind_of(request)
    async with parts.upload_turn:
        body = await request.body()
        async with parts.sheet_turn:
            table: Table = await asyncio.to_thread(table_of, body, kind)
            compared = await compare_rows(parts.database, crisis_id, table.rows, caller, parts.tools)
    wanted = UploadImport(crisis_id, kind, hashlib.sha256(body).digest(), table.unknown_columns, compared)
    language = language_of(request)

    async def work(tx: Transaction) -> Answer:
        done = await upload_import(tx, wanted, caller, parts.tools)
        import_id = done.imported.import_id
        rows = await rows_of(tx, import_id, caller, _DIFFERENT, None, None, DIFFERENCES_SHOWN + 1)
        (found,) = await counted(tx, [done.imported])
        document = {
            **import_view(found),
            "same_file_as": done.same_file_as,
            "differences": [row_view(row, language) for row in rows[:DIFFERENCES_SHOWN]],
            "has_more_differences": len(rows) > DIFFERENCES_SHOWN,
        }
        return answer(document, 201, f"/imports/{import_id}")

    return await command(request, caller, work)


@router.get(
    "/crises/{crisis_id}/imports",
    response_model=ImportPage,
    operation_id="listImports",
    summary="Own imports, newest first",
    responses=problem_responses(refusals.NotFound, CursorInvalid),
)
async def page(
    request: Request,
    crisis_id: UUID,
    caller: Reader,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """Follow `next_cursor` or the Link header. An import is its organisation's own."""
    cursors = parts_of(request).cursors("imports")
    wanted = cursors.page(cursor, limit, filters_of(request))
    after = UUID(str(wanted.after[0])) if wanted.after else None
    found = await snapshot(request, lambda tx: own_imports(tx, crisis_id, caller, after, wanted.limit + 1))
    return page_answer(request, cursors, [import_view(each) for each in found], "import_id", wanted.limit)


@router.get(
    "/imports/{import_id}",
    response_model=ImportView,
    operation_id="getImport",
    summary="One import and how far it is",
    responses={**NOT_MODIFIED, **problem_responses(refusals.NotFound)},
)
async def one(request: Request, import_id: UUID, caller: Reader) -> Response:
    """The counts move while its rows are worked off."""
    found = await snapshot(request, lambda tx: one_import(tx, import_id, caller))
    return versioned(request, import_view(found))


@router.get(
    "/imports/{import_id}/rows",
    response_model=ImportRowPage,
    operation_id="listImportRows",
    summary="The rows of an import and what became of them",
    responses=problem_responses(refusals.NotFound, CursorInvalid),
)
async def rows(
    request: Request, import_id: UUID, asked: Annotated[RowQuery, Query()], caller: Reader
) -> Response:
    """Follow `next_cursor` or the Link header."""
    cursors, language = parts_of(request).cursors("import rows"), language_of(request)
    wanted = cursors.page(asked.cursor, asked.limit, filters_of(request))
    after = int(wanted.after[0]) if wanted.after else None
    statuses = None if asked.status is None else (asked.status,)
    found = await snapshot(
        request,
        lambda tx: rows_of(tx, import_id, caller, statuses, asked.outcome, after, wanted.limit + 1),
    )
    return page_answer(request, cursors, [row_view(row, language) for row in found], "row", wanted.limit)


@router.post(
    "/imports/{import_id}/apply",
    status_code=202,
    response_model=ImportView,
    operation_id="applyImport",
    summary="Apply rows of an import",
    responses=problem_responses(
        refusals.NotFound,
        refusals.RoleMissing,
        refusals.ReasonUnknown,
        refusals.ImportNotOpen,
        refusals.RowNotChoosable,
    ),
    openapi_extra=one_of(REVISE),
)
async def apply(
    request: Request,
    import_id: UUID,
    body: Annotated[ApplyBody, may_be_left_out(ApplyBody)],
    caller: NeedWriter,
) -> Response:
    """Each row becomes its own command, with the rights the key has at that moment; one that is refused says
    why and stops no other. A row that was applied is not applied again. Read the import to see how far it is.
    """
    tools = parts_of(request).tools
    wanted = ApplyImport(import_id, body.reason, body.rows or (), body.overwrite or ())

    async def work(tx: Transaction) -> Answer:
        (found,) = await counted(tx, [await apply_import(tx, wanted, caller, tools)])
        return answer(import_view(found), 202, f"/imports/{import_id}")

    return await command(request, caller, work)


@router.post(
    "/imports/{import_id}/undo",
    status_code=202,
    response_model=ImportView,
    operation_id="undoImport",
    summary="Take back what an import did",
    responses=problem_responses(
        refusals.NotFound, refusals.RoleMissing, refusals.ImportNotOpen, refusals.RowNotApplied
    ),
)
async def undo(
    request: Request,
    import_id: UUID,
    body: Annotated[UndoBody, may_be_left_out(UndoBody)],
    caller: NeedWriter,
) -> Response:
    """Row by row, as far as nobody built on it: a revised line asks what it asked before, a new need is
    closed. What cannot be taken back is kept and says why.
    """
    tools = parts_of(request).tools
    wanted = UndoImport(import_id, body.rows)

    async def work(tx: Transaction) -> Answer:
        (found,) = await counted(tx, [await undo_import(tx, wanted, caller, tools)])
        return answer(import_view(found), 202, f"/imports/{import_id}")

    return await command(request, caller, work)


def _kind_of(request: Request) -> Format:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    kind = _KINDS.get(media)
    if kind is None:
        raise UnsupportedMediaType(accepted=", ".join(_KINDS))
    return kind
