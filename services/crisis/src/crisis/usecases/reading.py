"""What may be read by whom.

Needs and crises are open to every member; an allocation to its parties and desks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.allocations import Allocation
from crisis.domain.balances import NeedBalance
from crisis.domain.corrections import Corrected
from crisis.domain.ledger import Entry
from crisis.domain.lines import Line
from crisis.domain.needs import Need
from crisis.domain.refusals import NotFound
from crisis.store import allocations, corrections, line_lists, pledge_lists
from crisis.store import crises as crisis_store
from crisis.store import lines as line_store
from crisis.store import needs as need_store
from crisis.store.line_lists import LineFilter, Listed
from crisis.usecases.authority import SECRETARIAT, must_see
from crisis.usecases.need_step import seen as seen_need
from crisis.usecases.queue_place import Queued, queue_place
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction

Position = tuple[Any, ...] | None
NeedWithLines = tuple[Need, list[tuple[Line, NeedBalance]]]


@dataclass(frozen=True, slots=True)
class PledgeFilter:
    """Which allocations of a crisis; `is_mine` narrows a desk's view to its own organisation.

    With `updated_since` they come in the order of their change, otherwise newest first.
    """

    crisis_id: UUID
    state: str | None = None
    need_line_id: UUID | None = None
    is_mine: bool = False
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class LinesRead:
    """Lines as they were at one moment of the database's clock."""

    at: datetime
    rows: list[tuple[Line, NeedBalance, Listed]]


@dataclass(frozen=True, slots=True)
class PledgesRead:
    """Allocations as they were at one moment of the database's clock, each with its line and last change."""

    at: datetime
    rows: list[tuple[Allocation, Line, datetime]]


@dataclass(frozen=True, slots=True)
class Told:
    """An allocation with its line, the line's figures now, the entries and corrections under its root, and
    its place while it waits."""

    row: Allocation
    line: Line
    balance: NeedBalance
    history: list[Entry]
    corrections: list[Corrected]
    queued: Queued | None = None


async def crises(tx: Transaction, state: str | None, after: Position, limit: int) -> list[dict[str, Any]]:
    """Crises, newest first."""
    return await crisis_store.page(tx, state=state, after=_id(after), limit=limit)


async def crisis(tx: Transaction, crisis_id: UUID) -> dict[str, Any]:
    """One crisis; raises NotFound."""
    found = await crisis_store.page(tx, only=crisis_id)
    if not found:
        raise NotFound(kind="crisis", id=str(crisis_id))
    return found[0]


async def need(tx: Transaction, need_id: UUID, caller: Caller) -> NeedWithLines:
    """One need with its lines' figures; raises NotFound, also for others' drafts."""
    return (await _with_lines(tx, [await seen_need(tx, need_id, caller)]))[0]


async def needs(
    tx: Transaction,
    caller: Caller,
    crisis_id: UUID,
    state: str | None,
    after: Position,
    limit: int,
    *,
    is_mine: bool = False,
) -> list[NeedWithLines]:
    """Needs of a crisis, newest first, drafts to their own organisation only; raises NotFound for an unknown
    crisis."""
    await crisis(tx, crisis_id)
    own = caller.organisation_id
    found = await need_store.page(
        tx,
        crisis_id,
        state=state,
        asker_org_id=own if is_mine else None,
        after=_id(after),
        limit=limit,
        reader=own,
    )
    return await _with_lines(tx, found)


async def lines(tx: Transaction, wanted: LineFilter, after: Position, limit: int) -> LinesRead:
    """Lines of a crisis with their figures; raises NotFound."""
    await crisis(tx, wanted.crisis_id)
    found = await line_lists.page(tx, wanted, after, limit)
    ids = [listed.need_line_id for listed in found]
    known, balances = await line_store.read(tx, ids), await line_store.read_balances(tx, ids)
    rows = [(known[listed.need_line_id], balances[listed.need_line_id], listed) for listed in found]
    return LinesRead(await line_lists.now(tx), rows)


async def pledges(
    tx: Transaction, caller: Caller, wanted: PledgeFilter, after: Position, limit: int
) -> PledgesRead:
    """Allocations the caller may see: own ones; all for the secretariat; those of a line for its side."""
    await crisis(tx, wanted.crisis_id)
    pledger = await _only_pledger(tx, caller, wanted)
    found = await pledge_lists.page(
        tx,
        wanted.crisis_id,
        pledger=pledger,
        state=wanted.state,
        need_line_id=wanted.need_line_id,
        updated_since=wanted.updated_since,
        after=after,
        limit=limit,
    )
    known = await line_store.read(tx, list({listed.row.need_line_id for listed in found}))
    rows = [(listed.row, known[listed.row.need_line_id], listed.changed_at) for listed in found]
    return PledgesRead(await line_lists.now(tx), rows)


async def allocation(tx: Transaction, allocation_id: UUID, caller: Caller, now: datetime) -> Told:
    """One allocation with history and place; raises NotFound also for those who may not see it."""
    row = await allocations.read(tx, allocation_id)
    if row is None:
        raise NotFound(kind="allocation", id=str(allocation_id))
    line = (await line_store.read(tx, [row.need_line_id]))[row.need_line_id]
    must_see(caller, row, line)
    balance = (await line_store.read_balances(tx, [row.need_line_id]))[row.need_line_id]
    row = (await allocations.with_successors(tx, [row]))[allocation_id]
    history = await allocations.history(tx, row.root_id)
    corrected = await corrections.of_root(tx, row.root_id)
    return Told(row, line, balance, history, corrected, await queue_place(tx, row, line, now))


async def _only_pledger(tx: Transaction, caller: Caller, wanted: PledgeFilter) -> UUID | None:
    """The organisation a caller's list is narrowed to; None when all may be shown."""
    if wanted.is_mine:
        return caller.organisation_id
    if caller.may(SECRETARIAT, crisis_id=wanted.crisis_id):
        return None
    if wanted.need_line_id is not None:
        line = (await line_store.read(tx, [wanted.need_line_id])).get(wanted.need_line_id)
        is_near = line is not None and (
            line.asker_org_id == caller.organisation_id
            or caller.may("provincial_desk", province=line.plate, crisis_id=wanted.crisis_id)
        )
        if is_near:
            return None
    return caller.organisation_id


async def _with_lines(tx: Transaction, found: Sequence[Need]) -> list[NeedWithLines]:
    line_ids = [line.need_line_id for stated in found for line in stated.lines]
    known = await line_store.read(tx, line_ids)
    balances = await line_store.read_balances(tx, line_ids)
    return [
        (stated, [(known[line.need_line_id], balances[line.need_line_id]) for line in stated.lines])
        for stated in found
    ]


def _id(after: Position) -> UUID | None:
    return None if after is None else UUID(str(after[0]))
