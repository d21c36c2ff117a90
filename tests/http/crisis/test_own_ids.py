"""What is kept, ordered or repeated under an id of one's own: said twice in the same words it is one."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from imece_chassis.ids import uuid7
from tests.http.crisis.conftest import Api, Scene, minted_in


@dataclass(frozen=True)
class Kind:
    """Who says it, under which path, in which words, and in which others; `posted` makes one by POST."""

    by: Api
    path: str
    named: str
    body: dict[str, Any]
    otherwise: dict[str, Any]
    read: str
    posted: str
    ends: tuple[str, Any]

    async def put(self, own: Any, body: Any = None, **headers: str):
        return await self.by.put(f"{self.path}/{own}", body or self.body, **headers)

    async def count(self) -> int:
        return len((await self.by.get(self.posted)).json()["items"])


async def a_package(scene: Scene) -> Kind:
    line = {"item_code": "SHL-TENT-FAM", "quantity": "200", "unit": "adet"}
    body = {"origin": "TUR006", "lines": [line]}
    otherwise = {**body, "origin": "TUR034"}
    ends = ("/packages/{}/retire", None)
    return Kind(scene.pledger, "/packages", "package_id", body, otherwise, "/packages", "/packages", ends)


async def an_order(scene: Scene) -> Kind:
    body = {
        "crisis_id": str(scene.crisis_id),
        "item_code": "SHL-TENT-FAM",
        "area": ["TUR031"],
        "until": (scene.office.clock.now() + timedelta(days=3)).isoformat(),
        "reason": "enough_here",
    }
    otherwise = {**body, "names_life_saving": True}
    posted, ends = f"/crises/{scene.crisis_id}/orders", ("/orders/{}/lift", None)
    return Kind(scene.office, "/orders", "order_id", body, otherwise, "/orders", posted, ends)


async def a_template(scene: Scene) -> Kind:
    body = {"need_id": str(scene.need_id), "title": "Haftalık çadır"}
    otherwise = {**body, "needed_within_hours": 24}
    ends = ("/templates/{}/retire", None)
    return Kind(scene.asker, "/templates", "template_id", body, otherwise, "/templates", "/templates", ends)


async def a_series(scene: Scene) -> Kind:
    kept = await scene.asker.post("/templates", (await a_template(scene)).body)
    until = (scene.office.clock.now() + timedelta(days=30)).isoformat()
    body = {"template_id": kept.json()["template_id"], "every_days": 3, "until": until}
    otherwise = {**body, "every_days": 4}
    path, ends = f"/crises/{scene.crisis_id}/recurring-needs", ("/recurring-needs/{}/stop", None)
    return Kind(scene.asker, path, "recurring_id", body, otherwise, "/recurring-needs", path, ends)


KINDS = (a_package, an_order, a_template, a_series)


@pytest.fixture(params=KINDS, ids=lambda make: make.__name__)
async def kind(request: pytest.FixtureRequest, scene: Scene) -> Kind:
    make: Callable[[Scene], Awaitable[Kind]] = request.param
    return await make(scene)


async def test_said_twice_it_is_made_once_and_shown_as_it_is_by_then(kind: Kind):
    own = uuid7()
    first = await kind.put(own)
    assert first.status_code == 201, first.text
    made = first.json()
    assert (made[kind.named], made["version"], first.headers["etag"]) == (str(own), 1, '"1"')
    assert first.headers["location"] == f"{kind.read}/{own}"
    again = await kind.put(own)
    assert (again.status_code, again.json(), again.headers["etag"]) == (200, made, '"1"')
    assert (await kind.by.get(f"{kind.read}/{own}")).json() == made
    assert await kind.count() == 1
    path, body = kind.ends
    ended = await kind.by.post(path.format(own), body)
    assert ended.status_code == 200, ended.text
    later = await kind.put(own)
    assert (later.status_code, later.json(), later.headers["etag"]) == (200, ended.json(), '"2"')


async def test_other_words_under_the_same_id_are_refused_and_change_nothing(kind: Kind):
    own = uuid7()
    made = (await kind.put(own)).json()
    refused = await kind.put(own, kind.otherwise)
    assert (refused.status_code, refused.json()["code"]) == (409, "said_otherwise"), refused.text
    assert refused.json()["id"] == str(own)
    assert (await kind.by.get(f"{kind.read}/{own}")).json() == made


async def test_no_id_of_anything_else_is_taken(kind: Kind, scene: Scene):
    promised, own = await scene.pledged("10"), uuid7()
    assert (await scene.pledger.put(f"{scene.pledges}/{own}", scene.pledge("20"))).status_code == 201
    minted = await kind.by.post(kind.path, kind.body)
    assert minted.status_code == 201, minted.text
    taken = (minted.json()[kind.named], promised["allocation_id"], scene.need_id, scene.crisis_id, own)
    for each in taken:
        refused = await kind.put(each)
        assert (refused.status_code, refused.json()["code"]) == (409, "id_taken"), refused.text
    named = uuid7()
    assert (await kind.put(named)).status_code == 201
    pledged = await scene.pledger.put(f"{scene.pledges}/{named}", scene.pledge("20"))
    assert (pledged.status_code, pledged.json()["code"]) == (409, "pledge_id_taken")
    other = scene.office.member("secretariat", "pledger", "asker")
    stolen = await other.put(f"{kind.path}/{named}", kind.body)
    assert (stolen.status_code, stolen.json()["code"]) == (409, "id_taken")


async def test_an_id_that_says_no_time_is_refused(kind: Kind):
    refused = await kind.put(uuid4())
    assert (refused.status_code, refused.json()["code"]) == (422, "id_not_ordered")
    assert await kind.count() == 0


async def test_an_id_that_says_a_time_to_come_is_refused(kind: Kind):
    refused = await kind.put(minted_in(timedelta(minutes=20)))
    assert (refused.status_code, refused.json()["code"]) == (422, "id_not_ordered")
    assert await kind.count() == 0
    assert (await kind.put(minted_in(timedelta(minutes=2)))).status_code == 201, "clocks differ a little"


async def test_many_at_the_same_moment_make_one(kind: Kind):
    own = uuid7()
    answers = await asyncio.gather(*(kind.put(own) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert await kind.count() == 1


async def test_it_may_be_made_only_where_there_is_nothing_yet(kind: Kind):
    own = uuid7()
    assert (await kind.put(own, if_match='"7"')).status_code == 412
    assert await kind.count() == 0
    assert (await kind.put(own)).status_code == 201
    assert (await kind.put(own, if_match='"1"')).status_code == 200
    assert (await kind.put(own, if_match='"2"')).status_code == 412


async def test_the_id_is_free_again_when_it_was_refused(scene: Scene):
    package, own = await a_package(scene), uuid7()
    unknown = {**package.body["lines"][0], "unit": "kg"}
    refused = await package.put(own, {**package.body, "lines": [unknown]})
    assert (refused.status_code, refused.json()["code"]) == (422, "unit_unknown"), refused.text
    assert (await package.put(own)).status_code == 201


async def test_one_number_spelt_in_two_ways_is_the_same_word(scene: Scene):
    package, own = await a_package(scene), uuid7()
    made = (await package.put(own)).json()
    spelt = {**package.body["lines"][0], "quantity": "0200.0", "step": None}
    again = await package.put(own, {**package.body, "has_transport": False, "lines": [spelt]})
    assert (again.status_code, again.json()) == (200, made)
    halved = {**package.body["lines"][0], "quantity": "200.5"}
    assert (await package.put(own, {**package.body, "lines": [halved]})).status_code == 409


async def test_an_amount_of_money_spelt_in_two_ways_is_the_same_word(scene: Scene):
    package, own = await a_package(scene), uuid7()

    async def put(step: str, amount: str) -> httpx.Response:
        value = {"amount": amount, "currency": "TRY"}
        line = {**package.body["lines"][0], "step": step, "value": value}
        return await package.put(own, {**package.body, "lines": [line]})

    made = await put("10", "1250000.5")
    assert made.status_code == 201, made.text
    again = await put("10.0", "01250000.50")
    assert (again.status_code, again.json()) == (200, made.json())
    for step, amount in (("10", "1250000.51"), ("20", "1250000.5"), ("10", "0")):
        assert (await put(step, amount)).status_code == 409


async def test_a_series_of_another_crisis_has_another_id(scene: Scene):
    series, own = await a_series(scene), uuid7()
    assert (await series.put(own)).status_code == 201
    elsewhere = await series.by.put(f"/crises/{uuid7()}/recurring-needs/{own}", series.body)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "id_taken")


async def test_templates_and_series_are_read_by_their_organisation_alone(scene: Scene):
    stranger = scene.office.member("asker")
    for make in (a_template, a_series):
        kind, own = await make(scene), uuid7()
        assert (await kind.put(own)).status_code == 201
        path = f"{kind.read}/{own}"
        tag = (await kind.by.get(path)).headers["etag"]
        known = await kind.by.client.get(path, headers=kind.by.headers(if_none_match=tag))
        assert known.status_code == 304
        hidden = await stranger.get(path)
        assert (hidden.status_code, hidden.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
async def test_an_id_of_ones_own_gives_no_right(scene: Scene, make: Callable[[Scene], Awaitable[Kind]]):
    kind = await make(scene)
    refused = await kind.by.newcomer("auditor").put(f"{kind.path}/{uuid7()}", kind.body)
    assert (refused.status_code, refused.json()["code"]) == (403, "role_missing"), refused.text
