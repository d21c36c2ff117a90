"""/crises/{id}/lines.csv, .xlsx and pledges.csv, .xlsx: lists as files, by the same filters.

Column names never change; ids come first, so that a row can be found again and a file sent back.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.allocations import Allocation
from crisis.domain.balances import NeedBalance
from crisis.domain.lines import Line
from crisis.http.filters import PledgeFilters
from crisis.http.lines import LineFilters
from crisis.http.parts import Reader, parts_of, snapshot
from crisis.http.sheets import MOST_ROWS, XLSX, Cell, Format, Variant, sheet_response
from crisis.store.line_lists import Listed
from crisis.usecases import reading
from imece_chassis.http.problems import Problem, problem_responses
from imece_chassis.http.responses import language_of
from imece_reference.items import item
from imece_reference.places import place

router = APIRouter(tags=["tables"])
T = TypeVar("T")

_LOCAL = ZoneInfo("Europe/Istanbul")
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {}, XLSX: {}}, "description": "The table"}
}
LINE_COLUMNS = (
    "need_line_id", "sequence", "need_id", "asker_org_id", "district", "province", "item_code", "item",
    "unit", "urgency", "state", "verification", "stale", "needed_by", "requested", "over_cap", "elsewhere",
    "proposed", "waitlisted", "held", "in_transit", "arrived", "good", "lost", "room", "gap", "surplus",
    "label", "changed_at",
)  # fmt: skip
PLEDGE_COLUMNS = (
    "allocation_id", "version", "root_id", "need_line_id", "need_id", "offer_line_id", "pledger_org_id",
    "asker_org_id", "district", "province", "item_code", "item", "quantity", "unit", "state", "state_since",
    "awaiting", "deadline_at", "needed_by", "reason", "bundle_id",
    "on_behalf_by_org_id", "object_until",
)  # fmt: skip


_VARIANT = "CSV for a Turkish Excel: semicolons, and a byte order mark"


class LineTableQuery(LineFilters):
    """The filters of the list, and how the file is written."""

    variant: Annotated[Variant | None, Field(description=_VARIANT)] = None


class PledgeTableQuery(PledgeFilters):
    """The filters of the list, and how the file is written."""

    variant: Annotated[Variant | None, Field(description=_VARIANT)] = None


class TableTooLong(Problem):
    """The table has too many rows for one file."""

    status = 422
    tr = "Tablo tek dosya için çok uzun"
    cause_en = "A table is made in one piece, and this one would pass what a file may hold."
    cause_tr = "Tablo tek parça üretilir; bu tablo bir dosyanın alabileceğini aşıyor."
    fix_en = "Narrow it by province, item group or state, or page through the list."
    fix_tr = "İl, kalem grubu ya da duruma göre daraltın ya da listeyi sayfa sayfa okuyun."
    detail_en = "More than {most} rows; narrow it by filters, or page through the list."
    detail_tr = "{most} satırdan fazla; süzgeçlerle daraltın ya da listeyi sayfa sayfa okuyun."


@router.get(
    "/crises/{crisis_id}/lines.{kind}",
    response_class=Response,
    operation_id="exportLines",
    summary="Lines as CSV or XLSX",
    responses={**_FILE, **problem_responses(refusals.NotFound, TableTooLong)},
)
async def lines(
    request: Request, crisis_id: UUID, kind: Format, asked: Annotated[LineTableQuery, Query()], caller: Reader
) -> Response:
    """The list of lines in one file, at one moment; paging does not apply. Times are those of Türkiye."""
    wanted, language = asked.wanted(crisis_id, caller), language_of(request)
    found = await snapshot(request, lambda tx: reading.lines(tx, wanted, None, MOST_ROWS + 1))
    rows = (_line_row(line, balance, listed, language) for line, balance, listed in bounded(found.rows))
    return await sheet_response(
        parts_of(request).sheet_turn, "lines", LINE_COLUMNS, rows, kind, asked.variant
    )


@router.get(
    "/crises/{crisis_id}/pledges.{kind}",
    response_class=Response,
    operation_id="exportPledges",
    summary="Allocations as CSV or XLSX",
    responses={**_FILE, **problem_responses(refusals.NotFound, TableTooLong)},
)
async def pledges(
    request: Request,
    crisis_id: UUID,
    kind: Format,
    asked: Annotated[PledgeTableQuery, Query()],
    caller: Reader,
) -> Response:
    """What the list of pledges shows the caller, in one file, at one moment."""
    language, wanted = language_of(request), asked.wanted(crisis_id, caller)
    found = await snapshot(
        request,
        lambda tx: reading.pledges(tx, caller, wanted, None, MOST_ROWS + 1, is_mine=asked.mine, look=None),
    )
    rows = (_pledge_row(row, line, language) for row, line, _ in bounded(found.rows))
    return await sheet_response(
        parts_of(request).sheet_turn, "pledges", PLEDGE_COLUMNS, rows, kind, asked.variant
    )


def bounded(found: Sequence[T], most: int = MOST_ROWS) -> Sequence[T]:
    """The rows, if a file can hold them; raises TableTooLong."""
    if len(found) > most:
        raise TableTooLong(most=str(most))
    return found


def _line_row(line: Line, balance: NeedBalance, listed: Listed, language: str) -> Sequence[Cell]:
    return (
        line.need_line_id, balance.version, line.need_id, line.asker_org_id, line.district,
        place(line.district).province_name, line.item_code, _item(line.item_code, language), line.unit,
        line.urgency.value, line.need_state, line.verification, line.is_stale, _local(line.needed_by),
        balance.requested, balance.over_cap, balance.elsewhere, balance.proposed, balance.waitlisted,
        balance.held, balance.in_transit, balance.arrived, balance.good, balance.lost, balance.room,
        balance.gap, balance.surplus, balance.label, _local(listed.changed_at),
    )  # fmt: skip


def _pledge_row(row: Allocation, line: Line, language: str) -> Sequence[Cell]:
    return (
        row.allocation_id, row.version, row.root_id, row.need_line_id, line.need_id, row.offer_line_id,
        row.pledger_org_id, line.asker_org_id, line.district, place(line.district).province_name,
        line.item_code, _item(line.item_code, language), row.qty, line.unit, row.state.value,
        _local(row.state_since), row.awaiting, _local(row.clock.due_at) if row.clock else None,
        _local(line.needed_by), row.reason, row.bundle_id,
        row.behalf.by_org_id if row.behalf else None,
        _local(row.behalf.object_until) if row.behalf else None,
    )  # fmt: skip


def _item(code: str, language: str) -> str:
    found = item(code)
    return found.name_tr if language == "tr" else found.name_en


def _local(at: datetime) -> str:
    return at.astimezone(_LOCAL).isoformat(timespec="seconds")
