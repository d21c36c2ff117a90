"""Every refusal of the need workflow, in Turkish and in English, with its facts."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from imece_chassis.ids import uuid7
from tests.http.crisis.conftest import Api, Scene, staged
from tests.http.crisis.test_needs import draft_of, submitted

Try = Callable[[Scene], Awaitable[httpx.Response]]
SENT: dict[str, tuple[Try, int, dict[str, Any]]] = {}


def refused(code: str, status: int, **facts: Any) -> Callable[[Try], Try]:
    def keep(attempt: Try) -> Try:
        SENT[f"{code}:{attempt.__name__}"] = (attempt, status, facts)
        return attempt

    return keep


def the_need(scene: Scene) -> str:
    return f"/needs/{scene.need_id}"


async def rejected(scene: Scene) -> str:
    path = await submitted(scene)
    await scene.office.post(f"{path}/reject", {"reason": "not_confirmed"})
    return path


def hours(scene: Scene, ahead: int) -> str:
    return (scene.office.clock.now() + timedelta(hours=ahead)).isoformat()


@refused("contact_not_reference", 422, looks_like="phone")
async def _a_number_as_contact(scene: Scene) -> httpx.Response:
    body = draft_of(scene, contact_ref="05321234567")
    return await scene.asker.post(f"/crises/{scene.crisis_id}/needs", body)


@refused("need_without_lines", 422)
async def _submitting_nothing(scene: Scene) -> httpx.Response:
    body = draft_of(scene, lines=[])
    draft = (await scene.asker.post(f"/crises/{scene.crisis_id}/drafts", body)).json()
    return await scene.asker.post(f"/needs/{draft['need_id']}/submit")


@refused("need_id_taken", 409)
async def _anothers_id(scene: Scene) -> httpx.Response:
    path = f"/crises/{scene.crisis_id}/needs/{uuid7()}"
    await scene.asker.put(path, draft_of(scene))
    return await scene.office.member("asker").put(path, draft_of(scene))


@refused("need_not_in_state", 409, present_state="open", wanted="draft / returned")
async def _changing_an_open_need(scene: Scene) -> httpx.Response:
    return await scene.asker.put(f"/crises/{scene.crisis_id}/needs/{scene.need_id}", draft_of(scene))


@refused("role_missing", 403, roles="asker")
async def _submitting_anothers_returned_need(scene: Scene) -> httpx.Response:
    path = await submitted(scene)
    await scene.office.post(f"{path}/return", {"reason": "other"})
    return await scene.office.post(f"{path}/submit")


@refused("field_unknown", 422, field="colour")
async def _asking_for_a_field_no_need_has(scene: Scene) -> httpx.Response:
    path = await submitted(scene)
    return await scene.office.post(f"{path}/return", {"reason": "other", "missing_fields": ["colour"]})


@refused("reason_unknown", 422, reason="because", action="return")
async def _returning_without_a_known_reason(scene: Scene) -> httpx.Response:
    return await scene.office.post(f"{await submitted(scene)}/return", {"reason": "because"})


@refused("need_not_submitted", 409, present_state="open")
async def _rejecting_an_open_need(scene: Scene) -> httpx.Response:
    return await scene.office.post(f"{the_need(scene)}/reject", {"reason": "other"})


@refused("same_party", 409, side="asker")
async def _rejecting_an_own_need(scene: Scene) -> httpx.Response:
    both = scene.office.member("asker", "verifier")
    need = (await both.post(f"/crises/{scene.crisis_id}/needs", draft_of(scene))).json()
    return await both.post(f"/needs/{need['need_id']}/reject", {"reason": "other"})


@refused("key_pending", 409, action="reject_need")
async def _rejecting_while_a_second_key_is_awaited(scene: Scene) -> httpx.Response:
    path = await submitted(scene, urgency="life_saving")
    await scene.office.post(f"{path}/reject", {"reason": "other"})
    return await scene.office.post(f"{path}/reject", {"reason": "other"})


@refused("not_rejected", 409, present_state="open")
async def _appealing_against_nothing(scene: Scene) -> httpx.Response:
    return await scene.asker.post(f"{the_need(scene)}/appeal", {"reason": "other"})


@refused("appealed_before", 409)
async def _appealing_twice(scene: Scene) -> httpx.Response:
    path = await rejected(scene)
    await scene.asker.post(f"{path}/appeal", {"reason": "other"})
    return await scene.asker.post(f"{path}/appeal", {"reason": "other"})


@refused("appeal_too_late", 409)
async def _appealing_after_three_days(scene: Scene) -> httpx.Response:
    path = await rejected(scene)
    scene.office.clock.advance(timedelta(hours=72))
    return await scene.asker.post(f"{path}/appeal", {"reason": "other"})


@refused("no_appeal", 409, present_state="closed")
async def _deciding_no_appeal(scene: Scene) -> httpx.Response:
    return await scene.office.post(f"{await rejected(scene)}/appeal/decide", {"outcome": "granted"})


@refused("hold_invalid", 422)
async def _holding_for_four_days(scene: Scene) -> httpx.Response:
    body = {"reason": "no_access", "until": hours(scene, 73)}
    return await scene.office.post(f"{the_need(scene)}/hold", body)


@refused("need_not_in_state", 409, present_state="open", wanted="on_hold")
async def _resuming_what_is_not_held(scene: Scene) -> httpx.Response:
    return await scene.office.post(f"{the_need(scene)}/resume")


@refused("need_not_open", 409, present_state="on_hold")
async def _pledging_for_a_need_on_hold(scene: Scene) -> httpx.Response:
    body = {"reason": "no_access", "until": hours(scene, 2)}
    await scene.office.post(f"{the_need(scene)}/hold", body)
    return await scene.pledger.post(scene.pledges, scene.pledge())


@refused("not_less", 422, quantity="1000", requested="1000", unit="adet")
async def _confirming_as_much_as_less(scene: Scene) -> httpx.Response:
    body = {"said": "less", "lines": [{"need_line_id": scene.line, "quantity": "1000"}]}
    return await scene.asker.post(f"{the_need(scene)}/heartbeat", body)


@refused("too_few_attempts", 409, attempts="0", needed="3")
async def _giving_up_at_once(scene: Scene) -> httpx.Response:
    return await scene.office.post(f"{the_need(scene)}/close", {"reason": "unreachable"})


@refused("need_closed", 409, reason="met_by_others")
async def _closing_twice(scene: Scene) -> httpx.Response:
    await scene.office.post(f"{the_need(scene)}/close", {"reason": "met_by_others"})
    return await scene.office.post(f"{the_need(scene)}/close", {"reason": "met_by_others"})


@refused("never_opened", 409, reason="rejected")
async def _reopening_what_was_rejected(scene: Scene) -> httpx.Response:
    return await scene.office.post(f"{await rejected(scene)}/reopen", {"reason": "other"})


@refused("need_merged", 409)
async def _reopening_what_was_merged(scene: Scene) -> httpx.Response:
    path = await submitted(scene)
    await scene.office.post(f"{path}/verify", {"level": 1})
    merged = await scene.office.post(f"{path}/merge", {"into": scene.need_id, "mode": "max"})
    assert merged.status_code == 200, merged.text
    return await scene.office.post(f"{path}/reopen", {"reason": "other"})


@refused("need_reopen_too_late", 409)
async def _reopening_after_fifteen_days(scene: Scene) -> httpx.Response:
    await scene.office.post(f"{the_need(scene)}/close", {"reason": "met_by_others"})
    scene.office.clock.advance(timedelta(days=15))
    return await scene.office.post(f"{the_need(scene)}/reopen", {"reason": "other"})


@refused("same_place", 422, place="TUR031005")
async def _moving_to_the_same_place(scene: Scene) -> httpx.Response:
    body = {"district": "TUR031005", "reason": "site_moved"}
    return await scene.office.post(f"{the_need(scene)}/relocate", body)


@refused("role_missing", 403)
async def _holding_as_asker(scene: Scene) -> httpx.Response:
    body = {"reason": "no_access", "until": hours(scene, 2)}
    return await scene.asker.post(f"{the_need(scene)}/hold", body)


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
