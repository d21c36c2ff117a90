"""One allocation row: one state, one quantity, one clock. A partial step cuts the row, no quantity is edited.

Goods are conserved: the supply quantities of all rows under a root always sum to what the root began with.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from .balances import ZERO
from .behalf import Behalf
from .earmarks import UNRESTRICTED, Earmark
from .ledger import Entry
from .refusals import AllocationNotInState, NotAwaited
from .states import State, Timer
from .units import PackSnapshot


class Side(StrEnum):
    """Who must answer, or who started."""

    PLEDGER = "pledger"
    ASKER_SIDE = "asker_side"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Clock:
    """The deadline that ends a row's silence; it stands still since `paused_since`: nobody was reached."""

    deadline_id: UUID
    kind: Timer
    due_at: datetime
    paused_since: datetime | None = None


class Transport(StrEnum):
    """How goods are to leave."""

    OWN = "own"
    CARRIER = "carrier"
    PICKUP = "pickup"


@dataclass(frozen=True, slots=True)
class Plan:
    """When goods are to leave; `transport` makes it a dispatch plan."""

    leaves_at: datetime
    transport: Transport | None = None


@dataclass(frozen=True, slots=True)
class Allocation:
    """`qty` in the need's unit, `supply_qty` in the offer's; `clock` is set exactly while the row waits.

    `promoted_at` is when it was called from the waiting list, kept by what becomes of the call. The earmark
    is the offer line's as first proposed; `given_item` stands in for `substitute_of`, the item asked for.
    `successors` are what a cut row became, where somebody looked.
    """

    allocation_id: UUID
    root_id: UUID
    parent_id: UUID | None
    crisis_id: UUID
    is_drill: bool
    need_line_id: UUID
    offer_line_id: UUID
    pledger_org_id: UUID
    initiated_by: Side
    awaiting: Side | None
    root_supply_qty: Decimal
    supply_qty: Decimal
    ratio_num: int
    ratio_den: int
    qty: Decimal
    pack: PackSnapshot
    state: State
    state_since: datetime
    clock: Clock | None
    reason: str | None = None
    waitlisted_at: datetime | None = None
    last_actor: str = ""
    version: int = 1
    promoted_at: datetime | None = None
    earmark: Earmark = UNRESTRICTED
    given_item: str | None = None
    substitute_of: str | None = None
    plan: "Plan | None" = None
    round: int = 0
    extensions: int = 0
    has_conditions: bool = False
    preferred_since: datetime | None = None
    desk_org_id: UUID | None = None
    bundle_id: UUID | None = None
    behalf: Behalf | None = None

    @property
    def promised_by(self) -> tuple[UUID, ...]:
        """Who may decide nothing about the row for the other side: the pledger, and whoever wrote it down."""
        return (self.pledger_org_id, *((self.behalf.by_org_id,) if self.behalf else ()))

    def is_proposed_by(self, organisation_id: UUID | None) -> bool:
        """Whether the terms that await an answer are the organisation's, or its desk wrote them for the
        pledger."""
        is_writer = self.behalf is not None and self.behalf.by_org_id == organisation_id
        wrote = is_writer and self.awaiting is not Side.PLEDGER
        return wrote or organisation_id == self.proposer_org_id

    @property
    def other_party_org_id(self) -> UUID | None:
        """Whom an answer answers: whoever proposed, or wrote it down for the pledger who proposes."""
        is_written = self.behalf is not None and self.awaiting is not Side.PLEDGER
        return self.behalf.by_org_id if self.behalf and is_written else self.proposer_org_id

    successors: "tuple[Allocation, ...]" = ()

    @property
    def proposer_org_id(self) -> UUID | None:
        """Whose terms await an answer: the pledger's, or the organisation whose desk called or countered.

        None for a call the clock made.
        """
        return self.desk_org_id if self.awaiting is Side.PLEDGER else self.pledger_org_id

    def must_be(self, *states: State) -> None:
        """Raise AllocationNotInState naming the state that won, since when and by whom."""
        if self.state not in states:
            raise AllocationNotInState(
                successors=[str(row.allocation_id) for row in self.successors],
                state=self.state.value,
                since=self.state_since.isoformat(),
                by=self.last_actor,
                wanted=" / ".join(state.value for state in states),
            )

    def must_await(self, side: Side) -> None:
        """Raise NotAwaited unless this side's answer is due."""
        if self.awaiting is not side:
            raise NotAwaited(awaiting=self.awaiting.value if self.awaiting else "nobody")

    def now_in(
        self,
        state: State,
        now: datetime,
        actor: str,
        *,
        clock: Clock | None = None,
        awaiting: Side | None = None,
        reason: str | None = None,
    ) -> "Allocation":
        """The same row one step later, its quantity kept."""
        return replace(
            self,
            state=state,
            state_since=now,
            clock=clock,
            awaiting=awaiting,
            reason=reason,
            waitlisted_at=now if state is State.WAITLISTED else self.waitlisted_at,
            last_actor=actor,
            version=self.version + 1,
        )

    def cut(self, now: datetime, actor: str) -> "Allocation":
        """The parent of a cut: keeps the history, carries nothing."""
        return replace(self.now_in(State.SPLIT, now, actor), qty=ZERO, supply_qty=ZERO)

    def piece(self, piece_id: UUID, qty: Decimal) -> "Allocation":
        """A child with part of the quantity, to be moved into its state by `now_in`."""
        return replace(
            self,
            allocation_id=piece_id,
            parent_id=self.allocation_id,
            qty=qty,
            supply_qty=qty * self.ratio_den / self.ratio_num,
            version=0,
        )


def successors_of(cut: Allocation, under_root: Iterable[Allocation]) -> tuple[Allocation, ...]:
    """What a cut row became: the rows cut from it, or from those, that are whole; ordered by id."""
    by_parent: dict[UUID | None, list[Allocation]] = {}
    for row in under_root:
        by_parent.setdefault(row.parent_id, []).append(row)
    whole: list[Allocation] = []
    waiting = [cut.allocation_id]
    while waiting:
        for row in by_parent.get(waiting.pop(), ()):
            if row.state is State.SPLIT:
                waiting.append(row.allocation_id)
            else:
                whole.append(row)
    return tuple(sorted(whole, key=lambda row: row.allocation_id))


@dataclass(frozen=True, slots=True)
class Step:
    """What one command does: rows as they are afterwards, new rows, entries, the clock that stops."""

    changed: tuple[Allocation, ...]
    added: tuple[Allocation, ...]
    entries: tuple[Entry, ...]
    stopped: UUID | None

    @property
    def rows(self) -> tuple[Allocation, ...]:
        """Every row touched, pieces last."""
        return self.changed + self.added


def entry_of(
    row: Allocation,
    left: State | None,
    command_id: UUID,
    line_version: int,
    *,
    quantity_of: Allocation | None = None,
) -> Entry:
    """The entry that brings `row` into its state; a cut parent's entry carries the quantity it had before."""
    size = quantity_of or row
    return Entry(
        command_id=command_id,
        allocation_id=row.allocation_id,
        root_id=row.root_id,
        need_line_id=row.need_line_id,
        offer_line_id=row.offer_line_id,
        crisis_id=row.crisis_id,
        is_drill=row.is_drill,
        from_state=left,
        to_state=row.state,
        supply_qty=size.supply_qty,
        qty=size.qty,
        line_version=line_version,
        at=row.state_since,
    )


def whole_step(before: Allocation, after: Allocation, command_id: UUID, line_version: int) -> Step:
    """The row moves with its whole quantity; without a change of state there is nothing to post."""
    stays = before.state is after.state
    return Step(
        changed=(after,),
        added=(),
        entries=() if stays else (entry_of(after, before.state, command_id, line_version),),
        stopped=before.clock.deadline_id if before.clock else None,
    )


def cut_step(
    before: Allocation,
    parent: Allocation,
    pieces: tuple[Allocation, ...],
    command_id: UUID,
    line_version: int,
) -> Step:
    """The row is cut into pieces that are already in their states."""
    entries = [entry_of(parent, before.state, command_id, line_version, quantity_of=before)]
    entries += [entry_of(piece, State.SPLIT, command_id, line_version) for piece in pieces]
    return Step(
        changed=(parent,),
        added=pieces,
        entries=tuple(entries),
        stopped=before.clock.deadline_id if before.clock else None,
    )
