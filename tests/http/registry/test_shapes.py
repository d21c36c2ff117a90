"""Lists, problems in two languages, and a document that matches the routes."""

import re

import pytest
from jsonschema import Draft202012Validator

from imece_reference.turkish import sort_key
from tests.http.registry.conftest import Api

NAMES = ["Cumba", "Çınar", "Ilgaz", "İncir", "Ova", "Öncü", "Şefkat", "Ünye"]


async def test_links_walk_the_whole_list_in_turkish_order(office: Api) -> None:
    for name in reversed(NAMES):
        await office.organisation(name, is_active=False)
    seen, path = [], "/organisations?state=candidate&limit=3"
    while path:
        answer = await office.get(path)
        assert answer.status_code == 200
        seen += [each["legal_name"] for each in answer.json()["items"]]
        path = answer.links["next"]["url"] if "next" in answer.links else ""
        assert answer.json()["has_more"] == bool(path)
    assert seen == NAMES == sorted(NAMES, key=sort_key)


async def test_a_cursor_is_good_for_its_own_list_only(office: Api) -> None:
    for name in NAMES[:3]:
        await office.organisation(name)
    cursor = (await office.get("/organisations?limit=1")).json()["next_cursor"]
    assert (await office.get(f"/organisations?limit=1&cursor={cursor}")).status_code == 200
    for query in (f"province=31&cursor={cursor}", f"cursor={cursor[:-2]}xx", "cursor=abc"):
        refused = await office.get(f"/organisations?{query}")
        assert (refused.status_code, refused.json()["code"]) == (400, "cursor_invalid")


async def test_search_and_filters_reach_the_list(office: Api) -> None:
    await office.organisation("Işık Derneği")
    await office.organisation("Damla Derneği", is_active=False)
    found = (await office.get("/organisations?q=ISIK&province=31&kind=dernek&state=active")).json()
    assert [each["legal_name"] for each in found["items"]] == ["Işık Derneği"]
    assert found["next_cursor"] is None
    for query in ("state=asleep", "province=82", "limit=201", "limit=0"):
        assert (await office.get(f"/organisations?{query}")).status_code == 422


@pytest.mark.parametrize(
    ("language", "title"),
    [("tr", "Metinde bir T.C. kimlik numarası var"), ("en", "The text holds a national")],
)
async def test_identity_numbers_in_names_are_refused_precisely(
    office: Api, language: str, title: str
) -> None:
    body = {"kind": "dernek", "legal_name": "Dernek 10000000146", "seat_province": "31"}
    refused = await office.with_key(office.key, language).post("/organisations", body)
    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["field"]) == (
        422,
        "identity_number_in_text",
        "legal_name",
    )
    assert refused.headers["content-type"].startswith("application/problem+json")
    assert refused.headers["content-language"] == language
    assert problem["title"].startswith(title)
    assert "10000000146" not in refused.text


async def test_shape_errors_name_the_field(office: Api) -> None:
    body = {"kind": "dernek", "legal_name": "Ad", "seat_province": "99", "motto": "x"}
    refused = await office.post("/organisations", body)
    assert refused.status_code == 422
    assert {error["pointer"] for error in refused.json()["errors"]} == {"/seat_province", "/motto"}


async def test_unknown_kinds_and_missing_parents_are_told(office: Api) -> None:
    unknown = await office.post(
        "/organisations", {"kind": "kulüp", "legal_name": "Ad", "seat_province": "31"}
    )
    assert (unknown.json()["code"], unknown.json()["value"]) == ("code_unknown", "kulüp")
    branch = {"kind": "sube", "legal_name": "Hatay Şubesi", "seat_province": "31"}
    assert (await office.post("/organisations", branch)).json()["code"] == "parent_required"
    home = await office.organisation()
    made = await office.post("/organisations", {**branch, "parent_id": home})
    assert (made.status_code, made.json()["parent_id"]) == (201, home)
    nowhere = await office.post(
        "/organisations", {**branch, "parent_id": "0199c2d4-7b1e-7c3a-9a55-2f0c7b3d1e42"}
    )
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "parent_not_possible")


@pytest.mark.parametrize(("path", "count", "first"), [("/provinces", 81, "01"), ("/kinds", 33, "dernek")])
async def test_reference_lists_are_public_and_cacheable(
    office: Api, path: str, count: int, first: str
) -> None:
    answer = await office.client.get(path)
    assert answer.headers["cache-control"] == "public, max-age=3600"
    items = answer.json()["items"]
    assert (len(items), next(iter(items[0].values()))) == (count, first)
    again = await office.client.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_the_index_links_lead_somewhere(office: Api) -> None:
    answer = (await office.client.get("/")).json()
    assert answer["service"] == "registry"
    for path in answer["links"].values():
        assert (await office.get(path)).status_code == 200, path


async def test_the_document_names_every_route_its_scope_and_its_errors(office: Api) -> None:
    document = (await office.client.get("/openapi.json")).json()
    operations = [
        (path, method, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in ("get", "post", "patch", "delete")
    ]
    assert len(operations) == 20
    assert len({operation["operationId"] for _, _, operation in operations}) == 20
    for path, method, operation in operations:
        assert operation["summary"] and operation["description"], path
        is_public = path in ("/", "/provinces", "/kinds")
        assert bool(operation["security"]) != is_public, path
        assert {"500", "503"} <= set(operation["responses"])
        if not is_public:
            assert {"401", "403"} <= set(operation["responses"])
        if method == "post":
            assert any(p["name"] == "Idempotency-Key" for p in operation["parameters"]), path
    keys = document["paths"]["/integrations/{integration_id}/keys"]["post"]["responses"]
    assert "too_many_live_keys" in keys["409"]["description"]


async def test_examples_in_the_document_fit_their_schemas(office: Api) -> None:
    document = (await office.client.get("/openapi.json")).json()
    schemas = document["components"]["schemas"]
    checked = 0
    for name, schema in schemas.items():
        for example in schema.get("examples", []):
            root = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
            Draft202012Validator(root).validate(example)
            checked += 1
    bodies = {name for name in schemas if name.endswith("Body")}
    assert all(schemas[name].get("examples") for name in bodies)
    assert checked >= len(bodies) + 5


async def test_every_code_a_route_may_answer_has_a_page(office: Api) -> None:
    document = (await office.client.get("/openapi.json")).json()
    codes = {
        code
        for item in document["paths"].values()
        for operation in item.values()
        for status, response in operation["responses"].items()
        if status[0] in "45"
        for code in re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", response["description"])
    }
    assert {"too_many_live_keys", "identity_number_in_text", "place_unknown", "not_found"} <= codes
    for code in codes:
        page = await office.client.get(f"/problems/{code.replace('_', '-')}")
        assert page.status_code == 200, code


async def test_a_query_and_a_body_say_each_thing_once(office: Api) -> None:
    refused = await office.get("/organisations?state=active&state=candidate")
    assert (refused.status_code, refused.json()["code"]) == (400, "parameter_twice")
    made = f"/organisations/{await office.organisation()}"
    tag = (await office.get(made)).headers["etag"]
    headers = office.headers(if_match=tag, content_type="application/json")
    double = b'{"seat_province":"31","seat_province":"01"}'
    refused = await office.client.patch(made, content=double, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "name_twice")
    assert (await office.get(made)).headers["etag"] == tag, "nothing was changed"


async def test_a_key_is_asked_for_without_a_body_and_its_page_says_when_it_works(office: Api) -> None:
    _, integration_id = await office.member(await office.organisation(), "pledger")
    keys = f"/integrations/{integration_id}/keys"
    made = await office.client.post(keys, headers=office.headers(idempotency_key="k1"))
    assert (made.status_code, made.json()["mode"]) == (201, "test"), made.text
    page = (await office.get("/problems/key-unknown")).json()
    assert "5 seconds" in page["fix"]["en"] and "5 saniye" in page["fix"]["tr"]


async def test_a_stale_if_match_is_told_the_present_tag_and_an_unreadable_one_its_form(office: Api) -> None:
    made = f"/organisations/{await office.organisation()}"
    tag = (await office.get(made)).headers["etag"]
    body = {"seat_province": "01"}
    stale = await office.patch(made, body, if_match='"99"')
    assert (stale.status_code, stale.headers["etag"]) == (412, tag)
    refused = await office.patch(made, body, if_match=tag.strip('"'))
    assert (refused.status_code, refused.json()["code"]) == (400, "if_match_invalid")
    assert (await office.patch(made, body, if_match=stale.headers["etag"])).status_code == 200
