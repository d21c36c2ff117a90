"""What all commands on a line's terms have in common: lock in order, write, tell.

Lock order: crisis (shared), door and offer lines of what may be let go, need line, allocations. One event per
row let go, then the line's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation, Step
from crisis.domain.balances import NeedBalance
from crisis.domain.clocks import Silence
from crisis.domain.crises import Crisis
from crisis.domain.ledger import Entry, TermsChange, need_after, terms_after
from crisis.domain.line_terms import Revision
from crisis.domain.lines import Line
from crisis.domain.reasons import REQUESTED_LOWERED
from crisis.domain.refusals import NotFound, RoleMissing
from crisis.domain.releases import Letting, released
from crisis.domain.states import State
from crisis.domain.tasks import TaskKind
from crisis.events import Story
from crisis.store import allocations, crises, ledger, line_terms, lines, need_allocations
from crisis.usecases.allocation_step import doing_on
from crisis.usecases.authority import DESKS, acting_role
from crisis.usecases.close_met import close_if_met
from crisis.usecases.keep_asking import keep_asking
from crisis.usecases.tasks import open_task, settle_tasks
from crisis.usecases.tools import Tools
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_contracts.envelope import Envelope

OWNERS = ("asker", *DESKS)
SURPLUS_GONE = "surplus_gone"
HOLDABLE = (State.HELD, State.PROPOSED, State.COUNTERED)


@dataclass(frozen=True, slots=True)
class LockedLine:
    """A line with everything a decision needs; `offer_lines` are those whose rows may be let go."""

    line: Line
    balance: NeedBalance
    crisis: Crisis
    offer_lines: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class LineChanged:
    """The line after the command, and the rows it let go."""

    line: Line
    balance: NeedBalance
    released: tuple[Allocation, ...] = ()


async def seen_line(tx: Transaction, need_line_id: UUID, caller: Caller) -> Line:
    """The line without lock, to ask whether the caller may act; raises NotFound, also for others' drafts."""
    line = (await lines.read(tx, [need_line_id])).get(need_line_id)
    is_hidden = line is not None and line.opened_at is None and caller.organisation_id != line.asker_org_id
    if line is None or (is_hidden and line.need_state == "draft"):
        raise NotFound(kind="need line", id=str(need_line_id))
    return line


def owner_role(caller: Caller, line: Line) -> str:
    """The role in which the caller speaks for the line: a desk of the area, or its own asker.

    Raises RoleMissing.
    """
    if any(caller.may(role, province=line.plate, crisis_id=line.crisis_id) for role in DESKS):
        return acting_role(caller, DESKS, place=line.district, crisis_id=line.crisis_id)
    if caller.organisation_id != line.asker_org_id:
        raise RoleMissing(roles=", ".join(OWNERS), place=line.district)
    return acting_role(caller, ("asker",), place=line.district, crisis_id=line.crisis_id)


async def lock_line(tx: Transaction, seen: Line, *, may_let_go: bool = False) -> LockedLine:
    """Lock crisis, where some rows may be let go the offer lines of all that are or may soon be held, and the
    line; read them again."""
    crisis = (await crises.lock_shared(tx, [seen.crisis_id]))[seen.crisis_id]
    offer_lines = await lock_holding(tx, [seen.need_line_id]) if may_let_go else frozenset[UUID]()
    balance = (await lines.lock_needs(tx, [seen.need_line_id]))[seen.need_line_id]
    line = (await lines.read(tx, [seen.need_line_id]))[seen.need_line_id]
    return LockedLine(line, balance, crisis, offer_lines)


async def lock_holding(tx: Transaction, need_line_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Shut the lines' doors and lock the offer lines of what is held for them or may be before they are."""
    await lines.shut(tx, need_line_ids)
    offer_lines = await need_allocations.supplies(tx, need_line_ids, HOLDABLE)
    await lines.lock_supplies(tx, sorted(offer_lines))
    return offer_lines


async def let_go(
    tx: Transaction, locked: LockedLine, letting: Sequence[Letting], story: Story, tools: Tools
) -> tuple[list[Entry], list[Envelope], list[Allocation], NeedBalance]:
    """Write the rows let go; their entries, events and the balance after them are for the caller to post."""
    entries: list[Entry] = []
    told: list[Envelope] = []
    gone: list[Allocation] = []
    balance = locked.balance
    for each in letting:
        step = released(each.row, each.qty, REQUESTED_LOWERED, doing_on(balance, story, tools.new_id))
        balance = need_after(balance, step.entries).told()
        await _save(tx, step)
        await keep_asking(tx, each.row, step, story, tools)
        carrying = step.added or step.changed
        told.append(events.allocation_moved(each.row, carrying, locked.line, balance, story))
        entries += step.entries
        gone.append(carrying[0])
    return entries, told, gone, balance


async def write_terms(
    tx: Transaction,
    locked: LockedLine,
    revision: Revision,
    cause: str,
    reason: str,
    story: Story,
    tools: Tools,
    *,
    letting: Sequence[Letting] = (),
) -> LineChanged:
    """Let go what is too much, change the terms, and tell both; the line's event comes last.

    A surplus that stays becomes a desk's task; one that is gone settles it.
    """
    entries, told, gone, balance = await let_go(tx, locked, letting, story, tools)
    before, after = revision.before, revision.after
    change = TermsChange(
        need_line_id=locked.line.need_line_id,
        is_drill=locked.line.is_drill,
        line_version=balance.version + 1,
        requested=after.requested - before.requested,
        over_cap=after.over_cap - before.over_cap,
        elsewhere=after.elsewhere - before.elsewhere,
    )
    await ledger.post(tx, entries, terms=[change])
    line = locked.line
    if after.needed_by != before.needed_by:
        await line_terms.set_needed_by(tx, line, after.needed_by)
        line = replace(line, needed_by=after.needed_by)
    balance = terms_after(balance, change).told()
    told.append(events.need_line_revised(line, balance, revision, cause, reason, story))
    await outbox.append(tx, *told)
    await look_at_surplus(tx, line, balance, locked.crisis, story, tools)
    if balance.good + balance.elsewhere >= balance.requested:
        await close_if_met(tx, [line.need_id], story, tools)
    return LineChanged(line, balance, tuple(gone))


async def look_at_surplus(
    tx: Transaction, line: Line, balance: NeedBalance, crisis: Crisis, story: Story, tools: Tools
) -> None:
    """Put a surplus on a desk's queue, or take one that is gone off it."""
    if not balance.surplus:
        await settle_tasks(
            tx,
            subject_type="need_line",
            subject_id=line.need_line_id,
            outcome=SURPLUS_GONE,
            kinds=(TaskKind.SURPLUS,),
            story=story,
            tools=tools,
        )
        return
    await open_task(
        tx,
        kind=TaskKind.SURPLUS,
        crisis_id=line.crisis_id,
        is_drill=line.is_drill,
        subject_type="need_line",
        subject_id=line.need_line_id,
        place=line.district,
        item_group=line.tamp_group or None,
        urgency=line.urgency,
        due_at=story.at + crisis.timers.period(Silence.DESK, line.urgency),
        story=story,
        tools=tools,
    )


async def _save(tx: Transaction, step: Step) -> None:
    await allocations.stop_clock(tx, step.stopped)
    for row in step.changed:
        await allocations.update(tx, row)
    await allocations.insert(tx, step.added)
