"""CorrectRecord: the ledger is wrong about an allocation; two keys of the secretariat say what is true.

The first key changes nothing. With the second the row is cut into what is true, in one event of its line; old
rows and entries stay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation
from crisis.domain.conditions import Condition, must_allow
from crisis.domain.corrections import (
    SECOND_KEY_WITHIN,
    Corrected,
    Correction,
    Ground,
    Piece,
    Truth,
    corrected,
    must_be_of_another,
)
from crisis.domain.lines import Line
from crisis.domain.offers import Offer, OfferState
from crisis.domain.reasons import CORRECT, known_reason
from crisis.domain.states import State
from crisis.domain.two_keys import PendingKey
from crisis.domain.units import plain
from crisis.events import Story
from crisis.store import (
    allocations,
    command_log,
    conditions,
    corrections,
    ledger,
    lines,
    offers,
    two_keys,
    waiting,
    waivers,
)
from crisis.usecases.accept_allocation import quantity_of
from crisis.usecases.allocation_step import Locked, doing_of, lock, seen
from crisis.usecases.authority import SECRETARIAT, acting_role, must_see
from crisis.usecases.close_met import close_if_met
from crisis.usecases.keep_asking import keep_asking
from crisis.usecases.line_step import look_at_surplus
from crisis.usecases.offer_step import locked_crisis
from crisis.usecases.tools import Tools, audit, story_of
from crisis.usecases.two_keys import first_key
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction

ACTION = "correct_record"


@dataclass(frozen=True, slots=True)
class CorrectRecord:
    """`becomes`: how much of the row is really in which state; `excess`: what came beyond it. Decimal text in
    the line's unit. `reason` is a code of domain.reasons.CORRECT."""

    allocation_id: UUID
    becomes: Mapping[State, str]
    reason: str
    excess: str | None = None


async def propose_correction(
    tx: Transaction, command: CorrectRecord, caller: Caller, tools: Tools
) -> PendingKey:
    """The request that waits for its second key; the record is unchanged.

    Raises NotFound, RoleMissing, ReasonUnknown, KeyPending, ConditionOpen, what `quantity_of` and what
    `domain.corrections.corrected` does.
    """
    row, line = await seen(tx, command.allocation_id)
    must_see(caller, row, line)
    role = acting_role(caller, (SECRETARIAT,), place=line.district, crisis_id=row.crisis_id)
    reason = known_reason(command.reason, CORRECT, "correct the record")
    truth = Truth(
        {state: quantity_of(text, row, line) for state, text in command.becomes.items()},
        quantity_of(command.excess, row, line) if command.excess is not None else Decimal(0),
    )
    locked, ground = await _lock(tx, row, line)
    now = tools.clock.now()
    story = story_of(caller, role, tools.new_id(), row.crisis_id, row.is_drill, now)
    await _agreed(tx, locked.row, truth)
    corrected(locked.row, ground, truth, reason, doing_of(locked, story, tools.new_id))
    two_key_id = await first_key(
        tx,
        action=ACTION,
        subject_type=allocations.SUBJECT,
        subject_id=row.allocation_id,
        payload=_payload(locked.row, truth, line.unit, reason),
        crisis_id=row.crisis_id,
        is_drill=row.is_drill,
        expires_at=now + SECOND_KEY_WITHIN,
        caller=caller,
        story=story,
        tools=tools,
        place=line.district,
    )
    asked = await two_keys.read(tx, two_key_id)
    assert asked is not None
    return asked


async def correct_record(tx: Transaction, asked: PendingKey, caller: Caller, tools: Tools) -> Corrected:
    """With the second key: the correction as remembered.

    A row that moved on since the first key is AllocationNotInState. Raises ConditionOpen and what
    `domain.corrections.corrected` does.
    """
    row, line = await seen(tx, asked.subject_id)
    role = acting_role(caller, (SECRETARIAT,), place=line.district, crisis_id=row.crisis_id)
    must_be_of_another(row, asked.first_org_id)
    locked, ground = await _lock(tx, row, line)
    locked.row.must_be(State(asked.payload["was"]))
    truth = Truth(
        {State(state): Decimal(text) for state, text in asked.payload["becomes"].items()},
        Decimal(asked.payload["excess"]),
    )
    met = await _agreed(tx, locked.row, truth)
    story = story_of(caller, role, tools.new_id(), row.crisis_id, row.is_drill, tools.clock.now())
    reason = str(asked.payload["reason"])
    done = corrected(locked.row, ground, truth, reason, doing_of(locked, story, tools.new_id))
    await conditions.settle(tx, *met)
    return await _write(tx, locked, ground, done, asked, story, caller, tools)


async def _lock(tx: Transaction, row: Allocation, line: Line) -> tuple[Locked, Ground]:
    """Crisis, the row's offer with all its lines, need line and row, locked in that order.

    What was over may count again, so the line's door is entered first.
    """
    await locked_crisis(tx, row.crisis_id)
    await lines.enter(tx, [row.need_line_id])
    offer, supplies = await offers.lock(tx, await offers.offer_of(tx, row.offer_line_id))
    locked = await lock(tx, row, line)
    pair = (row.offer_line_id, row.need_line_id)
    is_waived = bool(row.earmark) and pair in await waivers.granted(tx, pair[:1], pair[1:])
    ground = Ground(
        locked.crisis,
        locked.line,
        locked.balance,
        offer,
        supplies[row.offer_line_id],
        is_waived,
        await offers.raised_by(tx, row.offer_line_id, ACTION, is_drill=row.is_drill),
    )
    return locked, ground


async def _agreed(
    tx: Transaction, row: Allocation, truth: Truth
) -> tuple[Sequence[Condition], Sequence[Condition]]:
    """The least quantities a hold meets, before and after; raises ConditionOpen for those against it."""
    held = truth.becomes.get(State.HELD)
    if held is None or not row.has_conditions:
        return (), ()
    known = await conditions.of_root(tx, row.root_id)
    met = must_allow(known, held)
    met_ids = {condition.condition_id for condition in met}
    return [condition for condition in known if condition.condition_id in met_ids], met


async def _write(
    tx: Transaction,
    locked: Locked,
    ground: Ground,
    done: Correction,
    asked: PendingKey,
    story: Story,
    caller: Caller,
    tools: Tools,
) -> Corrected:
    row, (after,) = locked.row, done.step.changed
    await allocations.stop_clock(tx, done.step.stopped)
    await waiting.forget_given_up(tx, row.allocation_id)
    await allocations.update(tx, after)
    await allocations.insert(tx, [*done.step.added, *([done.excess] if done.excess else [])])
    await keep_asking(tx, row, done.step, story, tools)
    raised = {(row.offer_line_id, row.is_drill): done.raised} if done.raised else {}
    await ledger.post(tx, done.entries, terms=[done.terms], revised_supply=raised)
    logged = audit(
        story,
        caller,
        ACTION,
        allocations.SUBJECT,
        row.allocation_id,
        (row.version, after.version),
        counterparty=row.pledger_org_id,
        reason=str(asked.payload["reason"]),
    )
    await command_log.record(tx, [logged])
    written = _remembered(row, done, asked, story)
    await corrections.insert(tx, written)
    await outbox.append(tx, events.allocation_corrected(row, written, locked.line, done.balance, story))
    if done.raised:
        await _revise(tx, ground.offer, row, done.raised, story)
    await look_at_surplus(tx, locked.line, done.balance, locked.crisis, story, tools)
    if done.balance.good + done.balance.elsewhere >= done.balance.requested:
        await close_if_met(tx, [locked.line.need_id], story, tools)
    return written


async def _revise(tx: Transaction, offer: Offer, row: Allocation, by: Decimal, story: Story) -> None:
    """Write down that the offer line held more than it said, or less; who follows the offer hears of it
    while it is not over."""
    before = offer.line(row.offer_line_id)
    line = replace(before, qty=before.qty + by)
    lines = tuple(line if each is before else each for each in offer.lines)
    after = replace(offer, lines=lines, version=offer.version + 1)
    await offers.record_revision(
        tx,
        line.offer_line_id,
        line.qty,
        is_drill=row.is_drill,
        reason=ACTION,
        by_org_id=story.actor_org_id,
        command_id=story.command_id,
    )
    if offer.state is not OfferState.CLOSED:
        after = after.heard()
        await outbox.append(tx, events.offer_revised(after, line, before.qty, story))
    await offers.update(tx, offer, after)


def _payload(row: Allocation, truth: Truth, unit: str, reason: str) -> dict[str, Any]:
    return {
        "was": row.state.value,
        "quantity": plain(row.qty),
        "unit": unit,
        "becomes": {state.value: plain(qty) for state, qty in truth.becomes.items()},
        "excess": plain(truth.excess),
        "reason": reason,
    }


def _remembered(row: Allocation, done: Correction, asked: PendingKey, story: Story) -> Corrected:
    excess = done.excess
    assert story.actor_org_id is not None
    return Corrected(
        command_id=story.command_id,
        two_key_id=asked.two_key_id,
        crisis_id=row.crisis_id,
        is_drill=row.is_drill,
        need_line_id=row.need_line_id,
        line_version=done.balance.version,
        root_id=row.root_id,
        pledger_org_id=row.pledger_org_id,
        before=Piece(row.allocation_id, row.state, row.qty),
        after=tuple(Piece(piece.allocation_id, piece.state, piece.qty) for piece in done.step.added),
        excess=Piece(excess.allocation_id, excess.state, excess.qty) if excess else None,
        reason=str(asked.payload["reason"]),
        first_org_id=asked.first_org_id,
        second_org_id=story.actor_org_id,
        corrected_at=story.at,
    )
