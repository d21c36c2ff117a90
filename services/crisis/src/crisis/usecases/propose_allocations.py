"""ProposeAllocations: many pledges, one transaction, one outcome each.

Concurrent pledges are decided one after another against balances locked once, and written with a number of
statements that does not depend on how many they are. A refused pledge changes nothing for its neighbours.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from crisis import events
from crisis.domain.answers import Doing
from crisis.domain.balances import NeedBalance
from crisis.domain.crises import Crisis
from crisis.domain.lines import Line
from crisis.domain.pledges import Pledge, PledgeRequest, pledged
from crisis.domain.refusals import NotFound
from crisis.events import Story
from crisis.store import allocations, command_log, crises, ledger, lines, offers
from crisis.usecases.authority import PLEDGERS, acting_role
from crisis.usecases.tools import Tools, audit
from imece_chassis import idempotency, outbox
from imece_chassis.access.caller import Caller
from imece_chassis.answers import Answer
from imece_chassis.database import Database, Transaction
from imece_chassis.together import Together
from imece_contracts.envelope import Envelope


@dataclass(frozen=True, slots=True)
class ProposeAllocation:
    """One pledge. `refusal` turns an expected error into the answer to store, None for an unexpected one."""

    crisis_id: UUID
    pledge: PledgeRequest
    caller: Caller
    key: idempotency.Request
    refusal: Callable[[Exception], Answer | None]
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Promised:
    """A decided pledge with its line and the line's vector after it, as JSON."""

    pledge: Pledge
    line: Line
    vector: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to send: the answer, and whether an earlier request already got it."""

    answer: Answer
    is_replayed: bool = False


Render = Callable[[Promised], Answer]


class ProposeAllocations:
    """The use case, to be called with a batch: by the single route through group commit, and by bulk."""

    def __init__(self, database: Database, tools: Tools, render: Render) -> None:
        self._database = database
        self._tools = tools
        self._render = render

    async def __call__(self, commands: Sequence[ProposeAllocation]) -> list[Outcome | Exception]:
        """One outcome per command, in order: an Outcome, or the exception to raise for that command alone.

        Raises DatabaseUnavailable or OutcomeUnknown for the whole batch. If a batch fails for an unexpected
        reason its commands are tried one by one, so a defect met by one is answered to one.
        """
        try:
            return await self._together(commands)
        except Exception as error:
            if len(commands) == 1 or getattr(error, "status", None) == 503:
                raise
        alone: list[Outcome | Exception] = []
        for command in commands:
            try:
                alone += await self._together([command])
            except Exception as error:  # noqa: BLE001 - becomes this command's own outcome
                alone.append(error)
        return alone

    async def _together(self, commands: Sequence[ProposeAllocation]) -> list[Outcome | Exception]:
        async def work(tx: Transaction) -> list[Outcome | Exception]:
            claims = await idempotency.claim_many(tx, [command.key for command in commands])
            outcomes = [_settled(claim) for claim in claims]
            fresh = [at for at, outcome in enumerate(outcomes) if outcome is None]
            together = Together(tx)
            decided = await self._decide_and_write(together, [commands[at] for at in fresh]) if fresh else []
            for at, outcome in zip(fresh, decided, strict=True):
                outcomes[at] = outcome
            await idempotency.remember_many(
                together,
                [
                    (commands[at].key, outcome.answer)
                    for at in fresh
                    if isinstance(outcome := outcomes[at], Outcome)
                ],
            )
            await together.run()
            return [outcome for outcome in outcomes if outcome is not None]

        return await self._database.unit_of_work(work)

    async def _decide_and_write(
        self, tx: Transaction, commands: Sequence[ProposeAllocation]
    ) -> list[Outcome | Exception]:
        known = await crises.lock_shared(tx, sorted({command.crisis_id for command in commands}))
        wanted = sorted({command.pledge.need_line_id for command in commands})
        balances = await lines.lock_needs(tx, wanted)
        facts = await lines.read(tx, wanted)
        promised: list[Promised] = []
        stories: list[Story] = []
        rows: list[command_log.Command] = []
        outcomes: list[Outcome | Exception] = []
        for command in commands:
            try:
                done, story = self._decide(command, known, facts, balances)
            except Exception as refusal:  # noqa: BLE001 - becomes this command's own outcome
                outcomes.append(_refused(command, refusal))
                continue
            balances[done.line.need_line_id] = done.pledge.balance
            promised.append(done)
            stories.append(story)
            rows.append(
                audit(
                    story,
                    command.caller,
                    "propose_allocation",
                    "allocation",
                    done.pledge.allocation.root_id,
                    (0, 1),
                )
            )
            outcomes.append(Outcome(self._render(done)))
        if promised:
            await _write(tx, promised, stories, rows)
        return outcomes

    def _decide(
        self,
        command: ProposeAllocation,
        known: Mapping[UUID, Crisis],
        facts: Mapping[UUID, Line],
        balances: Mapping[UUID, NeedBalance],
    ) -> tuple[Promised, Story]:
        crisis = known.get(command.crisis_id)
        if crisis is None:
            raise NotFound(kind="crisis", id=str(command.crisis_id))
        line = facts.get(command.pledge.need_line_id)
        if line is None or line.crisis_id != crisis.crisis_id:
            raise NotFound(kind="need line", id=str(command.pledge.need_line_id))
        role = acting_role(command.caller, PLEDGERS, place=line.district, crisis_id=crisis.crisis_id)
        balance = balances[line.need_line_id]
        doing = Doing(
            command_id=self._tools.new_id(),
            actor_org_id=command.caller.organisation_id,
            actor=role,
            now=self._tools.clock.now(),
            line_version=balance.version + 1,
            new_id=self._tools.new_id,
        )
        pledge = pledged(command.pledge, crisis, line, balance, doing)
        story = Story(
            command_id=doing.command_id,
            crisis_id=crisis.crisis_id,
            is_drill=crisis.is_drill,
            actor_org_id=doing.actor_org_id,
            actor_role=role,
            at=doing.now,
            traceparent=command.traceparent,
        )
        return Promised(pledge, line, events.vector(line, pledge.balance)), story


def _settled(claim: idempotency.Claim) -> Outcome | Exception | None:
    """The outcome of a key that needs no work; None for a fresh one."""
    match claim:
        case idempotency.Replay(answer):
            return Outcome(answer, is_replayed=True)
        case idempotency.Running():
            return idempotency.StillRunning()
        case idempotency.Reused():
            return idempotency.KeyReused()
        case idempotency.Fresh():
            return None


def _refused(command: ProposeAllocation, refusal: Exception) -> Outcome | Exception:
    """A refusal to be remembered, or the exception itself when it is no outcome of the command."""
    answer = command.refusal(refusal)
    if answer is None or not idempotency.is_outcome(answer.status):
        return refusal
    return Outcome(answer)


async def _write(
    tx: Transaction,
    promised: Sequence[Promised],
    stories: Sequence[Story],
    rows: Sequence[command_log.Command],
) -> None:
    pledges = [done.pledge for done in promised]
    await offers.insert(tx, [pledge.offer for pledge in pledges])
    await allocations.insert(tx, [pledge.allocation for pledge in pledges])
    await ledger.post(
        tx,
        [pledge.entry for pledge in pledges],
        opened_supply={
            (pledge.supply.offer_line_id, pledge.offer.is_drill): pledge.supply.qty for pledge in pledges
        },
    )
    await command_log.record(tx, rows)
    await outbox.append(tx, *_events(promised, stories))


def _events(promised: Sequence[Promised], stories: Sequence[Story]) -> list[Envelope]:
    told: list[Envelope] = []
    for done, story in zip(promised, stories, strict=True):
        told.append(events.offer_opened(done.pledge.offer, story))
        told.append(
            events.pledge_made(done.pledge.allocation, done.line, done.pledge.balance, done.vector, story)
        )
    return told
