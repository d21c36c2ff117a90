"""AcceptAllocation: the awaited side takes an offer, a call or a counter as far as there is room.

The rest ends or waits. From a pledger above the hoarding limit a desk takes with a reason, which is logged.
Accepts that came together are decided one after another against figures locked once, and written with a
number of statements that does not depend on how many they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation, Side, Step
from crisis.domain.answers import Rest, accepted
from crisis.domain.conditions import Condition, must_allow
from crisis.domain.crises import CrisisState, must_take_answers
from crisis.domain.hoarding import Standing
from crisis.domain.ledger import need_after
from crisis.domain.lines import Line
from crisis.domain.offers import OfferState, must_not_be_in_doubt
from crisis.domain.reasons import OVERRIDE, known_reason
from crisis.domain.refusals import NotFound, RoleMissing
from crisis.domain.states import State
from crisis.domain.units import parse_quantity, whole_or_refused
from crisis.store import allocations, command_log, conditions, lines, offers, own_limits, standings
from crisis.usecases.allocation_step import Ground, Moved, doing_of, lock_all, write_all
from crisis.usecases.asked import Asked, about_known, each_for_itself
from crisis.usecases.authority import DELEGATED, DESKS, answering_role, must_still_answer
from crisis.usecases.own_limits import OwnLimits, read_own_limits
from crisis.usecases.queue_place import queue_place
from crisis.usecases.representing import writing_roles
from crisis.usecases.stand_down import ask_about_holds
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import context
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.together import Together
from imece_contracts.envelope import Envelope

Standings = dict[tuple[UUID, UUID], Standing]


@dataclass(frozen=True, slots=True)
class AcceptAllocation:
    """`quantity` in the line's unit, None for all of it; `rest` says what becomes of what is not taken.

    `override_reason` is a code of domain.reasons.OVERRIDE; `device_at` is when it was said by the clock of
    the sender's device.
    """

    allocation_id: UUID
    quantity: str | None = None
    rest: Rest | None = None
    override_reason: str | None = None
    device_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Understood:
    """An accept whose words make sense and whose sender may answer, as the row was seen without lock."""

    asked: Asked[AcceptAllocation]
    row: Allocation
    line: Line
    side: Side
    role: str
    quantity: Decimal | None
    override: str | None


@dataclass(frozen=True, slots=True)
class _Known:
    """What decisions on locked rows ask for: standings, conditions by root, offers by line, own limits.

    Of an offer its state, and whether it was made for a call on a package.
    """

    standings: Standings
    conditions: dict[UUID, list[Condition]]
    offers: Mapping[UUID, tuple[OfferState, bool]]
    limits: OwnLimits


@dataclass(frozen=True, slots=True)
class _Taken:
    """A decided accept: what is answered, and all that is written of it."""

    moved: Moved
    step: Step
    audit: command_log.Command
    told: Envelope
    open_before: Sequence[Condition]
    met: Sequence[Condition]
    at: datetime
    winding_down: UUID | None = None
    """The crisis, where it is stood down and a desk decides about what is held now."""


async def accept_allocation(
    tx: Transaction, command: AcceptAllocation, caller: Caller, tools: Tools
) -> Moved:
    """The held row first, then the rest if it was cut, with its place if it waits.

    Raises NotFound, RoleMissing, CrisisNotOpen, OfferNotInState, ReasonUnknown, HoardingLimit, ConditionOpen,
    CallAboveOwnThreshold, SameKey and what `domain.answers.accepted` does.
    """
    together = Together(tx)
    (outcome,) = await accept_each(together, [Asked(command, caller, context.traceparent())], tools)
    if isinstance(outcome, Exception):
        raise outcome
    await together.run()
    return outcome


async def accept_each(
    tx: Together, asked: Sequence[Asked[AcceptAllocation]], tools: Tools
) -> list[Moved | Exception]:
    """What each moved, or why it was refused, in order; a refused one changes nothing for its neighbours."""
    now = tools.clock.now()
    rows = await allocations.known(tx, [each.command.allocation_id for each in asked])
    facts = await lines.read(tx, sorted({row.need_line_id for row in rows.values()}))
    those = about_known(asked, rows, facts)
    writers = dict(zip(those, await writing_roles(tx, list(those.values()), now), strict=True))
    refused: dict[int, Exception] = {}

    def understand(at: int, each: Asked[AcceptAllocation]) -> _Understood:
        return _understood(each, rows, facts, now, writers.get(at))

    wanted = each_for_itself(dict(enumerate(asked)), understand, refused)
    if not wanted:
        return [refused[at] for at in range(len(asked))]
    counted = await _standings(tx, wanted.values(), now)
    asked_of = {each.line.need_line_id: each.line for each in wanted.values()}
    ground = await lock_all(tx, [each.row for each in wanted.values()], asked_of)
    known = await _known(tx, ground, counted, list(wanted.values()))

    def take(_: int, each: _Understood) -> _Taken:
        done = _decide(each, ground, known, tools)
        ground.take(done.step, done.moved.balance)
        _settle(known.conditions, done.met)
        _count_held(known.standings, done.moved.rows)
        return done

    taken = each_for_itself(wanted, take, refused)
    if taken:
        await _write(tx, list(taken.values()))
    if known.limits.alone:
        await own_limits.note(tx, known.limits.alone)
    outcomes: dict[int, Moved | Exception] = {**refused}
    for at, done in taken.items():
        outcomes[at] = await _with_place(tx, done)
    return [outcomes[at] for at in range(len(asked))]


def quantity_of(text: str, row: Allocation, line: Line) -> Decimal:
    """A quantity in the line's unit; where another item stands in it need not be whole."""
    return whole_or_refused(line.item_code, text) if row.given_item is None else parse_quantity(text)


def _understood(
    each: Asked[AcceptAllocation],
    rows: Mapping[UUID, Allocation],
    facts: Mapping[UUID, Line],
    now: datetime,
    writer: str | None,
) -> _Understood:
    command = each.command
    row = rows.get(command.allocation_id)
    if row is None:
        raise NotFound(kind="allocation", id=str(command.allocation_id))
    line = facts[row.need_line_id]
    side, role = answering_role(each.caller, row, line, now, writer)
    quantity = None if command.quantity is None else quantity_of(command.quantity, row, line)
    override = command.override_reason and known_reason(command.override_reason, OVERRIDE, "override")
    if override and role in DELEGATED:
        raise RoleMissing(roles=", ".join(DESKS), place=line.district)
    return _Understood(each, row, line, side, role, quantity, override)


async def _known(
    tx: Transaction, ground: Ground, counted: Standings, wanted: Sequence[_Understood]
) -> _Known:
    rows = ground.rows.values()
    roots = sorted({row.root_id for row in rows if row.has_conditions})
    stated = await conditions.of_roots(tx, roots) if roots else {}
    states = await offers.states_of_lines(tx, sorted({row.offer_line_id for row in rows}))
    called = [
        (each.row.offer_line_id, each.row.pledger_org_id, each.asked.caller.key_id)
        for each in wanted
        if each.side is Side.PLEDGER and states[each.row.offer_line_id][1]
    ]
    return _Known(counted, stated, states, await read_own_limits(tx, called))


async def _standings(tx: Transaction, wanted: Iterable[_Understood], now: datetime) -> Standings:
    """Of pledgers whose goods a desk would take, by crisis and organisation."""
    of_crisis: dict[UUID, set[UUID]] = {}
    for each in wanted:
        if each.side is Side.ASKER_SIDE:
            of_crisis.setdefault(each.row.crisis_id, set()).add(each.row.pledger_org_id)
    return {
        (crisis_id, org_id): standing
        for crisis_id, orgs in of_crisis.items()
        for org_id, standing in (await standings.read(tx, crisis_id, sorted(orgs), now)).items()
    }


def _decide(
    each: _Understood,
    ground: Ground,
    known: _Known,
    tools: Tools,
) -> _Taken:
    row, caller = each.row, each.asked.caller
    locked = ground.of(row.allocation_id)
    must_take_answers(locked.crisis)
    now = tools.clock.now()
    must_still_answer(each.side, each.role, locked.row, locked.line, now)
    story = story_of(caller, each.role, tools.new_id(), row.crisis_id, row.is_drill, now)
    story = replace(story, traceparent=each.asked.traceparent)
    step = accepted(
        locked.row,
        locked.balance,
        locked.line,
        locked.crisis.timers,
        each.quantity,
        each.asked.command.rest,
        doing_of(locked, story, tools.new_id),
        side=each.side,
    )
    limits = locked.crisis.settings.limits
    standing = (
        known.standings.get((row.crisis_id, row.pledger_org_id)) if each.side is Side.ASKER_SIDE else None
    )
    if standing is not None:
        standing.must_be_overridden(limits, each.override)
    is_above = standing is not None and standing.is_above(limits)
    piece = next(piece for piece in (*step.added, *step.changed) if piece.state is not State.SPLIT)
    if piece.state is State.HELD:
        must_not_be_in_doubt(known.offers[row.offer_line_id][0])
    held = known.conditions.get(locked.row.root_id, []) if locked.row.has_conditions else []
    met = must_allow(held, piece.qty) if piece.state is State.HELD else ()
    if piece.state is State.HELD and each.side is Side.PLEDGER:
        known.limits.must_allow(row.offer_line_id, piece.supply_qty, caller.key_id)
    balance = need_after(locked.balance, step.entries).told()
    moved = Moved(step.added or step.changed, locked.line, balance, standing=standing if is_above else None)
    logged = audit(
        story,
        caller,
        "accept_allocation",
        "allocation",
        row.allocation_id,
        (locked.row.version, step.changed[0].version),
        counterparty=locked.row.other_party_org_id or each.line.asker_org_id,
        reason=each.override if is_above else None,
        device_at=each.asked.command.device_at,
    )
    told = events.allocation_moved(locked.row, moved.rows, locked.line, balance, story)
    met_ids = {condition.condition_id for condition in met}
    open_before = [condition for condition in held if condition.condition_id in met_ids]
    is_decided = piece.state is State.HELD and locked.crisis.state == CrisisState.STOOD_DOWN
    return _Taken(moved, step, logged, told, open_before, met, now, row.crisis_id if is_decided else None)


def _settle(stated: Mapping[UUID, list[Condition]], met: Sequence[Condition]) -> None:
    """Let those that come after see the conditions as they are now."""
    for after in met:
        of_root = stated[after.root_id]
        of_root[:] = [after if each.condition_id == after.condition_id else each for each in of_root]


def _count_held(counted: Standings, rows: Sequence[Allocation]) -> None:
    """Let those that come after see what their pledger holds by now."""
    for row in rows:
        key = (row.crisis_id, row.pledger_org_id)
        if row.state is State.HELD and key in counted:
            counted[key] = counted[key].holding(row.need_line_id)


async def _write(tx: Together, taken: Sequence[_Taken]) -> None:
    """Save the steps, post their entries, stop the old clocks, log the commands, publish one event each."""
    await write_all(
        tx, [each.step for each in taken], [each.audit for each in taken], [each.told for each in taken]
    )
    await conditions.settle(
        tx,
        [condition for each in taken for condition in each.open_before],
        [condition for each in taken for condition in each.met],
    )
    await ask_about_holds(tx, {each.winding_down: each.at for each in taken if each.winding_down is not None})


async def _with_place(tx: Together, done: _Taken) -> Moved:
    waiting = next((piece for piece in done.moved.rows if piece.state is State.WAITLISTED), None)
    if waiting is None:
        return done.moved
    await tx.run()
    return replace(done.moved, queued=await queue_place(tx, waiting, done.moved.line, done.at))
