"""Commands on needs."""

from datetime import timedelta
from typing import Any

from crisis.domain.clocks import Urgency
from crisis.domain.needs import LineRequest
from crisis.usecases.submit_need import SubmitNeed, submit_need
from crisis.usecases.verify_need import VerifyNeed, verify_need
from tests.db.crisis.histories.choices import Choices
from tests.db.crisis.histories.ground import ASKERS, BOTH_SIDES, ITEMS, SECRETARIAT, VERIFIER, Ground
from tests.db.crisis.histories.on_crises import crises
from tests.db.crisis.histories.registry import command

DISTRICTS = ("TUR031005", "TUR046003")
URGENCIES = tuple(Urgency)


async def needs(ground: Ground, *states: str) -> list[Any]:
    return await ground.rows(
        "SELECT need_id, crisis_id, state, asker_org_id, version FROM needs WHERE state = ANY ($1::text[])"
        " ORDER BY need_id",
        list(states),
    )


def asker_of(row: Any):
    """The program of the organisation that asked."""
    return next(
        (who for who in (*ASKERS, BOTH_SIDES) if who.organisation_id == row["asker_org_id"]), ASKERS[0]
    )


def line_requests(ground: Ground, choose: Choices) -> tuple[LineRequest, ...]:
    return tuple(
        LineRequest(
            item_code=choose.one(ITEMS),
            quantity=str(choose.size(60)),
            unit="adet",
            needed_by=ground.clock.now() + timedelta(hours=12 * choose.size(10)),
            substitution=choose.one(("none", "none", "equivalent_list", "ask_asker")),
        )
        for _ in range(choose.size(2))
    )


@command("submit_need", weight=5)
async def submit(ground: Ground, choose: Choices):
    crisis = choose.one(await crises(ground))
    asking = SubmitNeed(
        crisis["crisis_id"],
        choose.one(DISTRICTS),
        choose.one(URGENCIES),
        line_requests(ground, choose),
    )
    who = choose.mostly(choose.one(ASKERS), BOTH_SIDES)
    return await ground.run(lambda tx: submit_need(tx, asking, who, ground.tools))


@command("verify_need", "raise_verification", weight=8)
async def verify(ground: Ground, choose: Choices):
    submitted = await needs(ground, "submitted")
    need = choose.one(
        submitted if submitted and choose.number() % 8 else await needs(ground, "submitted", "open")
    )
    who = choose.mostly(VERIFIER, SECRETARIAT, BOTH_SIDES, ASKERS[0])
    level = choose.size(3)
    return await ground.run(lambda tx: verify_need(tx, VerifyNeed(need["need_id"], level), who, ground.tools))
