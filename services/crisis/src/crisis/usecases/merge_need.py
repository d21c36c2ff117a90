"""MergeNeed: a desk finds two needs to be one; what was promised for one counts for the other.

The contracts stay as they are. For 24 hours the merge can be undone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation
from crisis.domain.earmarks import fits
from crisis.domain.line_terms import ElsewhereStatement, terms_of
from crisis.domain.lines import Line
from crisis.domain.merging import (
    UNDO_WITHIN,
    Merge,
    MergedLine,
    MergeMode,
    merged,
    must_be_mergeable,
    paired,
    requested_after,
    survived,
)
from crisis.domain.refusals import MergeBreaksEarmark, MergeMakesOwnPledge
from crisis.domain.units import entered
from crisis.store import command_log, line_terms, lines, merges, needs, waivers
from crisis.usecases.merge_step import Journey, LockedNeeds, ask_if_met, lock_both, travel
from crisis.usecases.need_authority import desk_role
from crisis.usecases.need_step import seen
from crisis.usecases.need_tasks import settle
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_contracts.envelope import Envelope


@dataclass(frozen=True, slots=True)
class MergeNeed:
    """`lines` names the survivor's line for lines that have several equal ones; `requested` is the desk's own
    figure per surviving line, as decimal text and unit (the line's own if None), for the mode `manual`."""

    need_id: UUID
    into_need_id: UUID
    mode: MergeMode
    lines: Mapping[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    requested: Mapping[UUID, tuple[str, str | None]] = field(
        default_factory=dict[UUID, tuple[str, str | None]]
    )


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge with both needs and their lines after it, how many rows moved, and which stayed."""

    merge: Merge
    locked: LockedNeeds
    current: Mapping[UUID, Line]
    rows: int
    stayed: tuple[UUID, ...] = ()
    kept_requests: tuple[UUID, ...] = ()


async def merge_need(tx: Transaction, command: MergeNeed, caller: Caller, tools: Tools) -> Merged:
    """The merged pair. Raises NotFound, RoleMissing, NeedsNotMergeable, NeedClosed, NeedNotInState,
    LineWithoutMatch, LinesNotEqual, MergeMakesOwnPledge, MergeBreaksEarmark, LineFull, and what `entered`
    does."""
    need = await seen(tx, command.need_id, caller)
    into = await seen(tx, command.into_need_id, caller)
    role = desk_role(caller, need)
    desk_role(caller, into)
    must_be_mergeable(need, into)
    locked = await lock_both(tx, need, into)
    must_be_mergeable(locked.need, locked.into)
    pairs = paired(locked.lines_of(locked.need), locked.lines_of(locked.into), command.lines)
    rows = await merges.rows_on(tx, [line.need_line_id for line, _ in pairs])
    _must_be_of_others(pairs, rows)
    await _must_fit(tx, pairs, rows)
    now = tools.clock.now()
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    merge = Merge(
        merge_id=tools.new_id(),
        crisis_id=need.crisis_id,
        is_drill=need.is_drill,
        need_id=need.need_id,
        into_need_id=into.need_id,
        mode=command.mode,
        by_org_id=caller.organisation_id,
        command_id=story.command_id,
        merged_at=now,
        undo_until=now + UNDO_WITHIN,
    )
    after = merged(locked.need, locked.into, now)
    await needs.update(tx, locked.need, after)
    await settle(tx, after, "merged", story, tools)
    logged = audit(
        story, caller, "merge_need", "need", need.need_id, (locked.need.version, after.version),
        counterparty=into.asker_org_id, reason=command.mode,
    )  # fmt: skip
    await command_log.record(tx, [logged])
    told: list[Envelope] = [events.need_merged(after, merge, story)]
    into_after = survived(locked.into)
    if into_after is not locked.into:
        await needs.update(tx, locked.into, into_after)
        told.append(events.need_delegation_ended(into_after, story))
    remembered: list[MergedLine] = []
    arrived: list[tuple[UUID, Sequence[Allocation], Sequence[ElsewhereStatement]]] = []
    for line, target in pairs:
        key, goal = line.need_line_id, target.need_line_id
        before = locked.balances[goal]
        said = command.requested.get(goal)
        figure = entered(target.item_code, said[0], said[1] or target.unit)[0] if said else None
        requested = requested_after(command.mode, locked.balances[key], before, figure)
        statements = [each for each in await line_terms.statements(tx, [key]) if each.revoked_at is None]
        journey = Journey(line, target, rows[key], statements, {goal: requested})
        came, both = await travel(tx, locked, journey, story, tools)
        revision = await line_terms.add_revision(
            tx,
            target,
            terms_of(target, locked.balances[goal]),
            locked.balances[goal].version,
            reason="merged",
            by_org_id=caller.organisation_id,
            command_id=story.command_id,
        )
        remembered.append(MergedLine(key, goal, before.requested, revision))
        arrived.append((key, came, statements))
        told += both
    await merges.insert(tx, merge, remembered)
    for key, came, statements in arrived:
        await merges.remember_rows(tx, merge, key, came, statements)
    await outbox.append(tx, *told)
    await ask_if_met(tx, into_after, story, tools)
    current = await lines.read(tx, list(locked.balances))
    rows_moved = sum(len(came) for _, came, _ in arrived)
    return Merged(merge, replace(locked, need=after, into=into_after), current, rows_moved)


def _must_be_of_others(pairs: Sequence[tuple[Line, Line]], rows: Mapping[UUID, Sequence[Allocation]]) -> None:
    """Raise MergeMakesOwnPledge naming rows whose pledger asks for the survivor: own stock is no pledge."""
    own = [
        str(row.allocation_id)
        for line, target in pairs
        for row in rows[line.need_line_id]
        if target.asker_org_id in (row.pledger_org_id, row.behalf.by_org_id if row.behalf else None)
    ]
    if own:
        raise MergeMakesOwnPledge(allocations=", ".join(own))


async def _must_fit(
    tx: Transaction, pairs: Sequence[tuple[Line, Line]], rows: Mapping[UUID, Sequence[Allocation]]
) -> None:
    """Raise MergeBreaksEarmark naming rows that may not be used for the survivor without a waiver."""
    outside = [
        (row, target)
        for line, target in pairs
        for row in rows[line.need_line_id]
        if not fits(row.earmark, target, item_code=row.given_item)
    ]
    if not outside:
        return
    allowed = await waivers.granted(
        tx,
        [row.offer_line_id for row, _ in outside],
        [target.need_line_id for _, target in outside],
    )
    named = [
        str(row.allocation_id)
        for row, target in outside
        if (row.offer_line_id, target.need_line_id) not in allowed
    ]
    if named:
        raise MergeBreaksEarmark(allocations=", ".join(named))
