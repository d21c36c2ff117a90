"""A row of a file beside the ledger: new, changed, unchanged, in conflict, or invalid.

What somebody changed in the file is told from what changed in the ledger since by what was asked at the
exported sequence. A line's `requested` and `needed_by` can be changed; the rest of an exported row only says
which line it is. Times are compared by the second: an export shows no more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from crisis.domain.balances import NeedBalance
from crisis.domain.crises import Crisis
from crisis.domain.line_terms import revised
from crisis.domain.lines import Line
from crisis.domain.needs import LineRequest, Statement, stated, without_personal_data
from crisis.domain.refusals import Refusal
from crisis.domain.units import entered, plain
from imece_reference.refusals import ReferenceRefusal

from .issues import Issue, issue, of_refusal
from .reading import Said

_COLUMN_OF = {
    "needed_by_past": "needed_by",
    "below_committed": "requested",
    "quantity_invalid": "requested",
    "quantity_too_large": "requested",
    "not_whole": "requested",
    "place_unknown": "district",
    "place_outside_area": "district",
    "item_unknown": "item_code",
    "item_not_goods": "item_code",
    "unit_unknown": "unit",
    "contact_not_reference": "contact_ref",
}


class Status(StrEnum):
    """What a row is beside the ledger; values as stored."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a line, in its base unit."""

    requested: Decimal
    needed_by: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """A line as it stands; `at_export` is what was asked at the row's sequence, None if there was none."""

    line: Line
    balance: NeedBalance
    at_export: Asked | None


@dataclass(frozen=True, slots=True)
class Change:
    """One column at the exported sequence, now, and in the file; the ledger moved too in a conflict.

    Quantities are decimal text in the line's unit, times ISO 8601.
    """

    column: str
    was: str
    now: str
    file: str
    is_conflict: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """A row with what it would change; `statement` is what a new one states, its texts masked."""

    number: int
    status: Status
    need_line_id: UUID | None = None
    changes: tuple[Change, ...] = ()
    statement: Statement | None = None
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Writer:
    """Who imports, where, and when.

    `speaks_for` raises RoleMissing unless it may change the line, `may_ask` unless it may ask in a district.
    """

    organisation_id: UUID
    crisis: Crisis
    now: datetime
    new_id: Callable[[], UUID]
    speaks_for: Callable[[Line], object]
    may_ask: Callable[[str], object]


def compared(said: Said, known: Known | None, writer: Writer) -> Compared:
    """What a row would do; `known` is None for a line nobody sees, or for none."""
    if said.issues:
        return _invalid(said, *said.issues)
    if said.need_line_id is None:
        return _new(said, writer)
    if known is None:
        return _invalid(said, issue("line_unknown", "need_line_id"))
    return _known(said, known, writer)


def _known(said: Said, known: Known, writer: Writer) -> Compared:
    if said.sequence is None:
        return _invalid(said, issue("missing", "sequence"))
    if known.at_export is None or said.sequence > known.balance.version:
        return _invalid(said, issue("sequence_unknown", "sequence"))
    moved = _moved(said, known.line)
    if moved:
        return _invalid(said, *(issue("column_fixed", column) for column in moved))
    try:
        asked = _requested(said, known)
        if isinstance(asked, Issue):
            return _invalid(said, asked)
        changes = _changes(asked, said.needed_by, known)
        if not changes:
            return Compared(said.number, Status.UNCHANGED, said.need_line_id)
        writer.speaks_for(known.line)
        columns = {change.column for change in changes}
        revised(
            known.line,
            known.balance,
            writer.crisis,
            asked if "requested" in columns else None,
            said.needed_by if "needed_by" in columns else None,
            writer.now,
        )
    except (Refusal, ReferenceRefusal) as refused:
        return _invalid(said, _issue_of(refused))
    has_conflict = any(change.is_conflict for change in changes)
    status = Status.CONFLICT if has_conflict else Status.CHANGED
    return Compared(said.number, status, said.need_line_id, changes)


def _moved(said: Said, line: Line) -> list[str]:
    """Columns of a line that are not changed by an import and say something else."""
    beside = {
        "district": (said.district, line.district),
        "item_code": (said.item_code, line.item_code),
        "urgency": (said.urgency, line.urgency),
    }
    return [column for column, (file, now) in beside.items() if file is not None and file != now]


def _requested(said: Said, known: Known) -> Decimal | Issue | None:
    """The quantity in base units; raises what `entered` does. What was exported is no doubt.

    A spreadsheet that groups by points reads 12.375 as 12375: that is no change.
    """
    if said.requested is None:
        return None
    line, was = known.line, known.at_export
    assert was is not None
    if said.is_grouped and Decimal(said.requested) not in (was.requested, known.balance.requested):
        return issue("number_ambiguous", "requested")
    asked = entered(line.item_code, said.requested, said.unit or line.unit)[0]
    has_lost_point = was.requested % 1 != 0 and asked == was.requested * 1000
    return issue("point_lost", "requested") if has_lost_point else asked


def _changes(requested: Decimal | None, needed_by: datetime | None, known: Known) -> tuple[Change, ...]:
    was = known.at_export
    assert was is not None
    found: list[Change] = []
    now = known.balance.requested
    if requested is not None and requested not in (was.requested, now):
        is_conflict = now != was.requested
        found.append(Change("requested", plain(was.requested), plain(now), plain(requested), is_conflict))
    until = known.line.needed_by
    if needed_by is not None and _second(needed_by) not in (_second(was.needed_by), _second(until)):
        is_conflict = until != was.needed_by
        times = _text(was.needed_by), _text(until), _text(needed_by)
        found.append(Change("needed_by", *times, is_conflict))
    return tuple(found)


def _new(said: Said, writer: Writer) -> Compared:
    if said.sequence is not None:
        return _invalid(said, issue("missing", "need_line_id"))
    values = {
        "district": said.district,
        "item_code": said.item_code,
        "unit": said.unit,
        "urgency": said.urgency,
        "requested": said.requested,
        "needed_by": said.needed_by,
    }
    missing = [issue("missing", column) for column, value in values.items() if value is None]
    if missing:
        return _invalid(said, *missing)
    if said.is_grouped:
        return _invalid(said, issue("number_ambiguous", "requested"))
    statement, _ = without_personal_data(_statement(said))
    try:
        stated(writer.crisis, writer.organisation_id, statement, writer.now, writer.new_id)
        writer.may_ask(statement.district)
    except (Refusal, ReferenceRefusal) as refused:
        return _invalid(said, _issue_of(refused))
    return Compared(said.number, Status.NEW, statement=statement)


def _statement(said: Said) -> Statement:
    assert said.district and said.item_code and said.unit and said.urgency
    assert said.requested and said.needed_by
    line = LineRequest(said.item_code, said.requested, said.unit, said.needed_by, note=said.note)
    return Statement(said.district, said.urgency, (line,), said.contact_ref, said.title, said.description)


def _invalid(said: Said, *issues: Issue) -> Compared:
    return Compared(said.number, Status.INVALID, said.need_line_id, issues=issues)


def _issue_of(refused: Refusal | ReferenceRefusal) -> Issue:
    return of_refusal(refused, _COLUMN_OF.get(refused.code))


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
