"""What a browser may load with a page of the board, and how much it weighs."""

import gzip
import re

import httpx

from tests.boards.lines import Line, opened
from tests.boards.serving import Served
from tests.http.board.page_rows import CRISIS


async def test_pages_carry_the_security_headers(live: Served, client: httpx.AsyncClient) -> None:
    await live.apply(opened(CRISIS))
    answer = await client.get(live.address(CRISIS))
    policy = answer.headers["content-security-policy"]
    for part in ("default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'"):
        assert part in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert " style=" not in answer.text and " onclick=" not in answer.text
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", answer.text)


async def test_static_files_are_named_by_their_content(live: Served, client: httpx.AsyncClient) -> None:
    await live.apply(opened(CRISIS))
    html = (await client.get(live.address(CRISIS))).text
    paths = re.findall(r'(?:src|href)="(/static/[^"]+)"', html)
    assert len(paths) >= 4
    for path in paths:
        answer = await client.get(live.url + path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        for module in re.findall(r'from "\./([^"]+)"', answer.text):
            assert (await client.get(f"{live.url}/static/{module}")).status_code == 200
    assert (await client.get(f"{live.url}/static/board.0000000000.js")).status_code == 404


async def test_a_page_of_a_hundred_rows_stays_within_its_weight(
    live: Served, client: httpx.AsyncClient
) -> None:
    await live.apply(opened(CRISIS), *(Line(CRISIS).open() for _ in range(100)))
    html = await client.get(live.address(CRISIS))
    sizes = {"html": len(gzip.compress(html.content))}
    waiting = re.findall(r'(?:src|href)="(/static/[^"]+)"', html.text)
    seen: set[str] = set()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            file = await client.get(live.url + path)
            waiting += [f"/static/{name}" for name in re.findall(r'from "\./([^"]+)"', file.text)]
            kind = path.rpartition(".")[2]
            sizes[kind] = sizes.get(kind, 0) + len(gzip.compress(file.content))
    assert sizes["html"] <= 24_000
    assert sizes["css"] <= 10_000
    assert sizes["js"] <= 22_000
    assert sum(sizes.values()) <= 60_000
