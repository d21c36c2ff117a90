"""Commands on needs after they were stated: drafts, judging, holding, moving, ending, and signs of life."""

from datetime import timedelta
from typing import Any

from crisis.domain.needs import HandlingSaid, Intake, Statement, Visibility
from crisis.domain.needs.reasons import APPEAL, CLOSE, HOLD, REJECT, RELOCATE, REOPEN, RETURN, UPHOLD
from crisis.usecases.appeal_need import AppealNeed, appeal_need
from crisis.usecases.close_need import CloseNeed, close_need
from crisis.usecases.decide_appeal import DecideAppeal, decide_appeal
from crisis.usecases.delegate_answers import DelegateAnswers, delegate_answers, end_delegation
from crisis.usecases.draft_need import DraftNeed, draft_need
from crisis.usecases.handle_need import HandleNeed, handle_need
from crisis.usecases.heartbeat_need import HeartbeatNeed, Less, heartbeat_need
from crisis.usecases.hold_need import HoldNeed, hold_need, resume_need
from crisis.usecases.record_attempt import RecordAttempt, record_attempt
from crisis.usecases.reject_need import RejectNeed, reject_need
from crisis.usecases.relocate_need import RelocateNeed, relocate_need
from crisis.usecases.reopen_need import ReopenNeed, reopen_need
from crisis.usecases.return_need import ReturnNeed, return_need
from crisis.usecases.submit_draft import submit_draft
from tests.db.crisis.histories.actors import mostly, of_organisation
from tests.db.crisis.histories.choices import Choices
from tests.db.crisis.histories.ground import ASKERS, DESK, SECRETARIAT, VERIFIER, Ground
from tests.db.crisis.histories.on_crises import crises
from tests.db.crisis.histories.on_needs import DISTRICTS, URGENCIES, line_requests, needs
from tests.db.crisis.histories.registry import command


def asker(row: Any):
    return of_organisation(row["asker_org_id"])


@command("draft_need", weight=2)
async def draft(ground: Ground, choose: Choices):
    crisis = choose.one(await crises(ground))
    said = Statement(
        choose.one(DISTRICTS), choose.one(URGENCIES), line_requests(ground, choose), contact_ref="site:7"
    )
    drafting = DraftNeed(crisis["crisis_id"], said)
    return await ground.run(lambda tx: draft_need(tx, drafting, choose.one(ASKERS), ground.tools))


@command("edit_need", weight=2)
async def edit(ground: Ground, choose: Choices):
    need = choose.one(await needs(ground, "draft", "returned"))
    said = Statement(
        choose.one(DISTRICTS), choose.one(URGENCIES), line_requests(ground, choose), contact_ref="site:7"
    )
    editing = DraftNeed(need["crisis_id"], said, need["need_id"])
    return await ground.run(lambda tx: draft_need(tx, editing, mostly(choose, asker(need)), ground.tools))


@command("handle_need")
async def handle(ground: Ground, choose: Choices):
    need = choose.one(await needs(ground, "submitted", "open", "on_hold"))
    said = HandlingSaid(choose.one(tuple(Visibility)), choose.one((0, 1, 3)), choose.one(tuple(Intake)))
    handling = HandleNeed(need["need_id"], said)
    return await ground.run(lambda tx: handle_need(tx, handling, mostly(choose, asker(need)), ground.tools))


@command("submit_need", weight=4)
async def submit_the_draft(ground: Ground, choose: Choices):
    need = choose.one(await needs(ground, "draft", "returned"))
    who = mostly(choose, asker(need))
    return await ground.run(lambda tx: submit_draft(tx, need["need_id"], who, ground.tools))


@command("return_need", weight=2)
async def send_back(ground: Ground, choose: Choices):
    need = choose.one(await needs(ground, "submitted"))
    returning = ReturnNeed(need["need_id"], choose.one(sorted(RETURN)))
    return await ground.run(lambda tx: return_need(tx, returning, mostly(choose, VERIFIER), ground.tools))


@command("reject_need", "first_key_reject_need", weight=2)
async def reject(ground: Ground, choose: Choices):
    need = choose.one(await needs(ground, "submitted"))
    rejecting = RejectNeed(need["need_id"], choose.one(sorted(REJECT)))
    return await ground.run(lambda tx: reject_need(tx, rejecting, mostly(choose, VERIFIER), ground.tools))


@command("appeal_need", weight=2)
async def appeal(ground: Ground, choose: Choices):
    need = choose.one(await needs(ground, "closed"))
    appealing = AppealNeed(need["need_id"], choose.one(sorted(APPEAL)))
    return await ground.run(lambda tx: appeal_need(tx, appealing, mostly(choose, asker(need)), ground.tools))


@command("decide_appeal", weight=2)
async def decide(ground: Ground, choose: Choices):
    rows = await ground.rows(
        "SELECT need_id FROM needs WHERE appealed_at IS NOT NULL AND deadline_id IS NOT NULL ORDER BY need_id"
    )
    need, outcome = choose.one(rows), choose.one(("upheld", "granted"))
    reason = choose.one(sorted(UPHOLD)) if outcome == "upheld" else None
    deciding = DecideAppeal(need["need_id"], outcome, reason)
    return await ground.run(lambda tx: decide_appeal(tx, deciding, mostly(choose, SECRETARIAT), ground.tools))


@command("hold_need", weight=2)
async def hold(ground: Ground, choose: Choices):
    need = choose.one(await needs(ground, "open"))
    until = ground.clock.now() + timedelta(hours=choose.size(72))
    holding = HoldNeed(need["need_id"], choose.one(sorted(HOLD)), until)
    return await ground.run(lambda tx: hold_need(tx, holding, mostly(choose, SECRETARIAT), ground.tools))


@command("resume_need", weight=2)
async def resume(ground: Ground, choose: Choices):
    need = choose.one(await needs(ground, "on_hold"))
    who = mostly(choose, SECRETARIAT)
    return await ground.run(lambda tx: resume_need(tx, need["need_id"], who, ground.tools))


@command("delegate_answers", weight=4)
async def delegate(ground: Ground, choose: Choices):
    need = choose.one(await needs(ground, "open", "on_hold"))
    delegating = DelegateAnswers(need["need_id"], ground.clock.now() + timedelta(hours=choose.size(48)))
    who = mostly(choose, choose.one((SECRETARIAT, DESK)))
    return await ground.run(lambda tx: delegate_answers(tx, delegating, who, ground.tools))


@command("end_delegation", weight=2)
async def end_a_delegation(ground: Ground, choose: Choices):
    rows = await ground.rows("SELECT need_id FROM needs WHERE delegated_until IS NOT NULL ORDER BY need_id")
    need, who = choose.one(rows), mostly(choose, SECRETARIAT)
    return await ground.run(lambda tx: end_delegation(tx, need["need_id"], who, ground.tools))


@command("heartbeat_need", "revise_need_line", "close_need", weight=4)
async def heartbeat(ground: Ground, choose: Choices):
    need = choose.one(await needs(ground, "open", "on_hold"))
    said = choose.one(("still", "still", "less", "done"))
    less: tuple[Less, ...] = ()
    if said == "less":
        lines = await ground.rows(
            "SELECT need_line_id FROM need_lines WHERE need_id = $1 ORDER BY need_line_id", need["need_id"]
        )
        less = (Less(choose.one(lines)["need_line_id"], str(choose.size(40))),)
    beating = HeartbeatNeed(need["need_id"], said, less)
    return await ground.run(lambda tx: heartbeat_need(tx, beating, mostly(choose, asker(need)), ground.tools))


@command("close_need", weight=2)
async def close(ground: Ground, choose: Choices):
    need = choose.one(await needs(ground, "open", "on_hold"))
    closing = CloseNeed(need["need_id"], choose.one(sorted(CLOSE)))
    who = mostly(choose, choose.one((asker(need), SECRETARIAT)))
    return await ground.run(lambda tx: close_need(tx, closing, who, ground.tools))


@command("reopen_need", weight=3)
async def reopen(ground: Ground, choose: Choices):
    need = choose.one(await needs(ground, "closed"))
    reopening = ReopenNeed(need["need_id"], choose.one(sorted(REOPEN)))
    return await ground.run(lambda tx: reopen_need(tx, reopening, mostly(choose, SECRETARIAT), ground.tools))


@command("relocate_need", weight=2)
async def relocate(ground: Ground, choose: Choices):
    need = choose.one(await needs(ground, "open"))
    moving = RelocateNeed(need["need_id"], choose.one(DISTRICTS), choose.one(sorted(RELOCATE)))
    return await ground.run(lambda tx: relocate_need(tx, moving, mostly(choose, SECRETARIAT), ground.tools))


@command("record_attempt", weight=1)
async def attempt(ground: Ground, choose: Choices):
    need = choose.one(await needs(ground, "open", "on_hold", "submitted"))
    trying = RecordAttempt(need["need_id"], choose.one(("phone", "visit")))
    return await ground.run(lambda tx: record_attempt(tx, trying, mostly(choose, DESK), ground.tools))
