"""Commands on offers and orders that stop goods."""

from datetime import timedelta
from typing import Any

from crisis.domain.offering import OfferLineRequest, OfferRequest
from crisis.domain.orders import OrderRequest
from crisis.domain.reasons import REJECT_OFFER, RESUME_OFFER, SATURATE, SUSPEND_OFFER, WITHDRAW
from crisis.usecases.approve_offer import RejectOffer, approve_offer, reject_offer
from crisis.usecases.confirm_order import confirm_order
from crisis.usecases.issue_order import issue_order
from crisis.usecases.lift_order import lift_order
from crisis.usecases.open_offer import OpenOffer, draft_offer, open_draft, open_offer
from crisis.usecases.revise_offer_line import ReviseOfferLine, revise_offer_line
from crisis.usecases.set_thresholds import SetThresholds, set_thresholds
from crisis.usecases.suspend_offer import ResumeOffer, SuspendOffer, resume_offer, suspend_offer
from crisis.usecases.withdraw_offer import WithdrawOffer, withdraw_offer
from tests.db.crisis.histories.actors import mostly, of_organisation
from tests.db.crisis.histories.choices import Choices
from tests.db.crisis.histories.ground import (
    DESK,
    ITEMS,
    PLEDGERS,
    PROVINCES,
    SECOND_KEY,
    SECRETARIAT,
    Ground,
)
from tests.db.crisis.histories.on_crises import crises
from tests.db.crisis.histories.on_terms import offer_lines
from tests.db.crisis.histories.registry import command

EARMARKS = (None, None, None, {"places": ["TUR031"]}, {"items": [ITEMS[0]], "places": ["TUR046"]})


async def offers(ground: Ground, *states: str) -> list[Any]:
    return await ground.rows(
        "SELECT offer_id, org_id FROM offers WHERE state = ANY ($1::text[]) ORDER BY offer_id", list(states)
    )


def request(choose: Choices) -> OfferRequest:
    lines = tuple(
        OfferLineRequest(choose.one(ITEMS), str(choose.size(80)), "adet", earmark=choose.one(EARMARKS))
        for _ in range(choose.size(2))
    )
    return OfferRequest(origin=choose.one(("TUR006", "TUR034", "TUR031")), lines=lines)


@command("open_offer", weight=6)
async def offer(ground: Ground, choose: Choices):
    opening = OpenOffer(choose.one(await crises(ground))["crisis_id"], request(choose))
    who = mostly(choose, choose.one(PLEDGERS))
    return await ground.run(lambda tx: open_offer(tx, opening, who, ground.tools))


@command("draft_offer", weight=2)
async def write_offer_down(ground: Ground, choose: Choices):
    drafting = OpenOffer(choose.one(await crises(ground))["crisis_id"], request(choose))
    offer_id, who = ground.new_id(), mostly(choose, choose.one(PLEDGERS))
    return await ground.run(lambda tx: draft_offer(tx, offer_id, drafting, who, ground.tools))


@command("open_offer", weight=2)
async def open_the_draft(ground: Ground, choose: Choices):
    draft = choose.one(await offers(ground, "draft"))
    who = mostly(choose, of_organisation(draft["org_id"]))
    return await ground.run(lambda tx: open_draft(tx, draft["offer_id"], who, ground.tools))


@command("set_thresholds", weight=1)
async def ask_for_a_second_pair_of_eyes(ground: Ground, choose: Choices):
    setting = SetThresholds({choose.one(ITEMS): str(choose.size(60))}, {})
    who = mostly(choose, choose.one(PLEDGERS))
    return await ground.run(lambda tx: set_thresholds(tx, setting, who, ground.tools))


@command("approve_offer", weight=2)
async def approve(ground: Ground, choose: Choices):
    waiting = choose.one(await offers(ground, "internal_approval"))
    who = mostly(choose, ground.colleague(of_organisation(waiting["org_id"])))
    return await ground.run(lambda tx: approve_offer(tx, waiting["offer_id"], who, ground.tools))


@command("reject_offer", weight=1)
async def disapprove(ground: Ground, choose: Choices):
    waiting = choose.one(await offers(ground, "internal_approval"))
    rejecting = RejectOffer(waiting["offer_id"], choose.one(sorted(REJECT_OFFER)))
    who = mostly(choose, ground.colleague(of_organisation(waiting["org_id"])))
    return await ground.run(lambda tx: reject_offer(tx, rejecting, who, ground.tools))


@command("revise_offer_line", weight=4)
async def revise_supply(ground: Ground, choose: Choices):
    line = choose.one(await offer_lines(ground))
    revising = ReviseOfferLine(line["offer_id"], line["offer_line_id"], str(choose.size(80)))
    who = mostly(choose, of_organisation(line["org_id"]))
    return await ground.run(lambda tx: revise_offer_line(tx, revising, who, ground.tools))


@command("suspend_offer", weight=2)
async def suspend(ground: Ground, choose: Choices):
    suspending = SuspendOffer(
        choose.one(await offers(ground, "open"))["offer_id"], choose.one(sorted(SUSPEND_OFFER))
    )
    return await ground.run(
        lambda tx: suspend_offer(tx, suspending, mostly(choose, SECRETARIAT), ground.tools)
    )


@command("resume_offer", weight=2)
async def resume_supply(ground: Ground, choose: Choices):
    resuming = ResumeOffer(
        choose.one(await offers(ground, "suspended"))["offer_id"], choose.one(sorted(RESUME_OFFER))
    )
    return await ground.run(lambda tx: resume_offer(tx, resuming, mostly(choose, SECRETARIAT), ground.tools))


@command("withdraw_offer", weight=3)
async def take_offer_back(ground: Ground, choose: Choices):
    standing = choose.one(await offers(ground, "draft", "internal_approval", "open", "suspended"))
    withdrawing = WithdrawOffer(standing["offer_id"], choose.one(sorted(WITHDRAW)))
    who = mostly(choose, of_organisation(standing["org_id"]))
    return await ground.run(lambda tx: withdraw_offer(tx, withdrawing, who, ground.tools))


async def orders(ground: Ground) -> list[Any]:
    return await ground.rows(
        "SELECT order_id FROM saturation_orders WHERE state <> 'lapsed' ORDER BY order_id"
    )


@command("issue_order", weight=2)
async def stop_goods(ground: Ground, choose: Choices):
    crisis = choose.one(await crises(ground))
    stopping = OrderRequest(
        item_code=choose.one(ITEMS),
        item_group=None,
        area=(choose.one(PROVINCES),),
        until=ground.clock.now() + timedelta(days=choose.size(14)),
        reason=choose.one(sorted(SATURATE)),
        names_life_saving=bool(choose.number() % 2),
    )
    who = mostly(choose, choose.one((DESK, SECRETARIAT)))
    return await ground.run(lambda tx: issue_order(tx, crisis["crisis_id"], stopping, who, ground.tools))


@command("confirm_order", weight=2)
async def keep_stopped(ground: Ground, choose: Choices):
    standing = choose.one(await orders(ground))
    who = mostly(choose, SECOND_KEY)
    return await ground.run(lambda tx: confirm_order(tx, standing["order_id"], who, ground.tools))


@command("lift_order", weight=2)
async def let_goods_in_again(ground: Ground, choose: Choices):
    standing = choose.one(await orders(ground))
    who = mostly(choose, SECRETARIAT)
    return await ground.run(lambda tx: lift_order(tx, standing["order_id"], who, ground.tools))
