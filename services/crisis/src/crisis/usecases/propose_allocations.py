"""ProposeAllocations: many pledges, one transaction, one outcome each.

Concurrent pledges are decided one after another against balances locked once, and written with a number of
statements that does not depend on how many they are. A refused pledge changes nothing for its neighbours.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Side
from crisis.domain.answers import Doing
from crisis.domain.auto_accept import may_be_taken
from crisis.domain.crises import Crisis
from crisis.domain.hoarding import Standing
from crisis.domain.lines import Line
from crisis.domain.orders import stopping
from crisis.domain.pledges import Pledge, PledgeRequest, pledged, taken_at_once
from crisis.domain.refusals import OnBehalfNotOpen
from crisis.events import Story
from crisis.store import allocations, command_log, conditions, ledger, offers
from crisis.usecases.allocation_step import doing_on
from crisis.usecases.authority import PLEDGERS, SYSTEM, acting_role
from crisis.usecases.batch import Batch, Outcome, refused
from crisis.usecases.orders import saturated
from crisis.usecases.pledge_ground import Ground, read_ground
from crisis.usecases.queue_place import NewPlaces, Queued
from crisis.usecases.representing import writing_role
from crisis.usecases.silent_desk import watch_desk
from crisis.usecases.tools import Tools, audit
from imece_chassis import idempotency, outbox
from imece_chassis.access.caller import Caller
from imece_chassis.answers import Answer
from imece_chassis.database import Database, Transaction
from imece_chassis.together import Together
from imece_contracts.envelope import Envelope
from imece_reference.places import place


class Wanted(Protocol):
    """A pledge for a line of a crisis, and who gives it."""

    @property
    def crisis_id(self) -> UUID: ...
    @property
    def pledge(self) -> PledgeRequest: ...
    @property
    def caller(self) -> Caller: ...
    @property
    def traceparent(self) -> str | None: ...
    @property
    def device_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class ProposeAllocation:
    """One pledge. `refusal` turns an expected error into the answer to store, None for an unexpected one."""

    crisis_id: UUID
    pledge: PledgeRequest
    caller: Caller
    key: idempotency.Request
    refusal: Callable[[Exception], Answer | None]
    traceparent: str | None = None
    device_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Promised:
    """A decided pledge with its line and the line's vector after it, as JSON.

    `alone` is the story of the accept that followed by itself, `vector_after` the vector after that.
    `standing` is set when the hoarding limit stood in the way, `queued` when the pledge waits for its turn.
    """

    pledge: Pledge
    line: Line
    vector: bytes
    story: Story
    alone: Story | None = None
    vector_after: bytes | None = None
    standing: Standing | None = None
    queued: Queued | None = None


Render = Callable[[Promised], Answer]


class ProposeAllocations:
    """The use case, to be called with a batch: by the single route through group commit, and by bulk."""

    def __init__(
        self, database: Database, tools: Tools, render: Render, *, is_on_behalf_open: bool = False
    ) -> None:
        self._batch = Batch(database, self._decide_and_write)
        self._tools = tools
        self._render = render
        self._is_on_behalf_open = is_on_behalf_open

    async def __call__(self, commands: Sequence[ProposeAllocation]) -> list[Outcome | Exception]:
        """One outcome per command, in order; see `Batch`."""
        return await self._batch(commands)

    async def one(self, tx: Transaction, command: ProposeAllocation) -> None:
        """One pledge in the caller's transaction, which answers for its key. Raises its refusal."""
        together = Together(tx)
        (outcome,) = await self._decide_and_write(together, [command])
        if isinstance(outcome, Exception):
            raise outcome
        await together.run()

    async def _decide_and_write(
        self, tx: Transaction, commands: Sequence[ProposeAllocation]
    ) -> list[Outcome | Exception]:
        wanted = [(command.crisis_id, command.pledge) for command in commands]
        keys = {command.caller.key_id for command in commands}
        ground = await read_ground(tx, wanted, self._tools.clock.now(), keys)
        pledgers = {pledge.pledger_org_id for _, pledge in wanted}
        places = NewPlaces(self._tools.clock.now(), pledgers)
        promised: list[Promised] = []
        rows: list[command_log.Command] = []
        outcomes: list[Outcome | Exception] = []
        for command in commands:
            try:
                done = await decide(
                    tx, command, ground, self._tools, is_on_behalf_open=self._is_on_behalf_open
                )
            except Exception as refusal:  # noqa: BLE001 - becomes this command's own outcome
                outcomes.append(refused(command, refusal))
                continue
            ground.take(done.pledge)
            promised.append(done)
            rows += logged(command, done)
            queued = await places.of(tx, done.pledge, done.line)
            outcomes.append(Outcome(self._render(replace(done, queued=queued) if queued else done)))
        if promised:
            await write(tx, promised, rows)
            await watch_desk(tx, for_desks(promised, ground), self._tools.clock.now())
        return outcomes


async def decide(
    tx: Transaction, command: Wanted, ground: Ground, tools: Tools, *, is_on_behalf_open: bool = False
) -> Promised:
    """What the pledge becomes on this ground. Raises Saturated, AboveOwnThreshold, NotFound, RoleMissing,
    OnBehalfNotOpen and what `domain.pledges.pledged` and `writing_role` do."""
    await _must_not_be_stopped(tx, command, ground, tools.clock.now())
    crisis, line = ground.where(command.crisis_id, command.pledge.need_line_id)
    if command.pledge.written_by_org_id is None:
        role = acting_role(command.caller, PLEDGERS, place=line.district, crisis_id=crisis.crisis_id)
    elif is_on_behalf_open:
        role = _role_of_writer(command, ground, line)
    else:
        raise OnBehalfNotOpen
    balance = ground.balances[line.need_line_id]
    supply = ground.supply_of(command.pledge, crisis)
    doing = Doing(
        command_id=tools.new_id(),
        actor_org_id=command.caller.organisation_id,
        actor=role,
        now=tools.clock.now(),
        line_version=balance.version + 1,
        new_id=tools.new_id,
    )
    is_waived = (command.pledge.offer_line_id, line.need_line_id) in ground.waived
    pledge = pledged(command.pledge, crisis, line, balance, doing, supply, is_waived=is_waived)
    if pledge.is_new:
        pledge = replace(pledge, offer=ground.by_one_key(pledge.offer, command.caller.key_id))
    standing = ground.standing(crisis.crisis_id, pledge.offer.org_id)
    vector = events.vector(line, pledge.balance)
    story = Story(
        command_id=doing.command_id,
        crisis_id=crisis.crisis_id,
        is_drill=crisis.is_drill,
        actor_org_id=doing.actor_org_id,
        actor_role=role,
        at=doing.now,
        traceparent=command.traceparent,
    )
    if not may_be_taken(pledge.allocation, crisis, line, pledge.balance, standing):
        is_above = standing.is_above(crisis.settings.limits)
        return Promised(pledge, line, vector, story, standing=standing if is_above else None)
    alone = replace(story, command_id=tools.new_id(), actor_org_id=None, actor_role=SYSTEM)
    pledge = taken_at_once(pledge, line, crisis, doing_on(pledge.balance, alone, tools.new_id))
    return Promised(pledge, line, vector, story, alone, events.vector(line, pledge.after))


def _role_of_writer(command: Wanted, ground: Ground, line: Line) -> str:
    """The desk role in which the caller writes for the pledger; raises what `writing_role` does."""
    org_id = command.pledge.pledger_org_id
    return writing_role(command.caller, ground.represented.get(org_id), org_id, line)


async def _must_not_be_stopped(tx: Transaction, command: Wanted, ground: Ground, now: datetime) -> None:
    """Raise Saturated, with where the goods are missing, if an order in force stops them for the line."""
    line = ground.lines.get(command.pledge.need_line_id)
    if not ground.orders or line is None or line.crisis_id != command.crisis_id:
        return
    named = ground.supplies.get(command.pledge.offer_line_id) if command.pledge.offer_line_id else None
    in_force = [order for order in ground.orders if order.crisis_id == line.crisis_id]
    item = named.line.item_code if named else line.item_code
    order = stopping(in_force, item, line.district, line.urgency)
    if order is not None:
        origin = named.offer.origin if named else place(command.pledge.origin).pcode
        raise await saturated(tx, order, item, line.district, origin, now)


def logged(command: Wanted, done: Promised) -> list[command_log.Command]:
    """The audit row of the pledge, and of the accept that followed by itself."""
    row = done.pledge.allocation
    name = "propose_allocation" if row.behalf is None else "propose_on_behalf"
    other = None if row.behalf is None else row.pledger_org_id
    written = [
        audit(
            done.story,
            command.caller,
            name,
            "allocation",
            row.root_id,
            (0, 1),
            counterparty=other,
            device_at=command.device_at,
        )
    ]
    if done.alone is not None:
        written.append(audit(done.alone, None, "auto_accept", "allocation", row.root_id, (1, 2)))
    return written


def for_desks(promised: Sequence[Promised], ground: Ground) -> list[tuple[Crisis, Line]]:
    """Lines on which a proposal now waits for the desk, each with its crisis."""
    return [
        (ground.crises[done.line.crisis_id], done.line)
        for done in promised
        if done.pledge.row.awaiting is Side.ASKER_SIDE
    ]


async def write(tx: Transaction, promised: Sequence[Promised], rows: Sequence[command_log.Command]) -> None:
    """Save decided pledges, post their entries, log the commands, publish one event for each step."""
    pledges = [done.pledge for done in promised]
    made = [pledge for pledge in pledges if pledge.is_new]
    if made:
        await offers.insert(tx, [pledge.offer for pledge in made])
    await allocations.insert(tx, [pledge.row for pledge in pledges])
    await conditions.insert(tx, [condition for pledge in pledges for condition in pledge.conditions])
    await ledger.post(
        tx,
        [entry for pledge in pledges for entry in pledge.entries],
        opened_supply={
            (pledge.supply.offer_line_id, pledge.offer.is_drill): pledge.supply.qty for pledge in made
        },
    )
    await command_log.record(tx, rows)
    await outbox.append(tx, *_events(promised))


def _events(promised: Sequence[Promised]) -> list[Envelope]:
    told: list[Envelope] = []
    for done in promised:
        pledge, line = done.pledge, done.line
        if pledge.is_new:
            told.append(events.offer_opened(pledge.offer, done.story))
        told.append(events.pledge_made(pledge.allocation, line, pledge.balance, done.vector, done.story))
        told += [
            events.condition_stated(each, pledge.allocation, line, done.story) for each in pledge.conditions
        ]
        if done.alone is not None:
            told.append(
                events.allocation_moved(
                    pledge.allocation, [pledge.row], line, pledge.after, done.alone, is_auto=True
                )
            )
    return told
