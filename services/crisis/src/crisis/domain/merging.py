"""Two needs that are one: the promises of the merged need count for the survivor, and can go back.

Rows change their line in place, contract and state kept: out through `split` on the old line, in through
`split` on the new one. The sum of every bucket over both lines stays. What the survivor then has too much is
carried as an excess that never widens its room.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from .allocations import Allocation
from .balances import MOST_COUNTED, ZERO, NeedBalance
from .crises import Crisis
from .ledger import Entry, TermsChange
from .lines import Line
from .needs import CloseReason, Need, NeedState
from .needs.judging import heartbeat_clock
from .needs.need import NewId
from .refusals import LineFull, LinesNotEqual, LineWithoutMatch, NeedsNotMergeable, NotMerged, UndoTooLate
from .states import BUCKETS, WAITING, State
from .units import plain

UNDO_WITHIN = timedelta(hours=24)
COUNTED = frozenset({"held", "in_transit", "arrived", "good"})
"""Buckets that stand against the request."""
MOVING = frozenset(state for state in State if BUCKETS[state][0] is not None or state in WAITING)
"""States of rows that change their line; what ended stays where it ended."""


class MergeMode(StrEnum):
    """What the survivor asks for: the larger request, both together, or what the desk says."""

    MAX = "max"
    SUM = "sum"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Merge:
    """One merge as remembered until it can no longer be undone."""

    merge_id: UUID
    crisis_id: UUID
    is_drill: bool
    need_id: UUID
    into_need_id: UUID
    mode: MergeMode
    by_org_id: UUID
    command_id: UUID
    merged_at: datetime
    undo_until: datetime
    undone_at: datetime | None = None
    undo_command_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class MergedLine:
    """What was asked on the surviving line before, and the number of the revision the merge wrote."""

    need_line_id: UUID
    into_line_id: UUID
    requested_before: Decimal
    revision: int


@dataclass(frozen=True, slots=True)
class Move:
    """Rows that leave one line for another: both balances after it, and everything to be posted."""

    rows: tuple[Allocation, ...]
    entries: tuple[Entry, ...]
    terms: tuple[TermsChange, ...]


def must_be_mergeable(need: Need, into: Need) -> None:
    """Raise NeedsNotMergeable unless they are two needs of one crisis; NeedClosed or NeedNotInState unless
    both are open."""
    if need.need_id == into.need_id or need.crisis_id != into.crisis_id or need.is_drill != into.is_drill:
        raise NeedsNotMergeable(need_id=str(need.need_id), into=str(into.need_id))
    need.must_be(NeedState.OPEN)
    into.must_be(NeedState.OPEN)


def paired(
    lines: Sequence[Line], into: Sequence[Line], chosen: Mapping[UUID, UUID]
) -> list[tuple[Line, Line]]:
    """Every line of the merged need with the one that takes its rows: as chosen, else the only equal one.

    Raises LineWithoutMatch and LinesNotEqual; a line of the survivor takes the rows of one line at most.
    """
    targets = {line.need_line_id: line for line in into}
    left = {key: line for key, line in targets.items() if key not in chosen.values()}
    pairs: list[tuple[Line, Line]] = []
    for line in sorted(lines, key=lambda each: each.need_line_id):
        wanted = chosen.get(line.need_line_id)
        if wanted is not None:
            target = targets.get(wanted)
        else:
            equal = [each for each in left.values() if _is_equal(line, each)]
            target = left.pop(equal[0].need_line_id) if len(equal) == 1 else None
        if target is None:
            raise LineWithoutMatch(need_line_id=str(line.need_line_id), item_code=line.item_code)
        if not _is_equal(line, target):
            raise LinesNotEqual(
                item_code=line.item_code, unit=line.unit, other=target.item_code, other_unit=target.unit
            )
        pairs.append((line, target))
    if len({target.need_line_id for _, target in pairs}) != len(pairs):
        raise LineWithoutMatch(need_line_id=", ".join(map(str, chosen)), item_code=pairs[-1][0].item_code)
    return pairs


def requested_after(mode: MergeMode, of: NeedBalance, into: NeedBalance, said: Decimal | None) -> Decimal:
    """What the survivor asks for; `said` is the desk's own figure."""
    if mode is MergeMode.MANUAL and said is not None:
        return said
    if mode is MergeMode.SUM:
        return of.requested + into.requested
    return max(of.requested, into.requested)


def moved(
    rows: Iterable[Allocation],
    left: tuple[Line, NeedBalance],
    entered: tuple[Line, NeedBalance],
    *,
    elsewhere: Decimal,
    requested: Mapping[UUID, Decimal],
    command_id: UUID,
    at: datetime,
) -> Move:
    """Take rows and `elsewhere` from one line to another; `requested` is what lines ask for after it.

    Raises LineFull.
    """
    (old, old_balance), (new, new_balance) = left, entered
    going = tuple(replace(row, need_line_id=new.need_line_id, version=row.version + 1) for row in rows)
    out, brought = old_balance.version + 1, new_balance.version + 1
    entries: list[Entry] = []
    for row in going:
        leaving = replace(row, need_line_id=old.need_line_id)
        entries.append(_entry(leaving, row.state, State.SPLIT, command_id, out, at))
        entries.append(_entry(row, State.SPLIT, row.state, command_id, brought, at))
    most = new_balance.promised + old_balance.promised
    if most > MOST_COUNTED:
        raise LineFull(
            promised=plain(new_balance.promised), quantity=plain(old_balance.promised), unit=new.unit
        )
    terms = tuple(
        _terms(line, balance, entries, by, requested, version)
        for line, balance, by, version in (
            (old, old_balance, -elsewhere, out),
            (new, new_balance, elsewhere, brought),
        )
    )
    return Move(going, tuple(entries), terms)


def merged(need: Need, into: Need, now: datetime) -> Need:
    """The need closed as a duplicate."""
    return need.now_in(
        NeedState.CLOSED,
        now,
        None,
        close_reason=CloseReason.DUPLICATE,
        merged_into=into.need_id,
        delegation=None,
    )


def survived(into: Need) -> Need:
    """The survivor after rows of another need came: nobody delegated the answers to those."""
    return into if into.delegation is None else into.noted(delegation=None)


def unmerged(need: Need, crisis: Crisis, now: datetime, new_id: NewId) -> Need:
    """The need open again, looked at just now."""
    clock = heartbeat_clock(need, crisis, now, new_id)
    return need.now_in(NeedState.OPEN, now, clock, merged_into=None, is_stale=False, last_heartbeat_at=now)


def must_be_undoable(merge: Merge, need: Need, into: Need, now: datetime) -> None:
    """Raise NotMerged, UndoTooLate; NeedClosed or NeedNotInState unless the survivor is open or on hold."""
    if merge.undone_at is not None or need.merged_into != into.need_id:
        raise NotMerged(need_id=str(need.need_id), state=need.state.value)
    if now > merge.undo_until:
        raise UndoTooLate(undo_until=merge.undo_until.isoformat())
    into.must_be(NeedState.OPEN, NeedState.ON_HOLD)


def _is_equal(line: Line, other: Line) -> bool:
    return (line.item_code, line.unit, line.day) == (other.item_code, other.unit, other.day)


def _entry(row: Allocation, left: State, to: State, command_id: UUID, version: int, at: datetime) -> Entry:
    return Entry(
        command_id=command_id,
        allocation_id=row.allocation_id,
        root_id=row.root_id,
        need_line_id=row.need_line_id,
        offer_line_id=row.offer_line_id,
        crisis_id=row.crisis_id,
        is_drill=row.is_drill,
        from_state=left,
        to_state=to,
        supply_qty=row.supply_qty,
        qty=row.qty,
        line_version=version,
        at=at,
    )


def _terms(
    line: Line,
    balance: NeedBalance,
    entries: Sequence[Entry],
    elsewhere: Decimal,
    requested: Mapping[UUID, Decimal],
    version: int,
) -> TermsChange:
    """The line's change of terms; what it has too much afterwards is carried, and shrinks as it leaves."""
    asked = requested.get(line.need_line_id, balance.requested)
    counted = balance.counted + elsewhere
    for entry in entries:
        if entry.need_line_id == line.need_line_id:
            counted += _counted(entry.to_state, entry.qty)
            if entry.from_state is not None:
                counted -= _counted(entry.from_state, entry.qty)
    return TermsChange(
        need_line_id=line.need_line_id,
        is_drill=line.is_drill,
        line_version=version,
        requested=asked - balance.requested,
        elsewhere=elsewhere,
        carried_excess=max(ZERO, counted - asked - balance.over_cap),
    )


def _counted(state: State, quantity: Decimal) -> Decimal:
    bucket = BUCKETS[state][0]
    return quantity if bucket is not None and bucket.value in COUNTED else ZERO
