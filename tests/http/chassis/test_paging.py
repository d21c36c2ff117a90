"""Cursors cannot be forged or carried elsewhere; links lead through a list, no row lost or twice."""

from typing import Any

import httpx
import pytest
from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from starlette.requests import Request

from imece_chassis.http.app import create_app
from imece_chassis.http.callers import public
from imece_chassis.http.etags import check_match, etag, is_not_modified
from imece_chassis.http.paging import MAX_LIMIT, CursorInvalid, Cursors, filters_of, link_header
from imece_chassis.ids import uuid7

cursors = Cursors(SecretStr("secret-of-the-tests"), "orders")
positions = st.lists(
    st.text(max_size=30) | st.integers(-(2**53), 2**53) | st.none() | st.booleans(), max_size=4
)


@given(positions, st.text(max_size=30))
def test_a_cursor_comes_back_as_it_went(position: list[Any], filters: str) -> None:
    cursor = cursors.encode(position, filters)
    assert cursors.decode(cursor, filters) == tuple(position)
    assert cursor.isascii() and not set(cursor) & set("+/=&?# ")


def test_ids_and_times_travel_as_text() -> None:
    row = uuid7()
    assert cursors.decode(cursors.encode(("2026-02-06", row))) == ("2026-02-06", str(row))


@given(st.data())
def test_a_changed_character_makes_it_invalid(data: Any) -> None:
    cursor = cursors.encode(["2026-02-06T06:00:00Z", "0199c2d4-7b1e-7c3a-9a55-2f0c7b3d1e42"])
    at = data.draw(st.integers(0, len(cursor) - 1))
    other = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=ğ"))
    changed = cursor[:at] + other + cursor[at + 1 :]
    if changed != cursor:
        with pytest.raises(CursorInvalid):
            cursors.decode(changed)


@given(st.text(max_size=1200))
def test_no_text_is_a_cursor(text: str) -> None:
    with pytest.raises(CursorInvalid):
        cursors.decode(text)


def test_a_cursor_belongs_to_its_list_its_filters_and_its_secret() -> None:
    cursor = cursors.encode([1], "state=open")
    for elsewhere, filters in (
        (cursors, ""),
        (cursors, "state=closed"),
        (Cursors("secret-of-the-tests", "people"), "state=open"),
        (Cursors(b"another secret", "orders"), "state=open"),
    ):
        with pytest.raises(CursorInvalid):
            elsewhere.decode(cursor, filters)


@pytest.mark.parametrize(("asked", "given_"), [(-1, 1), (0, 1), (50, 50), (10_000, MAX_LIMIT)])
def test_the_page_size_is_bounded(asked: int, given_: int) -> None:
    assert cursors.page(None, asked).limit == given_


def request(url: str, **headers: str) -> Request:
    parsed = httpx.URL("http://test" + url)
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request(
        {
            "type": "http",
            "path": parsed.path,
            "query_string": parsed.query,
            "headers": raw,
            "scheme": "http",
            "server": ("test", 80),
        }
    )


def test_filters_are_the_query_without_paging_in_one_order() -> None:
    assert (
        filters_of(request("/o?b=2&cursor=x&a=1&limit=5")) == filters_of(request("/o?a=1&b=2")) == "a=1&b=2"
    )


def test_links_keep_the_query_and_leave_out_what_is_not_there() -> None:
    header = link_header(
        request("/o?state=a%20b&cursor=old&limit=5"), {"next": "new", "prev": None, "first": ""}
    )
    assert header == '</o?state=a+b&limit=5&cursor=new>; rel="next", </o?state=a+b&limit=5>; rel="first"'


async def test_following_the_links_sees_every_row_once_while_rows_are_written() -> None:
    rows = [(n, f"id-{n}") for n in range(0, 100, 2)]
    router = APIRouter(dependencies=[Depends(public)])

    @router.get("/rows")
    async def listed(request: Request, limit: int = 7, cursor: str | None = None) -> JSONResponse:
        page = cursors.page(cursor, limit)
        after = page.after or (-1, "")
        found = sorted(row for row in rows if row > (after[0], after[1]))[: page.limit + 1]
        more = cursors.encode(found[page.limit - 1]) if len(found) > page.limit else None
        rows.append((1, f"late-{len(rows)}"))  # somebody writes before the place reached
        body = {"items": [row[1] for row in found[: page.limit]], "has_more": more is not None}
        return JSONResponse(body, headers={"link": link_header(request, {"next": more})})

    app = create_app(service="s", title="S", version="1", routers=[router])
    original = {row[1] for row in rows}
    seen: list[str] = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        url = "/rows?limit=7"
        while url:
            response = await client.get(url)
            seen += response.json()["items"]
            url = response.links.get("next", {}).get("url", "")
        refused = await client.get("/rows?cursor=forged")
    assert len(seen) == len(set(seen)) and original <= set(seen)
    assert (refused.status_code, refused.json()["code"]) == (400, "cursor_invalid")


@pytest.mark.parametrize(
    ("header", "refusal"),
    [
        (None, "PreconditionRequired"),
        ('"7"', None),
        ('"6", "7"', None),
        ("*", None),
        ('"6"', "PreconditionFailed"),
        ('W/"7"', "PreconditionFailed"),
        ("7", "IfMatchInvalid"),
        ("", "IfMatchInvalid"),
    ],
)
def test_if_match_decides_whether_a_change_may_go_on(header: str | None, refusal: str | None) -> None:
    asked = request("/o", **({} if header is None else {"if_match": header}))
    if refusal is None:
        check_match(asked, 7)
    else:
        with pytest.raises(Exception, match=r"precondition|if_match") as raised:
            check_match(asked, 7)
        assert type(raised.value).__name__ == refusal


def test_if_match_may_be_optional() -> None:
    check_match(request("/o"), 7, is_required=False)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, False),
        ('"7"', True),
        ('W/"7"', True),
        ('"1", "7"', True),
        ("*", True),
        ('"8"', False),
        ("7", False),
    ],
)
def test_if_none_match_tells_what_the_caller_has(header: str | None, expected: bool) -> None:
    asked = request("/o", **({} if header is None else {"if_none_match": header}))
    assert is_not_modified(asked, 7) is expected
    assert etag(7) == '"7"'
