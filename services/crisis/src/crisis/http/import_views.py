"""Answers of /imports."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from crisis.domain.imports import Change, ImportRow, Issue
from crisis.events import moment
from crisis.http.lists import PageView
from crisis.http.shapes import View
from crisis.http.views import Document
from crisis.usecases.reading_imports import Counted

ImportStatus = Literal["new", "changed", "unchanged", "conflict", "invalid"]
RowOutcome = Literal["chosen", "applied", "refused", "undoing", "undone", "kept"]
ImportState = Literal["open", "applying", "undoing", "swept"]
Column = Literal[
    "need_line_id", "sequence", "district", "item_code", "unit", "urgency", "requested", "needed_by", "title",
    "description", "note", "contact_ref",
]  # fmt: skip


class StatusCounts(View):
    """How many rows of each status."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    conflict: int = 0
    invalid: int = 0


class OutcomeCounts(View):
    """What became of rows: `chosen` and `undoing` wait for their turn, `kept` could not be taken back."""

    chosen: int = 0
    applied: int = 0
    refused: int = 0
    undoing: int = 0
    undone: int = 0
    kept: int = 0


class ImportView(View):
    """An import and how far it is. While `state` is applying or undoing its rows are worked off one by one.

    What was uploaded goes at `keep_until`: the import is then swept. `unknown_columns` were left aside.
    """

    import_id: UUID
    crisis_id: UUID
    is_drill: bool
    state: ImportState
    file_kind: Literal["csv", "xlsx"]
    rows: int
    unknown_columns: int
    statuses: StatusCounts
    outcomes: OutcomeCounts
    created_at: datetime
    keep_until: datetime
    version: int


class ChangeView(View):
    """One column: at the exported sequence, now when it was uploaded, and in the file.

    Quantities are decimal text in the line's unit.
    """

    column: Literal["requested", "needed_by"]
    was: str
    now: str
    file: str
    is_conflict: bool


class IssueView(View):
    """What is wrong, by column of the export; null where the whole row is meant."""

    column: Column | None
    code: str
    detail: str


class ImportRowView(View):
    """A row of the file, numbered as the spreadsheet does. `problem` is why its command was refused."""

    row: int
    status: ImportStatus
    need_line_id: UUID | None
    need_id: UUID | None
    changes: tuple[ChangeView, ...]
    issues: tuple[IssueView, ...]
    outcome: RowOutcome | None
    problem: IssueView | None
    settled_at: datetime | None


class UploadedView(ImportView):
    """The new import. `differences` are its first rows that are not unchanged; `same_file_as` is an earlier
    import of the same file: new rows of both would be submitted twice."""

    same_file_as: UUID | None
    differences: tuple[ImportRowView, ...]
    has_more_differences: bool


class ImportPage(PageView):
    """Imports of the caller's organisation, newest first."""

    items: tuple[ImportView, ...]


class ImportRowPage(PageView):
    """Rows in the order of the file."""

    items: tuple[ImportRowView, ...]


def import_view(found: Counted) -> Document:
    """An import as a document."""
    imported = found.imported
    return {
        "import_id": imported.import_id,
        "crisis_id": imported.crisis_id,
        "is_drill": imported.is_drill,
        "state": imported.state.value,
        "file_kind": imported.file_kind,
        "rows": imported.rows,
        "unknown_columns": imported.unknown_columns,
        "statuses": {name: found.statuses.get(name, 0) for name in StatusCounts.model_fields},
        "outcomes": {name: found.outcomes.get(name, 0) for name in OutcomeCounts.model_fields},
        "created_at": moment(imported.created_at),
        "keep_until": moment(imported.keep_until),
        "version": imported.version,
    }


def row_view(row: ImportRow, language: str) -> Document:
    """A row as a document, in the reader's language; free texts of new rows are not repeated."""
    return {
        "row": row.number,
        "status": row.status.value,
        "need_line_id": row.need_line_id,
        "need_id": row.need_id,
        "changes": [_change(change) for change in row.changes],
        "issues": [_issue(issue, language) for issue in row.issues],
        "outcome": row.outcome.value if row.outcome else None,
        "problem": _issue(row.problem, language) if row.problem else None,
        "settled_at": moment(row.settled_at) if row.settled_at else None,
    }


def _change(change: Change) -> Document:
    return {
        "column": change.column,
        "was": change.was,
        "now": change.now,
        "file": change.file,
        "is_conflict": change.is_conflict,
    }


def _issue(issue: Issue, language: str) -> Document:
    return {"column": issue.column, "code": issue.code, "detail": issue.said(language)}
