"""Commands on terms of allocations: calls, counters, longer holds, letting go, conditions and waivers."""

from datetime import timedelta
from typing import Any

from crisis.domain.allocations import Plan, Transport
from crisis.domain.conditions import ConditionRequest, ConditionState, ConditionType
from crisis.domain.reasons import ASK_RELEASE, CANCEL_CALL, RELEASE, WAIVE
from crisis.usecases.answer_release import AnswerRelease, answer_release
from crisis.usecases.call_offer import CallOffer, call_offer
from crisis.usecases.cancel_call import CancelCall, cancel_call
from crisis.usecases.counter_allocation import CounterAllocation, counter_allocation
from crisis.usecases.extend_hold import ExtendHold, extend_hold
from crisis.usecases.release_hold import ReleaseHold, release_hold
from crisis.usecases.request_release import RequestRelease, request_release
from crisis.usecases.settle_condition import SettleCondition, settle_condition
from crisis.usecases.waive_earmark import AnswerWaiver, AskWaiver, answer_waiver, ask_waiver
from tests.db.crisis.histories.actors import mostly, of_organisation
from tests.db.crisis.histories.choices import Choices
from tests.db.crisis.histories.ground import PLEDGERS, SECRETARIAT, Ground
from tests.db.crisis.histories.on_allocations import allocations, open_lines, pledger_of
from tests.db.crisis.histories.registry import command


async def offer_lines(ground: Ground) -> list[Any]:
    return await ground.rows(
        "SELECT line.offer_line_id, line.item_code, line.earmark <> '{}' AS is_earmarked, offer.org_id,"
        " offer.offer_id FROM offer_lines AS line JOIN offers AS offer USING (offer_id)"
        " WHERE offer.state IN ('open', 'suspended') ORDER BY line.offer_line_id"
    )


def same_item(line: Any, supplies: list[Any]) -> list[Any]:
    """Those that give what the line asks for; all of them where none does."""
    return [row for row in supplies if row["item_code"] == line["item_code"]] or supplies


def plan(ground: Ground, choose: Choices) -> Plan:
    return Plan(ground.clock.now() + timedelta(hours=choose.size(30)), choose.one(tuple(Transport)))


def conditions(ground: Ground, choose: Choices) -> tuple[ConditionRequest, ...]:
    """None three times in four."""
    if choose.number() % 4:
        return ()
    kind = choose.one((ConditionType.FUNDING_ARRIVES, ConditionType.TRANSPORT_FOUND, ConditionType.PERMIT))
    return (ConditionRequest(kind, ground.clock.now() + timedelta(hours=choose.size(10))),)


@command("call_offer", weight=8)
async def call(ground: Ground, choose: Choices):
    line, supplies = choose.one(await open_lines(ground)), await offer_lines(ground)
    supply = choose.one(same_item(line, supplies) if choose.number() % 4 else supplies)
    calling = CallOffer(
        line["need_line_id"],
        supply["offer_line_id"],
        str(choose.size(30)),
        "adet",
        conditions=conditions(ground, choose),
    )
    return await ground.run(lambda tx: call_offer(tx, calling, mostly(choose, SECRETARIAT), ground.tools))


@command("cancel_call", weight=3)
async def take_call_back(ground: Ground, choose: Choices):
    rows = await ground.rows(
        "SELECT allocation_id FROM allocations WHERE initiated_by = 'desk'"
        " AND state IN ('proposed', 'countered', 'held') ORDER BY allocation_id"
    )
    cancelling = CancelCall(choose.one(rows)["allocation_id"], choose.one(sorted(CANCEL_CALL)))
    return await ground.run(lambda tx: cancel_call(tx, cancelling, mostly(choose, SECRETARIAT), ground.tools))


@command("counter_allocation", weight=6)
async def counter(ground: Ground, choose: Choices):
    row = choose.one(await allocations(ground, "proposed", "countered"))
    quantity = str(choose.size(int(row["qty"]))) if choose.number() % 2 else None
    countering = CounterAllocation(
        row["allocation_id"], quantity, plan(ground, choose), conditions(ground, choose)
    )
    usual = pledger_of(row) if row["awaiting"] == "pledger" else SECRETARIAT
    return await ground.run(
        lambda tx: counter_allocation(tx, countering, mostly(choose, usual), ground.tools)
    )


@command("extend_hold", weight=3)
async def extend(ground: Ground, choose: Choices):
    row = choose.one(await allocations(ground, "held"))
    extending = ExtendHold(row["allocation_id"], None, plan(ground, choose))
    who = mostly(choose, choose.one((pledger_of(row), SECRETARIAT)))
    return await ground.run(lambda tx: extend_hold(tx, extending, who, ground.tools))


@command("release_hold", weight=3)
async def release(ground: Ground, choose: Choices):
    row = choose.one(await allocations(ground, "held"))
    releasing = ReleaseHold(row["allocation_id"], choose.one(sorted(RELEASE)))
    return await ground.run(lambda tx: release_hold(tx, releasing, mostly(choose, SECRETARIAT), ground.tools))


@command("request_release", weight=4)
async def ask_to_let_go(ground: Ground, choose: Choices):
    row = choose.one(await allocations(ground, "held"))
    asking = RequestRelease(row["allocation_id"], choose.one(sorted(ASK_RELEASE)))
    who = mostly(choose, choose.one((SECRETARIAT, *PLEDGERS)))
    return await ground.run(lambda tx: request_release(tx, asking, who, ground.tools))


@command("release_on_request", "refuse_release", weight=4)
async def let_go_or_not(ground: Ground, choose: Choices):
    rows = await ground.rows(
        "SELECT request_id, row.pledger_org_id FROM release_requests"
        " JOIN allocations AS row USING (allocation_id)"
        " WHERE release_requests.state = 'pending' ORDER BY request_id"
    )
    request, agrees = choose.one(rows), bool(choose.number() % 2)
    answering = AnswerRelease(request["request_id"], agrees, None if agrees else plan(ground, choose))
    who = mostly(choose, pledger_of(request))
    return await ground.run(lambda tx: answer_release(tx, answering, who, ground.tools))


@command("meet_condition", "waive_condition", "fail_condition", weight=4)
async def settle(ground: Ground, choose: Choices):
    rows = await ground.rows(
        "SELECT condition_id, row.pledger_org_id FROM conditions"
        " JOIN allocations AS row USING (allocation_id) WHERE conditions.state = 'open' ORDER BY condition_id"
    )
    found = choose.one(rows)
    state = choose.one((ConditionState.MET, ConditionState.WAIVED, ConditionState.FAILED))
    reason = choose.one(sorted(WAIVE)) if state is ConditionState.WAIVED else None
    settling = SettleCondition(found["condition_id"], state, reason)
    who = mostly(choose, choose.one((pledger_of(found), SECRETARIAT)))
    return await ground.run(lambda tx: settle_condition(tx, settling, who, ground.tools))


@command("ask_waiver", weight=3)
async def ask_for_waiver(ground: Ground, choose: Choices):
    supplies = [row for row in await offer_lines(ground) if row["is_earmarked"]]
    asking = AskWaiver(
        choose.one(await open_lines(ground))["need_line_id"], choose.one(supplies)["offer_line_id"]
    )
    return await ground.run(lambda tx: ask_waiver(tx, asking, mostly(choose, SECRETARIAT), ground.tools))


@command("answer_waiver", weight=3)
async def answer_the_waiver(ground: Ground, choose: Choices):
    rows = await ground.rows(
        "SELECT waiver_id, asked_of_org FROM waivers WHERE state = 'pending' ORDER BY waiver_id"
    )
    asked = choose.one(rows)
    answering = AnswerWaiver(asked["waiver_id"], bool(choose.number() % 2))
    who = mostly(choose, of_organisation(asked["asked_of_org"]))
    return await ground.run(lambda tx: answer_waiver(tx, answering, who, ground.tools))
