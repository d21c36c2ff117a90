"""Commands on bundles: several lines promised, answered and taken back as one."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from crisis.domain.answers import Rest
from crisis.domain.pledges import PledgeRequest
from crisis.domain.reasons import DECLINE, WITHDRAW
from crisis.usecases.accept_bundle import AcceptBundle, Part, accept_bundle
from crisis.usecases.decline_bundle import DeclineBundle, decline_bundle
from crisis.usecases.propose_bundle import ProposeBundle, propose_bundle
from crisis.usecases.withdraw_bundle import WithdrawBundle, withdraw_bundle
from tests.db.crisis.histories.actors import of_organisation
from tests.db.crisis.histories.choices import Choices, NothingToDo
from tests.db.crisis.histories.ground import BOTH_SIDES, DESK, PLEDGERS, SECRETARIAT, Ground
from tests.db.crisis.histories.on_allocations import open_lines, part_of
from tests.db.crisis.histories.registry import command


async def bundles(ground: Ground) -> list[Any]:
    return await ground.rows("SELECT bundle_id, org_id FROM bundles ORDER BY bundle_id")


async def own_offer_line(ground: Ground, organisation: UUID, crisis_id: UUID) -> Any | None:
    found = await ground.rows(
        "SELECT offer_id, offer_line_id FROM offer_lines JOIN offers USING (offer_id)"
        " WHERE org_id = $1 AND crisis_id = $2 ORDER BY offer_line_id LIMIT 1",
        organisation,
        crisis_id,
    )
    return found[0] if found else None


@command("propose_bundle", "propose_allocation", weight=10)
async def promise_together(ground: Ground, choose: Choices):
    """One to four lines of a crisis, now and then one of them twice; from a new offer, or from an own one."""
    lines = await open_lines(ground)
    who = choose.mostly(choose.one(PLEDGERS), BOTH_SIDES)
    crisis_id = choose.one(lines)["crisis_id"]
    near = [line for line in lines if line["crisis_id"] == crisis_id]
    terms = PledgeRequest(near[0]["need_line_id"], who.organisation_id, "1", "adet", "TUR006")
    rows = tuple(
        replace(terms, need_line_id=choose.one(near)["need_line_id"], quantity=str(choose.size(30)))
        for _ in range(choose.size(4))
    )
    given = await own_offer_line(ground, who.organisation_id, crisis_id) if choose.number() % 4 == 0 else None
    if given is not None:
        rows = tuple(replace(row, offer_line_id=given["offer_line_id"]) for row in rows)
    wanted = ProposeBundle(ground.new_id(), crisis_id, rows, who, given["offer_id"] if given else None)
    return await ground.run(lambda tx: propose_bundle(tx, wanted, ground.tools))


@command("accept_bundle", "accept_allocation", weight=8)
async def accept_together(ground: Ground, choose: Choices):
    bundle = choose.one(await bundles(ground))
    rows = await ground.rows(
        "SELECT allocation_id, qty FROM allocations WHERE bundle_id = $1 AND awaiting IS NOT NULL"
        " ORDER BY allocation_id",
        bundle["bundle_id"],
    )
    if not rows:
        raise NothingToDo
    row = choose.one(rows)
    parts = {row["allocation_id"]: Part(part_of(row, choose), choose.one((None, *Rest)))}
    accepting = AcceptBundle(
        bundle["bundle_id"], parts if choose.number() % 2 else {}, choose.one((None, *Rest))
    )
    who = choose.mostly(SECRETARIAT, DESK, of_organisation(bundle["org_id"]))
    return await ground.run(lambda tx: accept_bundle(tx, accepting, who, ground.tools))


@command("decline_bundle", "decline_allocation", weight=2)
async def decline_together(ground: Ground, choose: Choices):
    bundle = choose.one(await bundles(ground))
    declining = DeclineBundle(bundle["bundle_id"], choose.one(sorted(DECLINE)))
    who = choose.mostly(SECRETARIAT, DESK, of_organisation(bundle["org_id"]))
    return await ground.run(lambda tx: decline_bundle(tx, declining, who, ground.tools))


@command("withdraw_bundle", "withdraw_allocation", weight=3)
async def withdraw_together(ground: Ground, choose: Choices):
    bundle = choose.one(await bundles(ground))
    withdrawing = WithdrawBundle(bundle["bundle_id"], choose.one(sorted(WITHDRAW)))
    who = choose.mostly(of_organisation(bundle["org_id"]), SECRETARIAT)
    return await ground.run(lambda tx: withdraw_bundle(tx, withdrawing, who, ground.tools))
