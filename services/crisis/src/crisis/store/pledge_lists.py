"""Lists of allocations: which ones, in which order, and when each last changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.allocations import Allocation
from crisis.store import allocations
from crisis.store.walks import LOOKED_AT, Found, Walk, found
from imece_chassis.database import Transaction
from imece_chassis.ids import BEYOND_ALL
from imece_chassis.selection import Selection

_CLOCK_ENDS = (
    "EXISTS (SELECT FROM deadlines AS clock WHERE clock.deadline_id = allocation.deadline_id"
    " AND clock.state = 'pending' AND clock.due_at < {} OFFSET 0)"
)

_WRITTEN = "allocation.behalf_org_id = {}"
# The root itself and what it was cut into: an index holds the latter, the primary key finds both.
_OF_ROOT = (
    "allocation.allocation_id = ANY (ARRAY(SELECT piece.allocation_id FROM allocations AS piece"
    " WHERE piece.root_id = {} AND piece.parent_id IS NOT NULL UNION ALL SELECT {}))"
)


@dataclass(frozen=True, slots=True)
class PledgeFilter:
    """Which allocations of a crisis; `province` (p-code), `item_group` and `urgency` are those of their need.

    `root_id` asks for a promise and all it was cut into, `writer` for what a desk of that organisation wrote
    down for others.
    With `updated_since` they come in the order of their change; else with `due_before`, when their
    clocks end before that moment, the earliest first; else newest first.
    """

    crisis_id: UUID
    pledger: UUID | None = None
    state: str | None = None
    need_line_id: UUID | None = None
    province: str | None = None
    item_group: str | None = None
    urgency: str | None = None
    due_before: datetime | None = None
    updated_since: datetime | None = None
    bundle_id: UUID | None = None
    root_id: UUID | None = None
    writer: UUID | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """An allocation and when it last changed."""

    row: Allocation
    changed_at: datetime


async def page(
    tx: Transaction,
    wanted: PledgeFilter,
    after: tuple[Any, ...] | None,
    limit: int,
    look: int | None = LOOKED_AT,
) -> Found[Listed]:
    """Allocations in order; `after` is (id,) or, by change or clock, (moment, id) of the last.

    So many rows of the list are looked at, and all of it if `look` is None.
    """
    listed = await found(tx, _walk(wanted, after), limit, look)
    rows = await allocations.read_many(tx, [each["allocation_id"] for each in listed.rows])
    known = [Listed(row, each["changed_at"]) for row, each in zip(rows, listed.rows, strict=True)]
    return listed.showing(known)


def _walk(wanted: PledgeFilter, after: tuple[Any, ...] | None) -> Walk:
    if wanted.updated_since is not None:
        return _by_change(wanted, after)
    return _newest(wanted, after) if wanted.due_before is None else _by_clock(wanted, after)


def _newest(wanted: PledgeFilter, after: tuple[Any, ...] | None) -> Walk:
    """Led by the root, else the bundle, the line, the pledger, the writer, the state: each has an index."""
    asked = [
        (_OF_ROOT, wanted.root_id),
        ("allocation.bundle_id = {}", wanted.bundle_id),
        ("allocation.need_line_id = {}", wanted.need_line_id),
        ("allocation.pledger_org_id = {}", wanted.pledger),
        (_WRITTEN, wanted.writer),
        ("allocation.state = {}", wanted.state),
    ]
    given = [(condition, value) for condition, value in asked if value is not None]

    def led() -> Selection:
        chosen = Selection().where("allocation.crisis_id = {}", wanted.crisis_id)
        chosen.where("allocation.allocation_id < {}", BEYOND_ALL if after is None else UUID(after[0]))
        for condition, value in given[:1]:
            chosen.where(condition, value)
        return chosen

    def fit(fits: Selection) -> None:
        for condition, value in given[1:]:
            fits.where(condition, value)
        _goal(fits, wanted)

    order = "allocation.allocation_id DESC"
    return Walk("list_pledges", "walk_pledges", order, ("allocation_id",), led, fit)


def _by_change(wanted: PledgeFilter, after: tuple[Any, ...] | None) -> Walk:
    """Led by the pledger, if one is asked for."""

    def led() -> Selection:
        chosen = Selection().where("allocation.crisis_id = {}", wanted.crisis_id)
        chosen.where("allocation.changed_at >= {}", wanted.updated_since)
        if after is not None:
            last = chosen.place(UUID(after[1]))
            behind = f"(allocation.changed_at, allocation.allocation_id) > ({{}}, {last})"
            chosen.where(behind, datetime.fromisoformat(after[0]))
        return chosen.where("allocation.pledger_org_id = {}", wanted.pledger)

    def fit(fits: Selection) -> None:
        _which(fits, wanted)
        fits.where(_CLOCK_ENDS, wanted.due_before)
        _goal(fits, wanted)

    order = "allocation.changed_at, allocation.allocation_id"
    return Walk("list_pledges", "walk_pledges", order, ("changed_at", "allocation_id"), led, fit)


def _by_clock(wanted: PledgeFilter, after: tuple[Any, ...] | None) -> Walk:
    """Led by all clocks that run, whatever they are of."""

    def led() -> Selection:
        chosen = Selection().where("clock.due_at < {}", wanted.due_before)
        if after is not None:
            since, last = datetime.fromisoformat(after[0]), chosen.place(UUID(after[1]))
            chosen.where(f"clock.due_at >= {{}} AND (clock.due_at, clock.subject_id) > ({{}}, {last})", since)
        return chosen

    def fit(fits: Selection) -> None:
        fits.where("allocation.crisis_id = {}", wanted.crisis_id)
        fits.where("allocation.pledger_org_id = {}", wanted.pledger)
        _which(fits, wanted)
        _goal(fits, wanted)

    order = "clock.due_at, clock.subject_id"
    return Walk("list_clocks", "walk_clocks", order, ("due_at", "subject_id"), led, fit)


def _which(fits: Selection, wanted: PledgeFilter) -> None:
    fits.where("allocation.state = {}", wanted.state)
    fits.where("allocation.need_line_id = {}", wanted.need_line_id)
    fits.where("allocation.bundle_id = {}", wanted.bundle_id)
    fits.where("allocation.root_id = {}", wanted.root_id)
    fits.where(_WRITTEN, wanted.writer)


def _goal(fits: Selection, wanted: PledgeFilter) -> None:
    fits.where("left(goal.district, 6) = {}", wanted.province)
    fits.where("goal.tamp_group = {}", wanted.item_group)
    fits.where("goal.urgency = {}", wanted.urgency)
