"""Every error is a problem document in the caller's language; nothing internal ever leaves."""

import base64
import hashlib
import html
import json
import logging
from typing import Any, ClassVar

import httpx
import jsonschema
import pytest

from imece_chassis.access.authenticator import KeyMalformed
from imece_chassis.http.etags import PreconditionFailed
from imece_chassis.http.framework_errors import MethodNotAllowed
from imece_chassis.http.openapi import PROBLEM_SCHEMA
from imece_chassis.http.pages import describe, errors_markdown
from imece_chassis.http.paging import CursorInvalid
from imece_chassis.http.problems import (
    NotFound,
    Problem,
    code_of,
    is_refusal,
    known,
    refusals_in,
    render,
    snake_case,
)
from imece_chassis.ids import uuid7
from tests.http.chassis import edge_app
from tests.http.chassis.edge_app import EdgeService, RoomExceeded

ORDER = str(uuid7())


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The document, checked against the published schema."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    jsonschema.validate(document, PROBLEM_SCHEMA)
    assert (document["status"], document["code"]) == (status, code)
    assert document["type"] == "/problems/" + code.replace("_", "-")
    assert document["request_id"] == response.headers["x-request-id"]
    assert document["instance"] == response.request.url.path
    return document


async def test_unknown_paths_and_methods(service: EdgeService) -> None:
    async with service.client() as client:
        problem(await client.get("/nothing/here"), 404, "not_found")
        problem(await client.get("/orders/"), 404, "not_found")
        refused = await client.put("/orders")
        problem(refused, 405, "method_not_allowed")
        assert refused.headers["allow"] == "GET, HEAD, OPTIONS"
        problem(await client.request("TRACE", "/orders"), 405, "method_not_allowed")


@pytest.mark.parametrize(
    ("raised", "status", "code"),
    [
        (400, 400, "bad_request"),
        (403, 403, "not_allowed"),
        (406, 406, "not_acceptable"),
        (409, 409, "conflict"),
        (418, 400, "bad_request"),
        (500, 500, "internal_error"),
        (503, 503, "service_unavailable"),
        (504, 500, "internal_error"),
    ],
)
async def test_what_the_framework_raises_has_our_codes_and_words(
    service: EdgeService, raised: int, status: int, code: str
) -> None:
    async with service.client() as client:
        answer = await client.get(f"/orders/framework/{raised}")
    assert "foreign words" not in answer.text
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers.get("retry-after") == ("1" if code == "service_unavailable" else None)


@pytest.mark.parametrize("path", [f"/orders/{ORDER}", f"/lean/{ORDER}"])
async def test_a_refusal_of_the_domain_shows_its_facts_in_both_languages(
    service: EdgeService, path: str
) -> None:
    key, _ = service.key()
    body = {"quantity": 120, "label": "x"}
    async with service.client(key) as client:
        english = problem(await client.post(path, json=body), 409, "room_exceeded")
        response = await client.post(path, json=body, headers={"accept-language": "tr"})
        turkish = problem(response, 409, "room_exceeded")
    assert english["title"] == "The order exceeds the room"
    assert english["detail"] == "100 of 120 can still be taken"
    assert turkish["title"] == "Sipariş yeri aşıyor"
    assert turkish["detail"] == "120 istendi, 100 daha alınabilir"
    assert response.headers["content-language"] == "tr"
    assert (english["room"], english["asked"]) == ("100", "120")


SHAPES: list[tuple[dict[str, Any], str, str, str, str]] = [
    ({"label": "x"}, "/quantity", "missing", "is required", "zorunlu"),
    (
        {"quantity": 1, "label": "x", "x": 1},
        "/x",
        "unknown_field",
        "is not a known field",
        "bilinen bir alan değil",
    ),
    ({"quantity": 501, "label": "x"}, "/quantity", "too_large", "must be at most 500", "en çok 500 olmalı"),
    ({"quantity": 0, "label": "x"}, "/quantity", "too_small", "must be at least 1", "en az 1 olmalı"),
    (
        {"quantity": "many", "label": "x"},
        "/quantity",
        "wrong_format",
        "must be a whole number",
        "tam sayı olmalı",
    ),
    ({"quantity": [], "label": "x"}, "/quantity", "wrong_type", "must be a whole number", "tam sayı olmalı"),
    (
        {"quantity": 1, "label": "x" * 11},
        "/label",
        "too_long",
        "must have at most 10 characters",
        "en çok 10 karakter",
    ),
    (
        {"quantity": 1, "label": "x", "lines": [{"code": "ABC"}, {"code": "no"}]},
        "/lines/1/code",
        "wrong_format",
        "must match ^[A-Z]{3}$",
        "^[A-Z]{3}$ kalıbına uymalı",
    ),
]


@pytest.mark.parametrize(("body", "pointer", "code", "english", "turkish"), SHAPES)
@pytest.mark.parametrize("path", ["/orders/", "/lean/"])
async def test_a_wrong_shape_names_field_rule_and_code(
    service: EdgeService, path: str, body: dict[str, Any], pointer: str, code: str, english: str, turkish: str
) -> None:
    key, _ = service.key()
    for language, text in (("en", english), ("tr", turkish)):
        async with service.client(key, language) as client:
            document = problem(await client.post(path + ORDER, json=body), 422, "validation_failed")
        assert document["errors"] == [{"pointer": pointer, "code": code, "detail": text, "in": "body"}]
        assert document["detail"] == f"{pointer}: {text}"


async def test_query_and_path_errors_say_where(service: EdgeService) -> None:
    key, _ = service.key()
    async with service.client(key) as client:
        query = problem(await client.get("/orders?limit=1000"), 422, "validation_failed")
        path = problem(
            await client.post("/orders/7", json={"quantity": 1, "label": "x"}), 422, "validation_failed"
        )
        lean = problem(
            await client.post("/lean/7", json={"quantity": 1, "label": "x"}), 422, "validation_failed"
        )
    assert query["errors"] == [
        {"pointer": "/limit", "code": "too_large", "detail": "must be at most 200", "in": "query"}
    ]
    assert path["errors"] == lean["errors"]
    assert path["errors"][0]["in"] == "path"


@pytest.mark.parametrize("path", [f"/orders/{ORDER}", f"/lean/{ORDER}"])
async def test_unreadable_bodies_and_other_content_types(service: EdgeService, path: str) -> None:
    key, _ = service.key()
    as_json = {"content-type": "application/json; charset=utf-8"}
    async with service.client(key) as client:
        problem(await client.post(path, content=b"{", headers=as_json), 400, "malformed_json")
        problem(await client.post(path, content=b"\xff\xfe", headers=as_json), 400, "malformed_json")
        problem(await client.post(path, content=b"[" * 100_000, headers=as_json), 400, "malformed_json")
        problem(await client.post(path, headers=as_json), 422, "validation_failed")
        refused = await client.post(path, content=b"a=1", headers={"content-type": "text/plain"})
        assert "application/json" in problem(refused, 415, "unsupported_media_type")["accepted"]
        accepted = {"content-type": "application/vnd.orders+json"}
        body = json.dumps({"quantity": 1, "label": "x"}).encode()
        assert (await client.post(path, content=body, headers=accepted)).status_code == 201


@pytest.mark.parametrize("path", ["/orders/broken", "/lean-broken"])
async def test_a_bug_is_a_bare_500_with_the_request_id_and_a_log_line(
    service: EdgeService, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "imece.http"):
        async with service.client() as client:
            response = await (client.post(path) if "lean" in path else client.get(path))
    document = problem(response, 500, "internal_error")
    assert set(document) == {"type", "title", "status", "detail", "code", "instance", "request_id"}
    assert "SELECT" not in response.text and "RuntimeError" not in response.text
    assert [record.getMessage() for record in caplog.records] == ["unexpected_error"]


async def test_too_many_requests_say_how_long_to_wait(service: EdgeService) -> None:
    async with service.client() as client:
        refused = await client.get("/orders/busy")
    problem(refused, 429, "too_many_requests")
    assert refused.headers["retry-after"] == "7"


async def test_errors_of_the_database_door_are_503_with_retry_after(service: EdgeService) -> None:
    from imece_chassis.database import DatabaseUnavailable, OutcomeUnknown

    for error in (DatabaseUnavailable(), OutcomeUnknown()):
        answer = render(error, "en", "r", "/x")
        assert answer.status == 503 and ("retry-after", "1") in answer.headers


async def test_every_problem_has_a_page_with_cause_fix_and_example(service: EdgeService) -> None:
    async with service.client() as client:
        for code, kind in known().items():
            page = await client.get("/problems/" + code.replace("_", "-"))
            assert page.status_code == 200, code
            shown = page.json()
            assert shown == json.loads(json.dumps(describe(kind)))
            for part in ("title", "cause", "fix"):
                assert shown[part]["tr"] and shown[part]["en"], (code, part)
            assert shown["title"]["tr"] != shown["title"]["en"]
        assert "room_exceeded" in known() and "idempotency_key_reused" in known()
        shown = await client.get("/problems/room-exceeded", headers={"accept": "text/html"})
        assert shown.headers["content-type"] == "text/html; charset=utf-8"
        assert "Somebody else was faster." in shown.text and '<html lang="en">' in shown.text
        turkish = await client.get(
            "/problems/room-exceeded", headers={"accept": "text/html", "accept-language": "tr"}
        )
        assert "Ne yapmalı" in turkish.text
        problem(await client.get("/problems/no-such-code"), 404, "not_found")


async def test_a_page_is_styled_leads_back_and_shows_no_placeholder(service: EdgeService) -> None:
    async with service.client() as client:
        for language, back in (("en", "All error codes"), ("tr", "Bütün hata kodları")):
            headers = {"accept": "text/html", "accept-language": language}
            page = await client.get("/problems/unsupported-media-type", headers=headers)
            shown = describe(known()["unsupported_media_type"])
            assert f'<a href="/problems">← {back}</a>' in page.text
            assert (
                "‹" not in page.text and "{" not in page.text.partition("<pre>")[0].partition("</style>")[2]
            )
            example = json.loads(html.unescape(page.text.partition("<pre>")[2].partition("</pre>")[0]))
            assert example["title"] == shown["title"][language]
            assert example["detail"] == shown["cause"][language]
            style = page.text.partition("<style>")[2].partition("</style>")[0]
            digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
            assert f"style-src 'sha256-{digest}'" in page.headers["content-security-policy"]


async def test_a_list_leads_to_every_page(service: EdgeService) -> None:
    async with service.client() as client:
        listed = (await client.get("/problems")).json()["items"]
        assert [each["code"] for each in listed] == list(known())
        page = await client.get("/problems", headers={"accept": "text/html"})
        for each in listed:
            assert f'<a href="{each["type"]}"><code>{each["code"]}</code></a>' in page.text


def test_no_detail_repeats_the_title() -> None:
    refusals: list[BaseException] = [
        NotFound(),
        CursorInvalid(),
        PreconditionFailed(),
        MethodNotAllowed(),
        KeyMalformed(),
    ]
    for refusal in refusals:
        for language in ("en", "tr"):
            document = json.loads(render(refusal, language, "r", "/x").body)
            assert document["detail"].rstrip(".") != document["title"], document["code"]
            assert document["detail"] == describe(type(refusal))["cause"][language]


def test_times_inside_sentences_lists_and_objects_end_in_z() -> None:
    class LineGone(Exception):
        """The line is gone"""

        status = 409
        tr = "Kalem kalmadı"
        detail = "Closed at 2026-02-06T05:00:00+00:00."
        facts: ClassVar = {
            "room": "before 2026-02-06T06:00:00+00:00 and after",
            "rows": [{"until": "2026-02-06T07:00:00+00:00", "others": ("2026-02-06T08:00:00+00:00", 3)}],
        }

    refused = LineGone()
    document = json.loads(render(refused, "en", "r", "/x").body)
    assert document["detail"] == "Closed at 2026-02-06T05:00:00Z."
    assert document["room"] == "before 2026-02-06T06:00:00Z and after"
    assert document["rows"] == [{"until": "2026-02-06T07:00:00Z", "others": ["2026-02-06T08:00:00Z", 3]}]


def test_what_is_to_be_repeated_is_repeated_with_its_key() -> None:
    for code in ("idempotency_key_running", "database_unavailable", "outcome_unknown"):
        fix = describe(known()[code])["fix"]
        assert "same key" in fix["en"] and "new" not in fix["en"], code
        assert "aynı anahtarla" in fix["tr"] and "yeni" not in fix["tr"].replace("yeniden", ""), code


def test_no_refusal_says_state_as_every_success_does() -> None:
    document = json.loads(render(RoomExceeded(state="full", room="1"), "en", "r", "/x").body)
    assert "state" not in document and document["present_state"] == "full"
    for code, kind in known().items():
        assert "state" not in describe(kind)["example"], code


def test_times_of_facts_are_written_as_in_every_answer() -> None:
    refused = RoomExceeded(room="2026-02-06T06:00:00.5+00:00", asked="2026-02-06T09:00:00+03:00")
    for language in ("en", "tr"):
        document = json.loads(render(refused, language, "r", "/x").body)
        assert document["room"] == "2026-02-06T06:00:00.5Z" and document["room"] in document["detail"]
        assert document["asked"] == "2026-02-06T09:00:00+03:00", "an offset that says something stays"


def test_the_errors_document_names_every_class_once_with_its_facts() -> None:
    text = errors_markdown([RoomExceeded, *known().values()])
    assert text.count("\n## room_exceeded\n") >= 1
    assert "Facts: `asked`, `room`" in text
    assert "Somebody else was faster." in text


def test_a_class_gets_its_code_from_its_name() -> None:
    class HTTPBodyTooOdd(Problem):
        """Odd."""

        status = 400
        tr = "Tuhaf"

    assert snake_case("GapExceeded") == "gap_exceeded"
    assert HTTPBodyTooOdd.code == code_of(HTTPBodyTooOdd()) == "http_body_too_odd"
    assert code_of(RoomExceeded(room="1")) == "room_exceeded"


def test_facts_cannot_replace_the_members_of_the_document() -> None:
    answer = render(RoomExceeded(status="200", code="fine", room="1"), "en", "r", "/x")
    document = json.loads(answer.body)
    assert (document["status"], document["code"], document["room"]) == (409, "room_exceeded", "1")


def test_a_template_with_a_missing_fact_still_renders() -> None:
    document = json.loads(render(RoomExceeded(room="1"), "en", "r", "/x").body)
    assert document["detail"] == "1 of {asked} can still be taken"


def test_only_exceptions_with_a_status_and_a_turkish_title_are_refusals() -> None:
    assert is_refusal(RoomExceeded()) and is_refusal(RoomExceeded)
    assert not is_refusal(ValueError()) and not is_refusal(None)
    assert set(refusals_in(edge_app)) == {edge_app.RoomExceeded, edge_app.TooManyRequests}
