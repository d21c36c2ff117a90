"""A draft under an id of one's own: one that orders lists, and that stands for nothing else."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from imece_chassis.ids import uuid7
from tests.http.crisis.conftest import Api, Scene, minted_in


@dataclass(frozen=True)
class Draft:
    """Who writes it, where, and what."""

    by: Api
    path: str
    body: dict[str, Any]

    async def put(self, own: Any) -> httpx.Response:
        return await self.by.put(f"{self.path}/{own}", self.body)


def of_a_need(scene: Scene) -> Draft:
    body = {"district": "TUR031", "urgency": "urgent", "lines": [scene.asker.tents("40")]}
    return Draft(scene.asker, f"/crises/{scene.crisis_id}/needs", body)


def of_an_offer(scene: Scene) -> Draft:
    line = {"item_code": "SHL-TENT-FAM", "quantity": "40", "unit": "adet"}
    body = {"crisis_id": str(scene.crisis_id), "origin": "TUR006", "lines": [line]}
    return Draft(scene.pledger, "/offers", body)


@pytest.fixture(params=[of_a_need, of_an_offer], ids=lambda make: make.__name__)
def draft(request: pytest.FixtureRequest, scene: Scene) -> Draft:
    return request.param(scene)


async def test_an_id_that_says_no_time_or_one_to_come_is_refused(draft: Draft):
    for unordered in (uuid4(), minted_in(timedelta(minutes=20))):
        refused = await draft.put(unordered)
        assert (refused.status_code, refused.json()["code"]) == (422, "id_not_ordered"), refused.text
        assert refused.json()["id"] == str(unordered)
    fast = minted_in(timedelta(minutes=2))
    assert [(await draft.put(fast)).status_code for _ in range(2)] == [201, 200]


async def test_no_id_of_anything_else_is_taken(draft: Draft, scene: Scene):
    promised, package, own = await scene.pledged("10"), uuid7(), uuid7()
    stock = {"origin": "TUR006", "lines": [of_an_offer(scene).body["lines"][0]]}
    assert (await scene.pledger.put(f"/packages/{package}", stock)).status_code == 201
    assert (await scene.pledger.put(f"{scene.pledges}/{own}", scene.pledge("20"))).status_code == 201
    for taken in (package, own, scene.line, scene.crisis_id, promised["offer_line_id"]):
        refused = await draft.put(taken)
        assert (refused.status_code, refused.json()["code"]) == (409, "id_taken"), refused.text


async def test_needs_and_offers_take_no_ids_of_each_other(scene: Scene):
    need, offer, own, other = of_a_need(scene), of_an_offer(scene), uuid7(), uuid7()
    assert ((await need.put(own)).status_code, (await offer.put(other)).status_code) == (201, 201)
    for draft, taken in ((need, other), (offer, own)):
        refused = await draft.put(taken)
        assert (refused.status_code, refused.json()["code"]) == (409, "id_taken"), refused.text
