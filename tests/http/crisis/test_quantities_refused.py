"""Every refusal of revising, reserving, merging and repeating, in Turkish and in English, with its facts."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.http.crisis.conftest import Api, Scene, staged
from tests.http.crisis.test_offers import opened
from tests.http.crisis.test_quantities import another_need, held, with_another_key

Try = Callable[[Scene], Awaitable[httpx.Response]]
SENT: dict[str, tuple[Try, int, dict[str, Any]]] = {}


def refused(code: str, status: int, **facts: Any) -> Callable[[Try], Try]:
    def keep(attempt: Try) -> Try:
        SENT[f"{code}:{attempt.__name__}"] = (attempt, status, facts)
        return attempt

    return keep


async def revise(scene: Scene, api: Api | None = None, **body: Any) -> httpx.Response:
    stated = {"reason": "counted_again", **body}
    return await (api or scene.office).post(f"/need-lines/{scene.line}/revise", stated)


async def elsewhere(scene: Scene, quantity: str, evidence: str = "doc:1") -> httpx.Response:
    body = {"quantity": quantity, "unit": "adet", "evidence_ref": evidence}
    return await scene.asker.post(f"/need-lines/{scene.line}/elsewhere", body)


async def over_cap(scene: Scene, quantity: str = "50", reason: str = "losses_expected") -> httpx.Response:
    body = {"quantity": quantity, "unit": "adet", "reason": reason}
    return await scene.office.post(f"/need-lines/{scene.line}/over-cap", body)


async def confirm(scene: Scene, asked: httpx.Response, api: Api | None = None) -> httpx.Response:
    second = api or with_another_key(scene.office)
    return await second.post(f"/two-keys/{asked.json()['two_key_id']}/confirm")


async def merge(scene: Scene, need: Any, into: Any, **body: Any) -> httpx.Response:
    return await scene.office.post(f"/needs/{need}/merge", {"into": str(into), **body})


async def template(scene: Scene) -> str:
    body = {"need_id": str(scene.need_id), "title": "Haftalık çadır"}
    return (await scene.asker.post("/templates", body)).json()["template_id"]


async def repeat(scene: Scene, template_id: str, days: int = 9) -> httpx.Response:
    until = (scene.office.clock.now() + timedelta(days=days)).isoformat()
    body = {"template_id": template_id, "every_days": 3, "until": until}
    return await scene.asker.post(f"/crises/{scene.crisis_id}/recurring-needs", body)


@refused("below_committed", 409, requested="40", minimum="100", unit="adet")
async def _below_what_is_met_elsewhere(scene: Scene) -> httpx.Response:
    await elsewhere(scene, "100")
    return await revise(scene, quantity="40")


@refused("nothing_revised", 422, requested="1000")
async def _the_same_again(scene: Scene) -> httpx.Response:
    return await revise(scene, quantity="1000")


@refused("hold_not_on_line", 409)
async def _picking_what_is_not_held(scene: Scene) -> httpx.Response:
    await held(scene, "500")
    return await revise(scene, quantity="400", release=[str(scene.need_id)])


@refused("picked_too_little", 422, picked="100", surplus="200")
async def _picking_too_little(scene: Scene) -> httpx.Response:
    row = await held(scene, "100")
    await held(scene, "500")
    return await revise(scene, quantity="400", release=[row["allocation_id"]])


@refused("reason_unknown", 422)
async def _an_unknown_reason(scene: Scene) -> httpx.Response:
    return await revise(scene, quantity="400", reason="because")


@refused("role_missing", 403)
async def _revising_anothers_line(scene: Scene) -> httpx.Response:
    return await revise(scene, scene.pledger, quantity="400")


@refused("not_found", 404, kind="need line")
async def _an_unknown_line(scene: Scene) -> httpx.Response:
    return await scene.office.post(
        f"/need-lines/{scene.need_id}/revise", {"reason": "other", "quantity": "1"}
    )


@refused("evidence_not_reference", 422, looks_like="phone")
async def _a_number_as_evidence(scene: Scene) -> httpx.Response:
    return await elsewhere(scene, "10", "0532 123 45 67")


@refused("statement_revoked", 409)
async def _revoking_twice(scene: Scene) -> httpx.Response:
    path = f"/elsewhere/{(await elsewhere(scene, '10')).json()['statement_id']}/revoke"
    await scene.asker.post(path, {"reason": "used_up"})
    return await scene.asker.post(path, {"reason": "used_up"})


@refused("over_cap_in_use", 409, minimum="20")
async def _a_reserve_below_what_stands_on_it(scene: Scene) -> httpx.Response:
    await confirm(scene, await over_cap(scene))
    await held(scene, "1020")
    return await over_cap(scene, "0", "reserve_no_longer_needed")


@refused("key_pending", 409, action="set_over_cap")
async def _asking_twice(scene: Scene) -> httpx.Response:
    await over_cap(scene)
    return await over_cap(scene, "60")


@refused("same_key", 409, action="set_over_cap")
async def _confirming_with_the_same_key(scene: Scene) -> httpx.Response:
    return await confirm(scene, await over_cap(scene), scene.office)


@refused("key_not_pending", 409, present_state="confirmed")
async def _confirming_twice(scene: Scene) -> httpx.Response:
    asked = await over_cap(scene)
    await confirm(scene, asked)
    return await confirm(scene, asked)


@refused("second_key_missing", 409)
async def _confirming_too_late(scene: Scene) -> httpx.Response:
    asked = await over_cap(scene)
    scene.office.clock.advance(timedelta(hours=24))
    return await confirm(scene, asked)


@refused("needs_not_mergeable", 422)
async def _merging_into_itself(scene: Scene) -> httpx.Response:
    return await merge(scene, scene.need_id, scene.need_id)


@refused("line_without_match", 422, item_code="SHL-BLNK-MED")
async def _merging_blankets_into_tents(scene: Scene) -> httpx.Response:
    other = await another_need(scene, item_code="SHL-BLNK-MED")
    return await merge(scene, other["need_id"], scene.need_id)


@refused("lines_not_equal", 422, item_code="SHL-BLNK-MED", other="SHL-TENT-FAM")
async def _pairing_blankets_with_tents(scene: Scene) -> httpx.Response:
    other = await another_need(scene, item_code="SHL-BLNK-MED")
    pair = {"need_line_id": other["lines"][0]["need_line_id"], "into_line_id": str(scene.line)}
    return await merge(scene, other["need_id"], scene.need_id, lines=[pair])


@refused("figure_missing", 422)
async def _merging_by_hand_without_a_word_on_a_line(scene: Scene) -> httpx.Response:
    other = await another_need(scene)
    elsewhere = {"need_line_id": str(other["need_id"]), "into_line_id": str(scene.need_id), "quantity": "50"}
    return await merge(scene, other["need_id"], scene.need_id, mode="manual", lines=[elsewhere])


@refused("merge_breaks_earmark", 409)
async def _merging_what_is_earmarked_for_another_place(scene: Scene) -> httpx.Response:
    body = {"district": "TUR031009", "urgency": "urgent", "lines": [scene.office.tents("100")]}
    other = (await scene.asker.post(f"/crises/{scene.crisis_id}/needs", body)).json()
    await scene.office.post(f"/needs/{other['need_id']}/verify", {"level": 1})
    offer = await opened(scene, "50", earmark={"places": ["TUR031009"]})
    pledge = {"offer_line_id": offer["lines"][0]["offer_line_id"], "quantity": "40", "unit": "adet"}
    pledge["need_line_id"] = other["lines"][0]["need_line_id"]
    assert (await scene.pledger.post(scene.pledges, pledge)).status_code == 201
    return await merge(scene, other["need_id"], scene.need_id)


@refused("not_merged", 409)
async def _parting_what_was_never_merged(scene: Scene) -> httpx.Response:
    return await scene.office.post(f"/needs/{scene.need_id}/unmerge")


@refused("undo_too_late", 409)
async def _parting_after_a_day(scene: Scene) -> httpx.Response:
    other = await another_need(scene)
    await merge(scene, other["need_id"], scene.need_id)
    scene.office.clock.advance(timedelta(hours=25))
    return await scene.office.post(f"/needs/{other['need_id']}/unmerge")


@refused("template_retired", 409)
async def _stating_a_retired_template(scene: Scene) -> httpx.Response:
    kept = await template(scene)
    await scene.asker.post(f"/templates/{kept}/retire")
    body = {"template_id": kept}
    return await scene.asker.post(f"/crises/{scene.crisis_id}/needs/from-template", body)


@refused("not_found", 404, kind="template")
async def _stating_anothers_template(scene: Scene) -> httpx.Response:
    body = {"template_id": await template(scene)}
    stranger = scene.office.member("asker")
    return await stranger.post(f"/crises/{scene.crisis_id}/needs/from-template", body)


@refused("until_past", 422)
async def _repeating_until_yesterday(scene: Scene) -> httpx.Response:
    return await repeat(scene, await template(scene), -1)


@refused("recurring_ended", 409, present_state="stopped")
async def _stopping_twice(scene: Scene) -> httpx.Response:
    path = f"/recurring-needs/{(await repeat(scene, await template(scene))).json()['recurring_id']}/stop"
    await scene.asker.post(path)
    return await scene.asker.post(path)


@refused("figure_invalid", 422, figures="beds")
async def _a_figure_nobody_knows(scene: Scene) -> httpx.Response:
    return await scene.office.post(f"/crises/{scene.crisis_id}/settings", {"estimates": {"beds": "2"}})


@refused("not_found", 404, kind="crisis")
async def _estimating_for_an_unknown_crisis(scene: Scene) -> httpx.Response:
    return await scene.asker.get("/estimates", people=10, crisis_id=str(scene.need_id))


@pytest.mark.parametrize("name", SENT)
async def test_a_refusal_is_a_problem_with_code_facts_and_words_in_both_languages(office: Api, name: str):
    attempt, status, facts = SENT[name]
    details: set[str] = set()
    for api in (office, office.in_turkish()):
        problem = (await attempt(await staged(api))).json()
        assert (problem["code"], problem["status"]) == (name.split(":", maxsplit=1)[0], status), problem
        assert facts.items() <= problem.items()
        assert problem["title"] and "{" not in problem["detail"]
        details.add(problem["detail"])
    assert len(details) == 2
