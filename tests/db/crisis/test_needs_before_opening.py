"""From a private draft to an open need: who sees it, who judges it, what silence does."""

from datetime import timedelta
from uuid import UUID

import pytest

from crisis.domain.clocks import Urgency
from crisis.domain.needs import NeedState
from crisis.domain.refusals import (
    KeyPending,
    NeedIdTaken,
    NeedNotInState,
    NotFound,
    RoleMissing,
    SameKey,
    SameParty,
)
from crisis.store.personal_data import scan
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.reading_history import need_history
from crisis.usecases.settle_two_keys import confirm_two_keys
from imece_chassis.access.caller import Caller
from imece_chassis.ids import uuid7
from tests.db.crisis.merging import Twins, merge, unmerge
from tests.db.crisis.need_world import Needs
from tests.db.crisis.test_silence import worker
from tests.db.crisis.world import caller


async def test_a_draft_tells_nobody_and_only_its_organisation_knows_it(needs: Needs):
    draft = (await needs.draft()).need
    assert await needs.world.value("SELECT count(*) FROM outbox WHERE topic <> 'crisis.crises.v1'") == 0
    assert (await needs.pending(draft), await needs.tasks(draft)) == (["need.draft"], [])
    for act in (needs.submit_draft, needs.close, needs.verify):
        with pytest.raises(NotFound):
            await act(draft, by=needs.world.secretariat)


async def test_a_draft_that_is_over_has_a_story_for_its_organisation_only(needs: Needs):
    draft = (await needs.draft()).need
    assert await needs.silence(draft)

    async def story(by: Caller) -> list[str]:
        found = await needs.world.database.snapshot(lambda tx: need_history(tx, draft.need_id, by, None, 9))
        return [event.command for event in found]

    assert (await story(needs.world.asker))[0] == "draft_need"
    with pytest.raises(NotFound):
        await story(needs.world.secretariat)


async def test_a_draft_under_an_id_of_its_own_is_written_once_and_said_anew(needs: Needs):
    need_id = uuid7()
    first = await needs.draft(need_id=need_id)
    again = await needs.draft(needs.tents("7"), need_id=need_id, description="tel 0532 123 45 67")
    assert (first.is_new, again.is_new, again.need.version) == (True, False, 2)
    stored = await needs.now(again.need)
    assert (stored.description, stored.draft_lines) == ("tel •••", (needs.tents("7"),))
    with pytest.raises(NeedIdTaken):
        await needs.draft(need_id=need_id, by=caller("asker"))
    opened = await needs.opened()
    with pytest.raises(NeedNotInState):
        await needs.draft(need_id=opened.need_id)


async def test_a_draft_is_submitted_with_lines_figures_a_task_and_one_event(needs: Needs):
    draft = (await needs.draft()).need
    need = await needs.submit_draft(draft)
    assert (need.state, need.version, need.draft_lines) == (NeedState.SUBMITTED, 2, None)
    assert await needs.told(need) == ["submitted"]
    assert await needs.tasks(need) == [("verify_need", "open")]
    assert await needs.pending(need) == ["need.verify"]
    assert await needs.vectors(need) == []
    assert [line.requested for line in (await needs.now(need)).lines] == [100]
    with pytest.raises(NeedNotInState):
        await needs.submit_draft(need)


async def test_a_draft_nobody_submits_closes_quietly_after_seven_days(needs: Needs):
    draft = (await needs.draft()).need
    assert await needs.silence(draft)
    gone = await needs.now(draft)
    assert (gone.state, gone.close_reason, gone.clock) == ("closed", "expired", None)
    assert (await needs.told(draft), await needs.pending(draft)) == ([], [])


async def test_a33_life_saving_need_of_accredited_asker_is_open_at_once(needs: Needs):
    need = await needs.submitted(by=needs.accredited, urgency=Urgency.LIFE_SAVING)
    assert (need.state, need.verification) == (NeedState.OPEN, 0)
    assert await needs.told(need) == ["submitted", "opened"]
    ((kind, vector),) = await needs.vectors(need)
    assert (kind, vector["need_state"], vector["verification"]) == ("need_line.opened", "open", 0)
    (task,) = await needs.world.rows("SELECT kind, state, due_at FROM tasks")
    assert (task["kind"], task["state"]) == ("verify_life_saving", "open")
    assert task["due_at"] == needs.world.clock.now() + timedelta(hours=2)
    roles = await needs.world.rows(
        "SELECT command, actor_role FROM command_log WHERE subject_id = $1", need.need_id
    )
    assert ("open_need_at_once", "system") in {(row["command"], row["actor_role"]) for row in roles}
    raised = await needs.verify(need, 2)
    assert (raised.verification, await needs.tasks(need)) == (2, [("verify_life_saving", "done")])
    assert (await needs.told(need))[-1] == "verification_raised"
    assert not any((await check_ledger(needs.world.database)).values())


@pytest.mark.parametrize("end", ["closed", "merged"])
async def test_a_need_nobody_has_looked_at_is_to_be_verified_when_it_comes_back(needs: Needs, end: str):
    need = await needs.submitted(by=needs.accredited, urgency=Urgency.LIFE_SAVING)
    if end == "closed":
        await needs.heartbeat(need, "done", by=needs.accredited)
        await needs.reopen(need)
    else:
        other = await needs.opened()
        pair = Twins(
            need.crisis_id,
            need.need_id,
            need.lines[0].need_line_id,
            other.need_id,
            other.lines[0].need_line_id,
        )
        await merge(needs.world, pair)
        await unmerge(needs.world, need.need_id)
    back = await needs.now(need)
    assert (back.state, back.verification) == (NeedState.OPEN, 0)
    assert sorted(await needs.tasks(need)) == [("verify_life_saving", "done"), ("verify_life_saving", "open")]
    await needs.verify(back, 1)
    await needs.heartbeat(back, "done", by=needs.accredited)
    await needs.reopen(back)
    assert {state for _, state in await needs.tasks(need)} == {"done"}, "somebody has looked at it"


async def test_a33_holds_only_for_accredited_askers_and_for_drafts_alike(needs: Needs):
    waiting = await needs.submitted(urgency=Urgency.LIFE_SAVING)
    assert (waiting.state, await needs.tasks(waiting)) == ("submitted", [("verify_life_saving", "open")])
    draft = (await needs.draft(by=needs.accredited, urgency=Urgency.LIFE_SAVING)).need
    assert (await needs.submit_draft(draft, by=needs.accredited)).state is NeedState.OPEN
    elsewhere = caller("asker", provinces=frozenset({"31"}))
    assert (await needs.submitted(by=elsewhere, urgency=Urgency.LIFE_SAVING)).state is NeedState.SUBMITTED


async def test_a42_asker_and_verifier_of_one_organisation_are_refused(needs: Needs):
    need = await needs.submitted(by=needs.accredited)
    for act in (needs.verify, needs.send_back, needs.reject):
        with pytest.raises(SameParty) as refused:
            await act(need, by=needs.accredited)
        assert refused.value.facts["side"] == "asker"
    assert (await needs.now(need)).state is NeedState.SUBMITTED
    another = caller("verifier")
    assert (await needs.verify(need, by=another)).state is NeedState.OPEN


async def test_verification_is_raised_and_every_line_says_so(needs: Needs):
    need = await needs.opened(needs.tents("5"), needs.tents("6"))
    await needs.verify(need, 3)
    kinds = [(kind, vector["verification"]) for kind, vector in await needs.vectors(need)]
    assert kinds == [("need_line.opened", 1)] * 2 + [("need_line.changed", 3)] * 2


async def test_only_verifiers_and_desks_of_the_place_judge(needs: Needs):
    need = await needs.submitted()
    far = caller("provincial_desk", provinces=frozenset({"06"}))
    for who in (far, needs.world.pledger, caller("asker")):
        for act in (needs.verify, needs.send_back, needs.reject):
            with pytest.raises(RoleMissing):
                await act(need, by=who)


async def test_a_returned_need_is_completed_and_submitted_again_with_new_lines(needs: Needs):
    need = await needs.submitted()
    returned = await needs.send_back(need, "quantity_unclear", "quantity")
    assert (returned.missing_fields, await needs.pending(need)) == (("quantity",), ["need.remind"])
    assert await needs.tasks(need) == [("verify_need", "done")]
    await needs.draft(needs.tents("40"), needs.tents("2"), need_id=need.need_id)
    again = await needs.submit_draft(need)
    assert [line.requested for line in (await needs.now(again)).lines] == [40, 2]
    old = need.lines[0].need_line_id
    assert await needs.world.value(
        "SELECT dropped_at IS NOT NULL FROM need_lines WHERE need_line_id = $1", old
    )
    opened = await needs.verify(again)
    assert len(await needs.vectors(opened)) == 2
    refused = await needs.world.pledge(needs.crisis_id, old, "1")
    assert "not_found" in str(getattr(refused, "answer", refused))
    assert await needs.told(need) == ["submitted", "returned", "submitted", "opened"]
    assert not any((await check_ledger(needs.world.database)).values())


async def test_a_returned_need_without_changes_keeps_its_lines(needs: Needs):
    need = await needs.submitted()
    await needs.send_back(need)
    assert (await needs.submit_draft(need)).lines == need.lines


async def test_a_returned_need_is_reminded_after_a_day_and_expires_after_seven(needs: Needs):
    need = await needs.submitted()
    await needs.send_back(need, "missing_information", "contact_ref")
    assert await needs.silence(need)
    assert (await needs.told(need))[-1] == "reminder_due"
    assert (await needs.tasks(need))[-1] == ("returned_need", "open")
    assert await needs.pending(need) == ["need.returned"]
    assert await needs.silence(need)
    gone = await needs.now(need)
    assert (gone.close_reason, (await needs.told(need))[-1]) == ("expired", "closed")
    assert {state for _, state in await needs.tasks(need)} == {"done"}


async def test_an_unverified_need_keeps_somebody_asked_for_ever(needs: Needs):
    need = await needs.submitted()
    for _ in range(3):
        assert await needs.silence(need)
        assert await needs.pending(need) == ["need.verify"]
    assert await needs.tasks(need) == [("verify_need", "open")]
    assert (await needs.now(need)).state is NeedState.SUBMITTED


async def confirm(needs: Needs, two_key_id: UUID | None, by: Caller) -> None:
    assert two_key_id is not None
    await needs.world.database.unit_of_work(
        lambda tx: confirm_two_keys(tx, two_key_id, by, needs.world.tools)
    )


async def test_a_life_saving_need_is_rejected_by_two_people_only(needs: Needs):
    need = await needs.submitted(urgency=Urgency.LIFE_SAVING)
    asked = await needs.reject(need)
    assert asked.need.state is NeedState.SUBMITTED
    with pytest.raises(KeyPending):
        await needs.reject(need, by=caller("verifier"))
    with pytest.raises(SameKey):
        await confirm(needs, asked.two_key_id, needs.desk)
    await confirm(needs, asked.two_key_id, caller("verifier"))
    gone = await needs.now(need)
    assert (gone.close_reason, gone.reason) == ("rejected", "not_confirmed")
    assert await needs.told(need) == ["submitted", "closed"]


async def test_a_rejection_is_appealed_and_the_need_verified_after_all(needs: Needs):
    need = await needs.submitted()
    assert (await needs.reject(need)).two_key_id is None
    with pytest.raises(RoleMissing):
        await needs.appeal(need, by=caller("asker"))
    await needs.appeal(need)
    assert (await needs.tasks(need))[-1] == ("appeal", "open")
    again = await needs.decide(need, "granted")
    assert (again.state, await needs.pending(need)) == ("submitted", ["need.verify"])
    assert (await needs.tasks(need))[-1] == ("verify_need", "open")
    assert (await needs.verify(need)).state is NeedState.OPEN
    assert await needs.told(need) == ["submitted", "closed", "appealed", "appeal_decided", "opened"]


async def test_an_appeal_nobody_answers_becomes_the_secretariats(needs: Needs):
    need = await needs.submitted()
    await needs.reject(need)
    await needs.appeal(need)
    assert await needs.silence(need)
    assert (await needs.tasks(need))[-2:] == [("appeal", "done"), ("appeal", "open")]
    assert (
        await needs.world.value("SELECT seat FROM tasks WHERE kind = 'appeal' AND state = 'open'")
        == "officer"
    )
    assert await needs.pending(need) == ["need.appeal"]
    stands = await needs.decide(need, "upheld", "still_not_confirmed", by=needs.world.secretariat)
    assert (stands.state, await needs.pending(need), (await needs.tasks(need))[-1][1]) == (
        "closed",
        [],
        "done",
    )


async def test_a_line_may_say_what_may_stand_in_for_it(needs: Needs):
    policy = {
        "substitution": "equivalent_list",
        "is_earmark_welcome": False,
        "note": "kışlık",
        "populations": ("women",),
    }
    (stored,) = (await needs.now(await needs.opened(needs.tents("3", **policy)))).lines
    assert {name: getattr(stored, name) for name in policy} == policy


async def test_free_text_leaves_by_no_event_and_no_number_reaches_a_table(needs: Needs):
    line = needs.tents("3", note="Zeynep 0532 123 45 67")
    draft = (await needs.draft(line, title="Zeynep'in çadırı", description="TR330006100519786457841326")).need
    need = await needs.submit_draft(draft)
    await needs.send_back(need)
    await needs.draft(line, need_id=need.need_id, description="TC 10000000146, 34 ABC 123, a@b.org")
    await needs.close(await needs.verify(await needs.submit_draft(need)))
    payloads = await needs.world.rows("SELECT convert_from(payload, 'utf8') AS text FROM outbox")
    assert payloads and not any("Zeynep" in row["text"] or "•" in row["text"] for row in payloads)
    assert await needs.world.database.snapshot(scan) == []


async def test_the_worker_ends_silences_late_and_never_early(needs: Needs):
    need = await needs.submitted()
    await needs.send_back(need)
    kinds = await needs.pending(need)
    assert await worker(needs.world, *kinds).run_once() == 1
    assert (await needs.told(need))[-1] == "reminder_due"
    needs.world.clock.advance(timedelta(days=365 * 50))
    early = await needs.submitted()
    assert await worker(needs.world, "need.verify").run_once() == 0
    assert await needs.silence(early) is False
    assert await needs.pending(early) == ["need.verify"]
