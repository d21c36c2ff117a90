"""CallOffer: a desk calls goods of an open offer for a need line; the pledger must agree."""

from dataclasses import dataclass, replace
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Plan, Side, entry_of
from crisis.domain.calls import called
from crisis.domain.conditions import ConditionRequest
from crisis.domain.ledger import need_after
from crisis.domain.pledges import conditions_of
from crisis.domain.refusals import NotFound
from crisis.domain.supplies import Supply
from crisis.domain.tasks import TaskKind
from crisis.domain.units import entered
from crisis.store import allocations, command_log, conditions, crises, ledger, lines, offers, waivers
from crisis.usecases.allocation_step import Moved, doing_on
from crisis.usecases.authority import DESKS, acting_role
from crisis.usecases.orders import must_not_be_saturated
from crisis.usecases.tasks import settle_tasks
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class CallOffer:
    """`quantity` as decimal text in `unit`, a unit of the item the offer gives."""

    need_line_id: UUID
    offer_line_id: UUID
    quantity: str
    unit: str
    plan: Plan | None = None
    conditions: tuple[ConditionRequest, ...] = ()


async def call_offer(tx: Transaction, command: CallOffer, caller: Caller, tools: Tools) -> Moved:
    """The call. Raises NotFound, RoleMissing, Saturated, UnknownUnit, NotWhole, ConditionInvalid and what
    `domain.calls.called` does."""
    found = await lines.read(tx, [command.need_line_id])
    if command.need_line_id not in found:
        raise NotFound(kind="need line", id=str(command.need_line_id))
    line = found[command.need_line_id]
    role = acting_role(caller, DESKS, place=line.district, crisis_id=line.crisis_id)
    crisis = (await crises.lock_shared(tx, [line.crisis_id]))[line.crisis_id]
    await lines.enter(tx, [line.need_line_id])
    await lines.lock_supplies(tx, [command.offer_line_id])
    balance = (await lines.lock_needs(tx, [line.need_line_id]))[line.need_line_id]
    line = (await lines.read(tx, [line.need_line_id]))[line.need_line_id]
    offered = await offers.read_line(tx, command.offer_line_id)
    if offered is None or offered.offer.crisis_id != line.crisis_id:
        raise NotFound(kind="offer line", id=str(command.offer_line_id))
    supply = Supply(offered.offer, offered.line, offered.balance)
    await must_not_be_saturated(
        tx, line.crisis_id, supply.line.item_code, line.district, line.urgency, origin=supply.offer.origin
    )
    pair = (command.offer_line_id, line.need_line_id)
    is_waived = bool(supply.line.earmark) and pair in await waivers.granted(tx, pair[:1], pair[1:])
    story = story_of(caller, role, tools.new_id(), line.crisis_id, line.is_drill, tools.clock.now())
    doing = doing_on(balance, story, tools.new_id)
    quantity, pack = entered(supply.line.item_code, command.quantity, command.unit)
    row = called(supply, quantity, pack, crisis, line, balance, doing, plan=command.plan, is_waived=is_waived)
    stated = conditions_of(command.conditions, row, line, Side.ASKER_SIDE, doing)
    row = replace(row, has_conditions=bool(stated))
    entry = entry_of(row, None, doing.command_id, doing.line_version)
    await allocations.insert(tx, [row])
    await conditions.insert(tx, stated)
    await ledger.post(tx, [entry])
    logged = audit(
        story, caller, "call_offer", "allocation", row.root_id, (0, 1), counterparty=row.pledger_org_id
    )
    await command_log.record(tx, [logged])
    if supply.offer.is_unsolicited:
        await settle_tasks(
            tx,
            subject_type=offers.SUBJECT,
            subject_id=supply.offer.offer_id,
            outcome="called",
            kinds=(TaskKind.MATCH_OFFER,),
            story=story,
            tools=tools,
        )
    after = need_after(balance, [entry]).told()
    told = events.pledge_made(row, line, after, events.vector(line, after), story)
    await outbox.append(tx, told, *(events.condition_stated(each, row, line, story) for each in stated))
    return Moved((row,), line, after)
