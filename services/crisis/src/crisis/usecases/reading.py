"""What may be read by whom.

Needs and crises are open to every member; an allocation to its parties and desks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from crisis.store import allocations, command_log, corrections, line_lists, need_lists, pledge_lists
from crisis.store import crises as crisis_store
from crisis.store import lines as line_store
from crisis.store.line_lists import LineFilter, Listed
from crisis.store.need_lists import NeedFilter
from crisis.store.pledge_lists import PledgeFilter
from crisis.store.walks import LOOKED_AT
from crisis.usecases.authority import must_see, reads_everything
from crisis.usecases.need_step import seen as seen_need
from crisis.usecases.queue_place import Queued, queue_place
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction

Position = tuple[Any, ...] | None
NeedWithLines = tuple[Need, list[tuple[Line, NeedBalance]]]


@dataclass(frozen=True, slots=True)
class CrisesRead:
    """Crises as documents, as they were at one moment of the database's clock, each with its last change."""

    at: datetime
    rows: list[tuple[dict[str, Any], datetime]]


@dataclass(frozen=True, slots=True)
class LinesRead:
    """Lines as they were at one moment of the database's clock."""

    at: datetime
    rows: list[tuple[Line, NeedBalance, Listed]]


@dataclass(frozen=True, slots=True)
class NeedsRead:
    """Needs as they were at one moment of the database's clock, each with its lines and last change."""

    at: datetime
    rows: list[tuple[Need, list[tuple[Line, NeedBalance]], datetime]]
    stopped_at: Position = None


@dataclass(frozen=True, slots=True)
class PledgesRead:
    """Allocations as they were at one moment of the database's clock, each with its line and last change."""

    at: datetime
    rows: list[tuple[Allocation, Line, datetime]]
    stopped_at: Position = None


@dataclass(frozen=True, slots=True)
class Told:
    """An allocation with its line, the line's figures now, the entries and corrections under its root, and
    its place while it waits. `device_times`: by command, when its sender's device claimed it was."""

    row: Allocation
    line: Line
    balance: NeedBalance
    history: list[Entry]
    device_times: dict[UUID, datetime]
    corrections: list[Corrected]
    queued: Queued | None = None


async def crises(
    tx: Transaction, state: str | None, updated_since: datetime | None, after: Position, limit: int
) -> CrisesRead:
    """Crises, newest first or, with `updated_since`, in the order of their change."""
    rows = await crisis_store.page(tx, state=state, updated_since=updated_since, after=after, limit=limit)
    return CrisesRead(await line_lists.now(tx), rows)


async def crisis(tx: Transaction, crisis_id: UUID) -> dict[str, Any]:
    """One crisis; raises NotFound."""
    found = await crisis_store.document(tx, crisis_id)
    if found is None:
        raise NotFound(kind="crisis", id=str(crisis_id))
    return found


async def need(tx: Transaction, need_id: UUID, caller: Caller) -> NeedWithLines:
    """One need with its lines' figures; raises NotFound, also for others' drafts."""
    return (await _with_lines(tx, [await seen_need(tx, need_id, caller)]))[0]


async def needs(tx: Transaction, wanted: NeedFilter, after: Position, limit: int) -> NeedsRead:
    """Needs of a crisis, drafts to their own organisation only; raises NotFound for an unknown crisis."""
    await crisis(tx, wanted.crisis_id)
    found = await need_lists.page(tx, wanted, after, limit)
    shown = await _with_lines(tx, [listed.need for listed in found.rows])
    rows = [(*each, listed.changed_at) for each, listed in zip(shown, found.rows, strict=True)]
    return NeedsRead(await line_lists.now(tx), rows, found.stopped_at)


async def lines(tx: Transaction, wanted: LineFilter, after: Position, limit: int) -> LinesRead:
    """Lines of a crisis with their figures; raises NotFound."""
    await crisis(tx, wanted.crisis_id)
    found = await line_lists.page(tx, wanted, after, limit)
    ids = [listed.need_line_id for listed in found]
    known, balances = await line_store.read(tx, ids), await line_store.read_balances(tx, ids)
    rows = [(known[listed.need_line_id], balances[listed.need_line_id], listed) for listed in found]
    return LinesRead(await line_lists.now(tx), rows)


async def pledges(
    tx: Transaction,
    caller: Caller,
    wanted: PledgeFilter,
    after: Position,
    limit: int,
    *,
    is_mine: bool = False,
    look: int | None = LOOKED_AT,
) -> PledgesRead:
    """Allocations the caller may see: own ones; those of a line for its side and its desks; those of a
    province for its desks and auditors; all for those of no named province; what its desks wrote down for
    others for their organisation. `is_mine` narrows a desk's view to its own organisation; `look` None looks
    through all of the list."""
    await crisis(tx, wanted.crisis_id)
    pledger = caller.organisation_id if is_mine else await _only_pledger(tx, caller, wanted)
    narrowed = replace(wanted, pledger=pledger)
    found = await pledge_lists.page(tx, narrowed, after, limit, look)
    known = await line_store.read(tx, list({listed.row.need_line_id for listed in found.rows}))
    rows = [(listed.row, known[listed.row.need_line_id], listed.changed_at) for listed in found.rows]
    return PledgesRead(await line_lists.now(tx), rows, found.stopped_at)


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
    claimed = await command_log.device_times(tx, {entry.command_id for entry in history})
    corrected = await corrections.of_root(tx, row.root_id)
    return Told(row, line, balance, history, claimed, corrected, await queue_place(tx, row, line, now))


async def _only_pledger(tx: Transaction, caller: Caller, wanted: PledgeFilter) -> UUID | None:
    """The organisation a caller's list is narrowed to; None when all may be shown."""
    if wanted.writer == caller.organisation_id or reads_everything(caller, None, wanted.crisis_id):
        return None
    if wanted.province is not None and reads_everything(caller, wanted.province[4:], wanted.crisis_id):
        return None
    if wanted.need_line_id is not None:
        line = (await line_store.read(tx, [wanted.need_line_id])).get(wanted.need_line_id)
        is_near = line is not None and (
            line.asker_org_id == caller.organisation_id
            or reads_everything(caller, line.plate, wanted.crisis_id)
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
