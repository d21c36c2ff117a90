"""Commands on what is asked: revisions, what is met elsewhere, reserves with two keys, merges and undoing."""

from typing import Any

from crisis.domain.corrections import TRUE_STATES
from crisis.domain.merging import MergeMode
from crisis.domain.reasons import CORRECT, OVER_CAP, REFUSE_KEY, REVISE, REVOKE
from crisis.domain.units import plain
from crisis.usecases.correct_record import CorrectRecord, propose_correction
from crisis.usecases.merge_need import MergeNeed, merge_need
from crisis.usecases.revise_need_line import ReviseNeedLine, revise_need_line
from crisis.usecases.set_over_cap import SetOverCap, propose_over_cap
from crisis.usecases.settle_two_keys import RefuseTwoKeys, confirm_two_keys, refuse_two_keys
from crisis.usecases.state_elsewhere import RevokeStatement, StateElsewhere, revoke_statement, state_elsewhere
from crisis.usecases.unmerge_need import unmerge_need
from tests.db.crisis.histories.actors import mostly, of_organisation
from tests.db.crisis.histories.choices import Choices
from tests.db.crisis.histories.ground import ASKERS, DESK, SECOND_KEY, SECRETARIAT, VERIFIER, Ground
from tests.db.crisis.histories.on_needs import needs
from tests.db.crisis.histories.registry import command

ALIKE = """
SELECT one.need_id, other.need_id
  FROM needs AS one
  JOIN needs AS other ON other.crisis_id = one.crisis_id AND other.need_id <> one.need_id
 WHERE one.state IN ('open', 'submitted') AND other.state IN ('open', 'on_hold')
   AND NOT EXISTS (SELECT 1 FROM need_lines AS line WHERE line.need_id = one.need_id AND line.item_code NOT IN
                    (SELECT item_code FROM need_lines AS match WHERE match.need_id = other.need_id))
 ORDER BY one.need_id, other.need_id
"""


async def lines(ground: Ground, *states: str) -> list[Any]:
    return await ground.rows(
        "SELECT line.need_line_id, line.need_id, need.asker_org_id FROM need_lines AS line"
        " JOIN needs AS need USING (need_id) WHERE need.state = ANY ($1::text[]) ORDER BY line.need_line_id",
        list(states),
    )


@command("revise_need_line", weight=8)
async def revise(ground: Ground, choose: Choices):
    standing = await lines(ground, "open", "on_hold")
    line = choose.one(standing or await lines(ground, "submitted"))
    wanted = str(choose.size(80))
    held = await ground.rows(
        "SELECT allocation_id FROM allocations WHERE need_line_id = $1 AND state = 'held'"
        " ORDER BY allocation_id",
        line["need_line_id"],
    )
    picked = (choose.one(held)["allocation_id"],) if held and choose.number() % 4 == 0 else None
    revising = ReviseNeedLine(
        line["need_line_id"], choose.one(sorted(REVISE)), wanted, "adet", release=picked
    )
    who = mostly(choose, choose.one((of_organisation(line["asker_org_id"]), SECRETARIAT)))
    return await ground.run(lambda tx: revise_need_line(tx, revising, who, ground.tools))


@command("state_elsewhere", weight=4)
async def elsewhere(ground: Ground, choose: Choices):
    line = choose.one(await lines(ground, "open", "on_hold"))
    stating = StateElsewhere(line["need_line_id"], str(choose.size(30)), "adet", "delivery:4711")
    who = mostly(choose, choose.one((of_organisation(line["asker_org_id"]), SECRETARIAT)))
    return await ground.run(lambda tx: state_elsewhere(tx, stating, who, ground.tools))


@command("revoke_statement", weight=3)
async def revoke(ground: Ground, choose: Choices):
    rows = await ground.rows(
        "SELECT statement_id FROM elsewhere_statements WHERE revoked_at IS NULL ORDER BY statement_id"
    )
    revoking = RevokeStatement(choose.one(rows)["statement_id"], choose.one(sorted(REVOKE)))
    who = mostly(choose, choose.one((*ASKERS, SECRETARIAT)))
    return await ground.run(lambda tx: revoke_statement(tx, revoking, who, ground.tools))


@command("set_over_cap", "first_key_set_over_cap", weight=4)
async def over_cap(ground: Ground, choose: Choices):
    line = choose.one(await lines(ground, "open", "on_hold"))
    asking = SetOverCap(line["need_line_id"], str(choose.size(30) - 1), "adet", choose.one(sorted(OVER_CAP)))
    who = mostly(choose, choose.one((SECRETARIAT, DESK)))
    return await ground.run(lambda tx: propose_over_cap(tx, asking, who, ground.tools))


@command("correct_record", "first_key_correct_record", weight=8)
async def correct(ground: Ground, choose: Choices):
    """Of any row that carries something: all in one state, or in two; sometimes more came, or too little.

    The second key is mostly turned at once.
    """
    row = choose.one(
        await ground.rows(
            "SELECT allocation_id, qty FROM allocations WHERE state <> 'split' ORDER BY allocation_id"
        )
    )
    whole, first = int(row["qty"]), choose.one(TRUE_STATES)
    becomes = {first: plain(row["qty"])}
    if whole == row["qty"] and whole > 1 and choose.number() % 2:
        part = choose.size(whole - 1)
        other = choose.one([state for state in TRUE_STATES if state is not first])
        becomes = {first: str(part), other: str(whole - part + (choose.number() % 8 == 0))}
    excess = str(choose.size(9)) if choose.number() % 4 == 0 else None
    correcting = CorrectRecord(row["allocation_id"], becomes, choose.one(sorted(CORRECT)), excess)
    who = mostly(choose, SECRETARIAT)
    asked = await ground.run(lambda tx: propose_correction(tx, correcting, who, ground.tools))
    if choose.number() % 4:
        await ground.run(lambda tx: confirm_two_keys(tx, asked.two_key_id, SECOND_KEY, ground.tools))


async def pending_keys(ground: Ground) -> list[Any]:
    return await ground.rows("SELECT two_key_id FROM two_keys WHERE state = 'pending' ORDER BY two_key_id")


@command("confirm_two_keys", weight=5)
async def second_key(ground: Ground, choose: Choices):
    request = choose.one(await pending_keys(ground))
    who = choose.mostly(SECOND_KEY, SECRETARIAT, DESK, VERIFIER)
    return await ground.run(lambda tx: confirm_two_keys(tx, request["two_key_id"], who, ground.tools))


@command("refuse_two_keys", weight=1)
async def no_second_key(ground: Ground, choose: Choices):
    refusing = RefuseTwoKeys(
        choose.one(await pending_keys(ground))["two_key_id"], choose.one(sorted(REFUSE_KEY))
    )
    return await ground.run(
        lambda tx: refuse_two_keys(tx, refusing, mostly(choose, SECOND_KEY), ground.tools)
    )


@command("merge_need", weight=6)
async def merge(ground: Ground, choose: Choices):
    pairs = await ground.rows(ALIKE)
    if pairs and choose.number() % 8:
        one, other = choose.one(pairs).values()
    else:
        standing = await needs(ground, "open", "submitted")
        one, other = choose.one(standing)["need_id"], choose.one(standing)["need_id"]
    merging = MergeNeed(one, other, choose.one((MergeMode.MAX, MergeMode.SUM)))
    return await ground.run(lambda tx: merge_need(tx, merging, mostly(choose, SECRETARIAT), ground.tools))


@command("unmerge_need", weight=8)
async def unmerge(ground: Ground, choose: Choices):
    rows = await ground.rows("SELECT need_id FROM need_merges WHERE undone_at IS NULL ORDER BY merge_id")
    need = choose.one(rows)
    who = mostly(choose, SECRETARIAT)
    return await ground.run(lambda tx: unmerge_need(tx, need["need_id"], who, ground.tools))
