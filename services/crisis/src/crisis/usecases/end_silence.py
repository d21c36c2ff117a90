"""EndSilence: deadlines that are still their allocations' own end the rows, many in one transaction.

Late is fine, early or twice is not. A clock that stands still because nobody was reached ends nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation
from crisis.domain.answers import ended_by_silence
from crisis.domain.balances import NeedBalance
from crisis.domain.ledger import Entry, need_after
from crisis.domain.lines import Line
from crisis.domain.states import Timer
from crisis.events import Story
from crisis.store import allocations, command_log, crises, ledger, lines
from crisis.usecases.allocation_step import doing_on
from crisis.usecases.authority import SYSTEM
from crisis.usecases.tools import Tools, audit
from imece_chassis import outbox
from imece_chassis.database import Restart, Transaction
from imece_chassis.deadlines import fire_many
from imece_contracts.envelope import Envelope

KINDS = (Timer.ANSWER, Timer.HOLD, Timer.WAITING)


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline of an allocation whose time has come."""

    deadline_id: UUID
    allocation_id: UUID
    kind: Timer


@dataclass(slots=True)
class _Ended:
    """What a batch does: rows as they are afterwards, and all that is written with them."""

    rows: list[Allocation] = field(default_factory=list[Allocation])
    entries: list[Entry] = field(default_factory=list[Entry])
    logged: list[command_log.Command] = field(default_factory=list[command_log.Command])
    told: list[Envelope] = field(default_factory=list[Envelope])

    def add(
        self, row: Allocation, kind: Timer, line: Line, balance: NeedBalance, tools: Tools
    ) -> NeedBalance:
        """End one row; returns the line's balance after its event."""
        story = Story(tools.new_id(), row.crisis_id, row.is_drill, None, SYSTEM, tools.clock.now())
        step = ended_by_silence(row, kind, doing_on(balance, story, tools.new_id))
        (after,) = step.changed
        balance = need_after(balance, step.entries).told()
        self.rows.append(after)
        self.entries += step.entries
        versions, subject = (row.version, after.version), row.allocation_id
        self.logged.append(audit(story, None, "end_silence", "allocation", subject, versions, reason=kind))
        self.told.append(events.allocation_moved(row, step.changed, line, balance, story))
        return balance


async def end_silence(
    tx: Transaction, deadline_id: UUID, allocation_id: UUID, kind: Timer, tools: Tools
) -> bool:
    """Expire one row, or end one hold. False when somebody was quicker: nothing happened."""
    return bool(await end_silences(tx, [Due(deadline_id, allocation_id, kind)], tools))


async def end_silences(tx: Transaction, due: Sequence[Due], tools: Tools) -> set[UUID]:
    """The same for many, locked in order; returns the deadlines that ended a row.

    Every row has an event and a line version of its own, in the order of the rows' ids.
    """
    row_ids = [each.allocation_id for each in due]
    seen = await allocations.whose(tx, row_ids)
    await crises.lock_shared(tx, sorted({crisis_id for crisis_id, _, _ in seen}))
    await lines.lock_supplies(tx, sorted({offer_line_id for _, offer_line_id, _ in seen}))
    balances = await lines.lock_needs(tx, sorted({need_line_id for _, _, need_line_id in seen}))
    known = await lines.read(tx, list(balances))
    rows = await allocations.lock_many(tx, row_ids)
    if any(row.need_line_id not in balances for row in rows.values()):
        raise Restart
    still = await fire_many(tx, [each.deadline_id for each in due])
    ended, done = _Ended(), set[UUID]()
    for each in sorted(due, key=lambda each: each.allocation_id):
        row = rows.get(each.allocation_id)
        is_its_own = row is not None and row.clock is not None and row.clock.deadline_id == each.deadline_id
        if row is None or not is_its_own or each.deadline_id not in still:
            continue
        line_id = row.need_line_id
        balances[line_id] = ended.add(row, each.kind, known[line_id], balances[line_id], tools)
        done.add(each.deadline_id)
    if ended.rows:
        await allocations.end(tx, ended.rows)
        await ledger.post(tx, ended.entries)
        await command_log.record(tx, ended.logged)
        await outbox.append(tx, *ended.told)
    return done
