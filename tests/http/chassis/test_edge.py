"""The one layer around every application: ids, trace, limits, headers, log line and metrics, always."""

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
import uvicorn
from prometheus_client import REGISTRY

from imece_chassis import context
from imece_chassis.http import security
from imece_chassis.http.middleware import BODY_LIMIT_BYTES, Edge
from imece_chassis.ids import uuid7
from tests.http.chassis.edge_app import EdgeService
from tests.waiting import wait_until

ORDER = str(uuid7())
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
EVERY_KIND_OF_ANSWER = (
    ("GET", "/livez"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/openapi.json"),
    ("GET", "/problems/room-exceeded"),
    ("GET", "/stream"),
    ("GET", "/orders"),
    ("PUT", "/orders"),
    ("GET", "/nowhere"),
    ("GET", "/orders/broken"),
    ("POST", f"/lean/{ORDER}"),
    ("POST", "/lean-broken"),
)


@asynccontextmanager
async def served(service: EdgeService) -> AsyncIterator[int]:
    """The application behind a real server on a free port of 127.0.0.1."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(service.app, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await wait_until(lambda: server.started)
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await task
        listening.close()


async def spoken(port: int, *parts: bytes) -> bytes:
    """What the server says to these bytes until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
    except ConnectionError:
        pass  # the server may answer and close before everything is sent
    try:
        return await asyncio.wait_for(reader.read(), 5)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


def around(app: Any) -> httpx.AsyncClient:
    """A client of a bare ASGI application behind the edge."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=Edge(app)), base_url="http://test")


@pytest.mark.parametrize(("method", "path"), EVERY_KIND_OF_ANSWER)
async def test_every_answer_carries_the_header_suite_and_a_request_id(
    service: EdgeService, method: str, path: str
) -> None:
    async with service.client() as client:
        response = await client.request(method, path)
    for name, value in security.HEADERS:
        if name != b"cache-control" or "problems/" not in path:
            assert response.headers[name.decode()] == value.decode(), name
    assert UUID(response.headers["x-request-id"]).version == 7
    assert "server" not in response.headers


async def test_a_route_keeps_the_headers_it_sets_itself() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-security-policy", b"default-src 'self'"), (b"cache-control", b"max-age=5")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=Edge(app)), base_url="http://test"
    ) as client:
        response = await client.get("/page")
    assert response.headers["content-security-policy"] == "default-src 'self'"
    assert response.headers.get_list("cache-control") == ["max-age=5"]
    assert response.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("sent", ["client-request-1", "0199c2d4-7b1e-7c3a-9a55-2f0c7b3d1e42", "A.b_c-1234"])
async def test_a_sane_request_id_is_kept(service: EdgeService, sent: str) -> None:
    async with service.client() as client:
        response = await client.get("/nowhere", headers={"x-request-id": sent})
    assert response.headers["x-request-id"] == response.json()["request_id"] == sent


@pytest.mark.parametrize(
    "sent", ["short", "a" * 65, 'quote"d-id-here', "spaces in the id", "-leading-dash", "é" * 9]
)
async def test_any_other_request_id_is_replaced(service: EdgeService, sent: str) -> None:
    async with service.client() as client:
        response = await client.get("/nowhere", headers={b"x-request-id": sent.encode("latin-1")})
    assert UUID(response.headers["x-request-id"]).version == 7


async def test_the_callers_trace_and_the_request_id_are_bound_while_the_application_works() -> None:
    seen: list[tuple[str | None, str | None]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append((context.request_id(), context.traceparent()))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=Edge(app)), base_url="http://test"
    ) as client:
        await client.get(
            "/", headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-00", "x-request-id": "request-1"}
        )
        await client.get("/", headers={"traceparent": "garbage"})
    assert context.request_id() is None and context.traceparent() is None
    (first_id, first), (second_id, second) = seen
    assert first_id == "request-1" and first is not None and first[3:35] == TRACE
    assert second_id != "request-1"
    assert second is not None and context.is_traceparent(second) and second[3:35] != TRACE


async def test_a_larger_body_is_taken_where_it_is_announced_and_nowhere_else() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    edge = Edge(app, larger_bodies={r"/things/[^/]+/files": 2 * BODY_LIMIT_BYTES})
    asked = (
        ("POST", "/things/1/files", BODY_LIMIT_BYTES + 1, 204),
        ("POST", "/things/1/files", 2 * BODY_LIMIT_BYTES + 1, 413),
        ("PUT", "/things/1/files", BODY_LIMIT_BYTES + 1, 413),
        ("POST", "/things/1/files/2", BODY_LIMIT_BYTES + 1, 413),
        ("POST", "/things/1/2/files", BODY_LIMIT_BYTES + 1, 413),
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=edge), base_url="http://test") as client:
        for method, path, size, status in asked:
            response = await client.request(method, path, content=b"x" * size)
            assert response.status_code == status, (method, path, size)


@pytest.mark.parametrize("path", ["/orders", "/lean"])
async def test_a_body_above_the_limit_is_413_whether_declared_or_chunked(
    service: EdgeService, path: str
) -> None:
    key, _ = service.key()
    large = b'{"quantity": 1, "label": "' + b"x" * BODY_LIMIT_BYTES + b'"}'

    async def in_chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(large), 50_000):
            yield large[at : at + 50_000]

    headers = {"content-type": "application/json"}
    async with service.client(key) as client:
        for content in (large, in_chunks()):
            response = await client.post(f"{path}/{ORDER}", content=content, headers=headers)
            assert response.status_code == 413 and response.json()["code"] == "body_too_large"
            assert response.json()["limit_bytes"] == str(BODY_LIMIT_BYTES)
        fits = b'{"quantity": 1, "label": "x"}'.ljust(BODY_LIMIT_BYTES)
        accepted = await client.post(f"{path}/{ORDER}", content=fits, headers=headers)
        assert accepted.status_code == 201


async def test_over_a_real_connection_a_chunked_flood_is_cut_off(service: EdgeService) -> None:
    key, _ = service.key()
    head = (
        f"POST /lean/{ORDER} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {key}\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    ).encode()
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    async with served(service) as port:
        answer = await spoken(port, head, *[chunk] * 5)
        assert answer.startswith(b"HTTP/1.1 413 ") and b"body_too_large" in answer
        assert b"connection: close" in answer.lower()
        declared = head.replace(b"Transfer-Encoding: chunked", b"Content-Length: 99999999999")
        assert (await spoken(port, declared)).startswith(b"HTTP/1.1 413 ")


async def test_two_framings_of_one_request_are_refused(service: EdgeService) -> None:
    async with served(service) as port:
        answer = await spoken(
            port,
            b"POST /lean-broken HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n"
            b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
        )
    assert b" 200 " not in answer.split(b"\r\n", 1)[0]


async def test_a_stream_passes_through_chunk_by_chunk(service: EdgeService) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/stream",
        "headers": [],
        "query_string": b"",
        "app": None,
    }
    async with asyncio.timeout(5):
        await service.app({**scope, "http_version": "1.1", "root_path": "", "scheme": "http"}, receive, send)
    assert [message.get("body") for message in sent if message.get("body")] == [
        b": hello\n\n",
        b"data: 1\n\n",
    ]


async def test_an_answer_that_breaks_off_half_way_does_not_look_whole(service: EdgeService) -> None:
    async with served(service) as port:
        answer = await spoken(port, b"GET /half HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
    assert b"half of" in answer and not answer.endswith(b"0\r\n\r\n")
    assert b"problem" not in answer


async def test_a_caller_who_leaves_while_sending_is_no_error(
    service: EdgeService, caplog: pytest.LogCaptureFixture
) -> None:
    key, _ = service.key()
    with caplog.at_level(logging.INFO):
        async with served(service) as port:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(
                f"POST /lean/{ORDER} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {key}\r\n"
                "Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{".encode()
            )
            await writer.drain()
            writer.close()
            await wait_until(lambda: [record for record in caplog.records if record.name == "imece.access"])
    (record,) = [record for record in caplog.records if record.name.startswith("imece")]
    assert (record.levelname, vars(record)["fields"]["status"]) == ("INFO", 499)


async def test_the_access_line_has_template_status_and_ids_and_nothing_a_caller_wrote(
    service: EdgeService, caplog: pytest.LogCaptureFixture
) -> None:
    key, caller = service.key()
    with caplog.at_level(logging.INFO, "imece.access"):
        async with service.client(key) as client:
            await client.post(f"/orders/{ORDER}?token=hush", json={"quantity": 1, "label": "x"})
            await client.get("/livez")
    (record,) = caplog.records
    fields = vars(record)["fields"]
    assert record.getMessage() == "http_request"
    assert (fields["method"], fields["route"], fields["status"]) == ("POST", "/orders/{order_id}", 201)
    assert (fields["key_id"], fields["organisation_id"]) == (caller.key_id, caller.organisation_id)
    assert fields["duration_ms"] >= 0
    text = json.dumps(fields, default=str)
    assert key not in text and "hush" not in text and ORDER not in text


def count(route: str, method: str, status_class: str) -> float:
    labels = {"route": route, "method": method, "status_class": status_class}
    return REGISTRY.get_sample_value("http_requests_total", labels) or 0.0


async def test_metrics_count_by_template_and_never_by_path(service: EdgeService) -> None:
    key, _ = service.key()
    expected = [
        ("/orders/{order_id}", "POST", "2xx"),
        ("/lean/{order_id}", "POST", "2xx"),
        ("/stream", "GET", "2xx"),
        ("unmatched", "GET", "4xx"),
        ("unmatched", "OTHER", "4xx"),
        ("/orders", "PUT", "4xx"),
        ("/orders/broken", "GET", "5xx"),
    ]
    before = [count(*each) for each in expected]
    async with service.client(key) as client:
        await client.post(f"/orders/{ORDER}", json={"quantity": 1, "label": "x"})
        await client.post(f"/lean/{ORDER}", json={"quantity": 1, "label": "x"})
        await client.get("/stream")
        await client.get(f"/nowhere/{ORDER}")
        await client.request("BREW", "/nowhere")
        await client.put("/orders")
        await client.get("/orders/broken")
        exposed = (await client.get("/metrics")).text
    assert [count(*each) - at_start for each, at_start in zip(expected, before, strict=True)] == [1.0] * 7
    assert ORDER not in exposed and "BREW" not in exposed


async def test_other_protocols_pass_through_untouched() -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    await Edge(app)({"type": "lifespan"}, None, None)  # type: ignore[arg-type]
    assert seen == ["lifespan"]


async def test_head_is_get_without_a_body(service: EdgeService) -> None:
    key, _ = service.key()
    async with service.client(key) as client:
        for path in (
            "/orders",
            "/orders?limit=900",
            "/nowhere",
            "/livez",
            "/problems/room-exceeded",
            "/stream",
        ):
            got, head = await client.get(path), await client.head(path)
            assert (head.status_code, head.content) == (got.status_code, b""), path
            for name in ("content-type", "content-length"):
                assert head.headers.get(name) == got.headers.get(name), (path, name)
        refused = await client.head("/lean-broken")
        assert (refused.status_code, refused.content) == (405, b"")


async def test_the_server_goes_on_after_an_answer_to_head(service: EdgeService) -> None:
    asked = b"HEAD /nowhere HTTP/1.1\r\nhost: x\r\n\r\n"
    last = b"HEAD /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    async with served(service) as port:
        said = await spoken(port, asked, last)
    first, second, rest = said.split(b"\r\n\r\n")
    assert first.startswith(b"HTTP/1.1 404 ") and second.startswith(b"HTTP/1.1 200 ") and rest == b""
    assert all(b"content-length: " in head.lower() for head in (first, second))


async def test_a_path_says_which_methods_it_has(service: EdgeService) -> None:
    key, _ = service.key()
    known = {
        "/orders": "GET, HEAD, OPTIONS",
        f"/orders/{ORDER}": "DELETE, OPTIONS, POST",
        f"/lean/{ORDER}": "OPTIONS, POST",
        "/problems/room-exceeded": "GET, HEAD, OPTIONS",
    }
    async with service.client(key) as client:
        for path, methods in known.items():
            asked = await client.options(path)
            assert (asked.status_code, asked.content, asked.headers["allow"]) == (204, b"", methods), path
            refused = await client.put(path)
            assert (refused.status_code, refused.headers["allow"]) == (405, methods), path
        assert (await client.options("/nowhere")).status_code == 404
