"""AskWaiver, AnswerWaiver and its silence: may earmarked goods be used for this one line? No answer is no.

A pledger nobody could reach has one further period; then the no counts, because it changes nothing promised.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from crisis import events
from crisis.domain.answers import Doing
from crisis.domain.crises import must_be_open
from crisis.domain.refusals import NotFound, RoleMissing, SameParty, WaiverPending
from crisis.domain.supplies import Supply
from crisis.domain.waivers import Waiver, WaiverState, asked
from crisis.events import Story
from crisis.store import command_log, crises, lines, offers, waivers
from crisis.usecases.authority import DESKS, PLEDGERS, SYSTEM, acting_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import fire, hand_over


@dataclass(frozen=True, slots=True)
class AskWaiver:
    """For which need line a desk would use goods of which offer line."""

    need_line_id: UUID
    offer_line_id: UUID


@dataclass(frozen=True, slots=True)
class AnswerWaiver:
    """The pledger's word."""

    waiver_id: UUID
    agrees: bool


async def ask_waiver(tx: Transaction, command: AskWaiver, caller: Caller, tools: Tools) -> Waiver:
    """The pending question.

    Raises NotFound, RoleMissing, CrisisNotOpen, SameParty, EarmarkFits, WaiverPending and what line and offer
    refuse.
    """
    found = await lines.read(tx, [command.need_line_id])
    if command.need_line_id not in found:
        raise NotFound(kind="need line", id=str(command.need_line_id))
    line = found[command.need_line_id]
    role = acting_role(caller, DESKS, place=line.district, crisis_id=line.crisis_id)
    crisis = (await crises.lock_shared(tx, [line.crisis_id]))[line.crisis_id]
    must_be_open(crisis)
    await lines.lock_supplies(tx, [command.offer_line_id])
    offered = await offers.read_line(tx, command.offer_line_id)
    if offered is None or offered.offer.crisis_id != line.crisis_id:
        raise NotFound(kind="offer line", id=str(command.offer_line_id))
    if offered.offer.org_id == caller.organisation_id:
        raise SameParty(side="pledger", action="ask")
    before = await waivers.between(tx, command.offer_line_id, command.need_line_id)
    if before is not None:
        raise WaiverPending(waiver_id=str(before.waiver_id), state=before.state.value)
    story = story_of(caller, role, tools.new_id(), line.crisis_id, line.is_drill, tools.clock.now())
    doing = Doing(story.command_id, story.actor_org_id, role, story.at, 0, tools.new_id)
    supply = Supply(offered.offer, offered.line, offered.balance)
    waiver = asked(supply, line, crisis.timers, doing)
    await waivers.insert(tx, waiver)
    logged = audit(
        story, caller, "ask_waiver", "waiver", waiver.waiver_id, (0, 1), counterparty=waiver.asked_of_org
    )
    await command_log.record(tx, [logged])
    await outbox.append(tx, events.waiver_requested(waiver, line, supply.line.item_code, story))
    return waiver


async def answer_waiver(tx: Transaction, command: AnswerWaiver, caller: Caller, tools: Tools) -> Waiver:
    """The answered question. Raises NotFound, RoleMissing, WaiverSettled."""
    waiver = await waivers.read(tx, command.waiver_id)
    if waiver is None:
        raise NotFound(kind="waiver", id=str(command.waiver_id))
    line = (await lines.read(tx, [waiver.need_line_id]))[waiver.need_line_id]
    role = _answering(caller, waiver, line.district)
    waiver = await waivers.read(tx, command.waiver_id, is_locked=True)
    assert waiver is not None
    state = WaiverState.GRANTED if command.agrees else WaiverState.REFUSED
    after = waiver.settled(state)
    now = tools.clock.now()
    story = story_of(caller, role, tools.new_id(), waiver.crisis_id, waiver.is_drill, now)
    await waivers.settle(tx, waiver, after)
    logged = audit(
        story,
        caller,
        "answer_waiver",
        "waiver",
        waiver.waiver_id,
        (waiver.version, after.version),
        counterparty=waiver.asked_by_org,
        reason=state.value,
    )
    await command_log.record(tx, [logged])
    await _tell_settled(tx, after, story)
    return after


async def lapse_waiver(tx: Transaction, deadline_id: UUID, waiver_id: UUID, tools: Tools) -> bool:
    """The pledger was silent: no. Nothing that was promised or held changes."""
    waiver = await waivers.read(tx, waiver_id, is_locked=True)
    if not await _is_over(tx, deadline_id) or waiver is None or waiver.deadline_id != deadline_id:
        return False
    after = waiver.settled(WaiverState.LAPSED)
    await waivers.settle(tx, waiver, after)
    story = Story(tools.new_id(), waiver.crisis_id, waiver.is_drill, None, SYSTEM, tools.clock.now())
    logged = audit(story, None, "lapse_waiver", "waiver", waiver_id, (waiver.version, after.version))
    await command_log.record(tx, [logged])
    await _tell_settled(tx, after, story)
    return True


async def _is_over(tx: Transaction, deadline_id: UUID) -> bool:
    """Whether the clock ran out, or stood still as long as it may."""
    return await fire(tx, deadline_id) or await hand_over(tx, deadline_id, timedelta())


async def _tell_settled(tx: Transaction, waiver: Waiver, story: Story) -> None:
    line = (await lines.read(tx, [waiver.need_line_id]))[waiver.need_line_id]
    offered = await offers.read_line(tx, waiver.offer_line_id)
    assert offered is not None
    await outbox.append(tx, events.waiver_settled(waiver, line, offered.line.item_code, story))


def _answering(caller: Caller, waiver: Waiver, district: str) -> str:
    """The pledger's role where the goods would be used; the desk that asked may see it and not answer.

    Raises NotFound, RoleMissing.
    """
    if caller.organisation_id == waiver.asked_of_org:
        return acting_role(caller, PLEDGERS, place=district, crisis_id=waiver.crisis_id)
    if caller.organisation_id == waiver.asked_by_org:
        raise RoleMissing(roles="pledger", place="the offer")
    raise NotFound(kind="waiver", id=str(waiver.waiver_id))
