"""UnmergeNeed: within 24 hours a merge is undone. Every row nobody moved since goes back as it is; the others
are listed and stay with the survivor."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from crisis import events
from crisis.domain.crises import must_be_open
from crisis.domain.line_terms import ElsewhereStatement, terms_of
from crisis.domain.merging import Merge, MergedLine, must_be_undoable, unmerged
from crisis.domain.refusals import NotMerged
from crisis.store import command_log, line_terms, lines, merges, needs
from crisis.usecases.merge_need import Merged
from crisis.usecases.merge_step import Journey, LockedNeeds, lock_both, travel
from crisis.usecases.need_authority import desk_role
from crisis.usecases.need_step import seen
from crisis.usecases.need_tasks import ask_if_unverified
from crisis.usecases.order_step import walk_over
from crisis.usecases.pool_offers import look_for_need
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_contracts.envelope import Envelope


async def unmerge_need(tx: Transaction, need_id: UUID, caller: Caller, tools: Tools) -> Merged:
    """The pair apart again.

    Raises NotFound, RoleMissing, CrisisNotOpen (it is closed), NotMerged, UndoTooLate, NeedClosed or
    NeedNotInState (the survivor is neither open nor on hold), LineFull.
    """
    need = await seen(tx, need_id, caller)
    merge = await merges.latest(tx, need_id)
    if merge is None:
        raise NotMerged(need_id=str(need_id), state=need.state.value)
    into = await seen(tx, merge.into_need_id, caller)
    role = desk_role(caller, need)
    desk_role(caller, into)
    locked = await lock_both(tx, need, into)
    merge = await merges.latest(tx, need_id, is_locked=True)
    assert merge is not None
    now = tools.clock.now()
    if locked.crisis.state == "closed":
        must_be_open(locked.crisis)
    must_be_undoable(merge, locked.need, locked.into, now)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    after = unmerged(locked.need, locked.crisis, now, tools.new_id)
    await needs.update(tx, locked.need, after)
    pairs = await merges.merged_lines(tx, merge.merge_id)
    rows = await merges.rows_on(tx, [pair.into_line_id for pair in pairs])
    latest = await merges.latest_revisions(tx, [pair.into_line_id for pair in pairs])
    moved, stayed, kept, told = 0, list[UUID](), list[UUID](), list[Envelope]()
    for pair in pairs:
        versions = await merges.merged_versions(tx, merge.merge_id, pair.need_line_id)
        ready = versions.keys() & await merges.unmoved(tx, merge, pair.into_line_id)
        going = [row for row in rows[pair.into_line_id] if row.allocation_id in ready]
        stayed += sorted(versions.keys() - {row.allocation_id for row in going})
        requested: dict[UUID, Decimal] = {}
        if latest[pair.into_line_id] == pair.revision:
            requested = {pair.into_line_id: pair.requested_before}
        else:
            kept.append(pair.into_line_id)
        statements = await _standing(tx, merge, pair)
        source, home = locked.lines[pair.into_line_id], locked.lines[pair.need_line_id]
        journey = Journey(source, home, going, statements, requested, is_undo=True)
        came, both = await travel(tx, locked, journey, story, tools)
        untouched = [row for row in going if versions[row.allocation_id] == row.version]
        await merges.restore_clocks(tx, merge.merge_id, untouched, source.needed_by)
        moved += len(came)
        told += both
        if requested:
            await _restore_request(tx, locked, pair, caller, story.command_id)
    undone = replace(merge, undone_at=now, undo_command_id=story.command_id)
    # No other event touches the survivor's lines in this command: their versions are those of the undoing.
    ended = {pair.need_line_id: locked.balances[pair.into_line_id].version for pair in pairs}
    await merges.set_undone(tx, undone, ended)
    await command_log.record(
        tx,
        [
            audit(
                story,
                caller,
                "unmerge_need",
                "need",
                need_id,
                (locked.need.version, after.version),
                counterparty=into.asker_org_id,
            )
        ],
    )
    await outbox.append(tx, events.need_unmerged(after, undone, stayed, story), *told)
    await ask_if_unverified(tx, after, story, tools)
    await look_for_need(tx, need_id, after.lines, now)
    await walk_over(tx, need.crisis_id, after.district, tools)
    current = await lines.read(tx, list(locked.balances))
    return Merged(undone, replace(locked, need=after), current, moved, tuple(stayed), tuple(kept))


async def _standing(tx: Transaction, merge: Merge, pair: MergedLine) -> list[ElsewhereStatement]:
    """Statements the merge brought that nobody revoked since."""
    brought = await merges.merged_statements(tx, merge.merge_id, pair.need_line_id)
    return [
        said
        for said in await line_terms.statements(tx, [pair.into_line_id])
        if said.revoked_at is None and said.statement_id in brought
    ]


async def _restore_request(
    tx: Transaction, locked: LockedNeeds, pair: MergedLine, caller: Caller, command_id: UUID
) -> None:
    """Write down that the survivor asks for what it asked for before."""
    line, balance = locked.lines[pair.into_line_id], locked.balances[pair.into_line_id]
    await line_terms.add_revision(
        tx,
        line,
        terms_of(line, balance),
        balance.version,
        reason="unmerged",
        by_org_id=caller.organisation_id,
        command_id=command_id,
    )
