"""What all commands on an allocation have in common: lock in order, take one step, write it, tell it.

Lock order: crisis (shared), offer line, need line, allocation. The row is first read without lock to learn
whose lines they are; a row that a merge took to another need line meanwhile is looked at again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation, Step
from crisis.domain.alternatives import Alternative
from crisis.domain.answers import Doing
from crisis.domain.balances import NeedBalance
from crisis.domain.crises import Crisis
from crisis.domain.hoarding import Standing
from crisis.domain.ledger import need_after
from crisis.domain.lines import Line
from crisis.domain.refusals import NotFound
from crisis.events import Story
from crisis.store import allocations, command_log, crises, ledger, lines
from crisis.usecases.queue_place import Queued
from imece_chassis import deadlines, outbox
from imece_chassis.database import Restart, Transaction
from imece_chassis.together import Together
from imece_contracts.envelope import Envelope

Tell = Callable[[Sequence[Allocation], NeedBalance], Envelope]


@dataclass(frozen=True, slots=True)
class Locked:
    """An allocation with everything a decision needs, locked."""

    row: Allocation
    line: Line
    balance: NeedBalance
    crisis: Crisis


@dataclass(slots=True)
class Ground:
    """Locked allocations with theirs, by id. Rows and balances move on as one step is taken after another."""

    crises: dict[UUID, Crisis]
    lines: dict[UUID, Line]
    balances: dict[UUID, NeedBalance]
    rows: dict[UUID, Allocation]

    def of(self, allocation_id: UUID) -> Locked:
        """One of the rows as it stands now."""
        row = self.rows[allocation_id]
        line_id = row.need_line_id
        return Locked(row, self.lines[line_id], self.balances[line_id], self.crises[row.crisis_id])

    def take(self, step: Step, balance: NeedBalance) -> None:
        """Count a decided step in, for those after it."""
        self.rows.update({row.allocation_id: row for row in step.rows})
        self.balances[balance.need_line_id] = balance


@dataclass(frozen=True, slots=True)
class Moved:
    """A command's effect: rows that carry quantity after it (the moved one first), line and balance.

    A declined pledger is shown `alternatives`; `standing` is set when the hoarding limit was overridden,
    `queued` when a part went to the waiting list.
    """

    rows: tuple[Allocation, ...]
    line: Line
    balance: NeedBalance
    alternatives: Sequence[Alternative] | None = None
    standing: Standing | None = None
    queued: Queued | None = None


async def seen(tx: Transaction, allocation_id: UUID) -> tuple[Allocation, Line]:
    """The row and its line without lock, to ask whether the caller may act. Raises NotFound."""
    row = await allocations.read(tx, allocation_id)
    if row is None:
        raise NotFound(kind="allocation", id=str(allocation_id))
    return row, (await lines.read(tx, [row.need_line_id]))[row.need_line_id]


async def lock(tx: Transaction, row: Allocation, asked_of: Line | None = None) -> Locked:
    """Lock crisis, offer line, need line and row, in that order, and read them again.

    Raises Restart when the row has changed its need line since, or the need its place or who answers for it
    since the caller's rights were `asked_of` its line.
    """
    asked = {} if asked_of is None else {row.need_line_id: asked_of}
    return (await lock_all(tx, [row], asked)).of(row.allocation_id)


async def lock_all(tx: Transaction, seen_rows: Sequence[Allocation], asked_of: Mapping[UUID, Line]) -> Ground:
    """The same for many rows, each sort by id; `asked_of` lines by id. Raises Restart as `lock` does.

    A row that went to the line of another of them is no longer the row its caller was asked about.
    """
    known = await crises.lock_shared(tx, sorted({row.crisis_id for row in seen_rows}))
    await lines.lock_supplies(tx, sorted({row.offer_line_id for row in seen_rows}))
    balances = await lines.lock_needs(tx, sorted({row.need_line_id for row in seen_rows}))
    facts = await lines.read(tx, list(balances))
    if any(_rights_on(line) != _rights_on(facts[line_id]) for line_id, line in asked_of.items()):
        raise Restart
    rows = await allocations.lock_many(tx, [row.allocation_id for row in seen_rows])
    if any(rows[row.allocation_id].need_line_id != row.need_line_id for row in seen_rows):
        raise Restart
    return Ground(known, facts, balances, await allocations.with_successors(tx, rows.values()))


def _rights_on(line: Line) -> tuple[object, ...]:
    return line.district, line.delegated_until, line.delegated_by_org_id


async def write(
    tx: Transaction,
    locked: Locked,
    step: Step,
    story: Story,
    audit: command_log.Command,
    *,
    event: Tell | None = None,
) -> Moved:
    """Save the step, post its entries, stop the old clock, log the command, publish its one event.

    `event` tells of the step from its rows and the balance after it, where their state does not say it all.
    """
    # Before all else: the row's new clock may be of the same kind, and a row has one of a kind.
    await allocations.stop_clock(tx, step.stopped)
    together = Together(tx)
    if step.changed:
        await allocations.update_all(together, step.changed, is_clock_new=step.stopped is not None)
    await allocations.insert(together, step.added)
    if step.entries:
        await ledger.post(together, step.entries)
    else:
        row = locked.row
        await ledger.tell_need_lines(tx, {(row.need_line_id, row.is_drill): locked.balance.version})
    await command_log.record(together, [audit])
    balance = need_after(locked.balance, step.entries).told()
    carrying = step.added or step.changed
    if event is None:
        told = events.allocation_moved(locked.row, carrying, locked.line, balance, story)
    else:
        told = event(carrying, balance)
    await outbox.append(together, told)
    await together.run()
    return Moved(carrying, locked.line, balance)


async def write_all(
    tx: Together,
    steps: Sequence[Step],
    audits: Sequence[command_log.Command],
    told: Sequence[Envelope],
) -> None:
    """The same for steps on many rows, one command and one event each; no new clock is of an old one's kind.

    What does not have to be known at once is written when `tx` runs.
    """
    await deadlines.cancel(tx, *(step.stopped for step in steps if step.stopped is not None))
    await allocations.update_all(tx, [row for step in steps for row in step.changed])
    await allocations.insert(tx, [row for step in steps for row in step.added])
    await ledger.post(tx, [entry for step in steps for entry in step.entries])
    await command_log.record(tx, audits)
    await outbox.append(tx, *told)


def doing_of(locked: Locked, story: Story, new_id: Callable[[], UUID]) -> Doing:
    """The circumstances of a step on the row."""
    return doing_on(locked.balance, story, new_id)


def doing_on(balance: NeedBalance, story: Story, new_id: Callable[[], UUID]) -> Doing:
    """The circumstances of a step on a line; its event is the line's next."""
    return Doing(
        command_id=story.command_id,
        actor_org_id=story.actor_org_id,
        actor=story.actor_role,
        now=story.at,
        line_version=balance.version + 1,
        new_id=new_id,
    )
