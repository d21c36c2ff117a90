"""Correcting the record: what the ledger says of a row is wrong, compensating rows say what is true.

The row keeps its entries and carries nothing any more; its whole quantity goes to pieces in the states that
are true. What came beyond what was sent is a confirmed root of its own. What came may stand above the cap, as
an excess that never widens the room; a hold may not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from .allocations import Allocation, Clock, Step, cut_step, entry_of
from .answers import Doing
from .balances import MOST_COUNTED, ZERO, NeedBalance, OfferBalance
from .crises import Crisis, CrisisState, must_be_open
from .earmarks import misfits
from .ledger import Entry, TermsChange, need_after, terms_after
from .lines import Line
from .offers import Offer, must_not_be_in_doubt
from .ratios import ratio_of
from .refusals import (
    CorrectionIncomplete,
    CrisisNotOpen,
    EarmarkMismatch,
    ExcessWithoutArrival,
    GapExceeded,
    LineFull,
    NothingCorrected,
    SameParty,
    SupplyExceeded,
)
from .states import BUCKETS, State, SupplyBucket, Timer
from .units import goods, plain

SECOND_KEY_WITHIN = timedelta(hours=24)

LEAVES = frozenset(State) - {State.SPLIT}
"""States of rows that carry a quantity: any of them may have been written wrongly."""

TRUE_STATES = (
    State.HELD,
    State.CONFIRMED,
    State.DAMAGED,
    State.SHORT,
    State.RETURNED,
    State.WRITTEN_OFF,
    State.RELEASED,
)
"""What a row may turn out to be. Promises are made anew, and goods on the road need a consignment."""

_ARRIVED = frozenset({State.CONFIRMED, State.DAMAGED})
_COUNTED = frozenset({State.HELD, State.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Truth:
    """How much of the row is really in which state, and how much came beyond it; in the line's unit."""

    becomes: Mapping[State, Decimal]
    excess: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Ground:
    """What a correction is decided on, locked; `is_waived` allows use outside the row's earmark.

    `raised`: by how much corrections raised the offer line since its owner last said what it holds, in that
    line's unit.
    """

    crisis: Crisis
    line: Line
    balance: NeedBalance
    offer: Offer
    supply: OfferBalance
    is_waived: bool = False
    raised: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Correction:
    """What is written: the cut row and its pieces, the root of an excess, the line's terms and its balance
    after the one event, and by how much the offer line is raised, or lowered (in its unit)."""

    step: Step
    excess: Allocation | None
    entries: tuple[Entry, ...]
    terms: TermsChange
    balance: NeedBalance
    raised: Decimal


@dataclass(frozen=True, slots=True)
class Piece:
    """A quantity that is in a state since a correction, in the line's unit."""

    allocation_id: UUID
    state: State
    qty: Decimal


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction as remembered: what the row was, what it became, and which two keys agreed."""

    command_id: UUID
    two_key_id: UUID
    crisis_id: UUID
    is_drill: bool
    need_line_id: UUID
    line_version: int
    root_id: UUID
    pledger_org_id: UUID
    before: Piece
    after: tuple[Piece, ...]
    excess: Piece | None
    reason: str
    first_org_id: UUID
    second_org_id: UUID
    corrected_at: datetime


def corrected(row: Allocation, ground: Ground, truth: Truth, reason: str, doing: Doing) -> Correction:
    """What is true of a locked row, the command's event being the line's next.

    Raises AllocationNotInState, SameParty, CorrectionIncomplete, NothingCorrected, ExcessWithoutArrival,
    RatioInexact, LineFull, CrisisNotOpen, NeedClosed, NeedNotOpen, LineOverdue, OfferNotInState,
    EarmarkMismatch, GapExceeded and SupplyExceeded.
    """
    row.must_be(*LEAVES)
    must_be_of_another(row, doing.actor_org_id)
    _must_add_up(row, truth, ground.line)
    _must_fit(row, truth, ground)
    if State.HELD in truth.becomes:
        _must_be_holdable(ground, doing.now)
    elif ground.crisis.state not in (CrisisState.OPEN, CrisisState.STOOD_DOWN):
        raise CrisisNotOpen(state=ground.crisis.state)
    pieces = tuple(
        _piece(row, state, truth.becomes[state], ground, reason, doing)
        for state in TRUE_STATES
        if state in truth.becomes
    )
    step = cut_step(row, row.cut(doing.now, doing.actor), pieces, doing.command_id, doing.line_version)
    excess = _excess(row, truth.excess, ground.line, reason, doing) if truth.excess else None
    entries = step.entries
    if excess is not None:
        entries += (entry_of(excess, None, doing.command_id, doing.line_version),)
    _must_have_room(row, truth, ground, entries)
    after = need_after(ground.balance, entries)
    terms = TermsChange(
        need_line_id=row.need_line_id,
        is_drill=row.is_drill,
        line_version=doing.line_version,
        carried_excess=max(ZERO, after.counted - after.requested - after.over_cap),
    )
    raised = _raised(row, pieces, excess, ground)
    return Correction(step, excess, entries, terms, terms_after(after, terms).told(), raised)


def must_be_of_another(row: Allocation, org_id: UUID | None) -> None:
    """Raise SameParty for the pledger's own organisation, and for whoever wrote the promise down for it:
    nobody corrects the record of its own promise."""
    if org_id is not None and org_id in (row.pledger_org_id, row.behalf.by_org_id if row.behalf else None):
        raise SameParty(side="pledger", action="correct the record")


def _must_add_up(row: Allocation, truth: Truth, line: Line) -> None:
    named = sum(truth.becomes.values(), ZERO)
    if named != row.qty:
        raise CorrectionIncomplete(named=plain(named), quantity=plain(row.qty), unit=line.unit)
    if set(truth.becomes) == {row.state} and not truth.excess:
        raise NothingCorrected(state=row.state.value)
    if truth.excess and not _ARRIVED & truth.becomes.keys():
        raise ExcessWithoutArrival(quantity=plain(truth.excess), unit=line.unit)
    ratio = ratio_of(row, line)
    for quantity in (*truth.becomes.values(), truth.excess):
        ratio.must_divide(quantity, line.unit)


def _must_fit(row: Allocation, truth: Truth, ground: Ground) -> None:
    """Raise EarmarkMismatch where goods would count for a line outside their earmark without a waiver."""
    outside = misfits(row.earmark, ground.line, item_code=row.given_item)
    if outside and not ground.is_waived and _COUNTED & truth.becomes.keys():
        raise EarmarkMismatch(outside=", ".join(outside))


def _must_be_holdable(ground: Ground, now: datetime) -> None:
    must_be_open(ground.crisis)
    ground.line.must_go_on(now)
    must_not_be_in_doubt(ground.offer.state)


def _piece(
    row: Allocation, state: State, qty: Decimal, ground: Ground, reason: str, doing: Doing
) -> Allocation:
    piece = row.piece(doing.new_id(), qty)
    if state is not State.HELD:
        return piece.now_in(state, doing.now, doing.actor, reason=reason)
    line, timers = ground.line, ground.crisis.timers
    until = timers.lease_until(line.urgency, doing.now, line.needed_by)
    return piece.now_in(state, doing.now, doing.actor, clock=Clock(doing.new_id(), Timer.HOLD, until))


def _excess(row: Allocation, qty: Decimal, line: Line, reason: str, doing: Doing) -> Allocation:
    """What came beyond what was sent, as a root of the same offer line."""
    root_id = doing.new_id()
    piece = row.piece(root_id, qty)
    unit = goods(row.given_item or line.item_code).base_unit
    root = replace(
        piece,
        root_id=root_id,
        parent_id=None,
        root_supply_qty=piece.supply_qty,
        bundle_id=None,
        pack=replace(row.pack, pack=unit, factor=Decimal(1), count=piece.supply_qty),
        waitlisted_at=None,
        promoted_at=None,
        preferred_since=None,
        plan=None,
        has_conditions=False,
    )
    return root.now_in(State.CONFIRMED, doing.now, doing.actor, reason=reason)


def _must_have_room(row: Allocation, truth: Truth, ground: Ground, entries: tuple[Entry, ...]) -> None:
    """Raise LineFull where the line cannot count that much; GapExceeded for more held than there is room
    beside what came, unless as much was held before."""
    balance, unit = ground.balance, ground.line.unit
    if balance.promised + row.qty + truth.excess > MOST_COUNTED:
        raise LineFull(promised=plain(balance.promised), quantity=plain(row.qty + truth.excess), unit=unit)
    held = truth.becomes.get(State.HELD, ZERO)
    was_held = row.qty if row.state is State.HELD else ZERO
    beside = need_after(balance, [entry for entry in entries if entry.to_state is not State.HELD])
    if held > max(beside.room, was_held):
        raise GapExceeded(quantity=plain(held), room=plain(beside.room), gap=plain(beside.gap), unit=unit)


def _raised(
    row: Allocation, pieces: tuple[Allocation, ...], excess: Allocation | None, ground: Ground
) -> Decimal:
    """By how much more the offer line must hold: goods that came were there, whatever it said.

    Goods that did not come after all were not there either: as far as corrections raised the line, it is
    lowered by them. Raises SupplyExceeded for a new hold of goods that are not free, or only were because
    they were said to have come.
    """
    was, becomes = _taken([row]), _taken(pieces)
    free, beyond = ground.supply.free, excess.supply_qty if excess is not None else ZERO
    if row.state is not State.HELD and any(piece.state is State.HELD for piece in pieces):
        new = becomes.total - max(ZERO, was.total - ground.raised)
        if new > free:
            unit = ground.offer.line(row.offer_line_id).unit
            raise SupplyExceeded(quantity=plain(new), free=plain(free), unit=unit)
    left = free + was.total - becomes.total
    if left < ZERO:
        return beyond - left
    undone = max(was.total - becomes.total, was.consumed - becomes.consumed, ZERO)
    return beyond - min(undone, left, ground.raised)


@dataclass(frozen=True, slots=True)
class _Taken:
    """What rows take of their offer line, and how much of that came or was lost."""

    total: Decimal
    consumed: Decimal


def _taken(rows: Sequence[Allocation]) -> _Taken:
    buckets = [(BUCKETS[row.state][1], row.supply_qty) for row in rows]
    return _Taken(
        sum((qty for bucket, qty in buckets if bucket is not None), ZERO),
        sum((qty for bucket, qty in buckets if bucket is SupplyBucket.CONSUMED), ZERO),
    )
