"""Clients of the bench read what a server sends, however the network cuts it."""

import asyncio

import pytest

from tests.bench.load import all_of, closed_loop, open_loop
from tests.bench.procfs import Others, family
from tests.bench.sse import Chunks, Event, Events
from tests.bench.wire import Connection, pool, post

STREAM = b'retry: 5\nevent: hello\ndata: {}\n\nid: 7\nevent: change\ndata: {"to":7}\n\n'


def chunked(content: bytes, size: int) -> bytes:
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


@pytest.mark.parametrize("cut", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("size", [1, 5, 1000])
def test_chunks_and_cuts_leave_no_trace_in_events(cut: int, size: int) -> None:
    chunks, events = Chunks(), Events()
    coded = chunked(STREAM, size)
    seen: list[Event] = []
    for at in range(0, len(coded), cut):
        seen += events.feed(chunks.feed(coded[at : at + cut]), 1.5)
    assert seen == [Event("hello", "", b"{}", 1.5), Event("change", "7", b'{"to":7}', 1.5)]


def test_a_body_that_is_not_chunked_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        Chunks().feed(b"event: hello\r\n")


def test_a_request_carries_key_length_and_body() -> None:
    raw = post("/crises/1/pledges", "imc_test_x", b"{}", "k-1")
    head, _, body = raw.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /crises/1/pledges HTTP/1.1\r\n")
    assert b"idempotency-key: k-1" in head
    assert b"content-length: 2" in head
    assert body == b"{}"


class Server(asyncio.Protocol):
    """Answers each request in pieces: 201, or a bulk answer when it says so."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        body = b'{"results":[{"status":201},{"status":409}]}' if b"ndjson" in data else b"{}"
        status = b"207" if b"ndjson" in data else b"201"
        answer = b"HTTP/1.1 %s x\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)
        loop = asyncio.get_running_loop()
        self.transport.write(answer[:20])  # type: ignore[attr-defined]
        loop.call_soon(self.transport.write, answer[20:])  # type: ignore[attr-defined]


async def test_an_answer_in_pieces_is_one_answer_and_a_bulk_counts_its_lines() -> None:
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    async with server:
        connections = await pool("127.0.0.1", server.sockets[0].getsockname()[1], 2)
        assert await connections[0].request(post("/", "k", b"{}", "1")) == (201, b"{}")
        paced = await open_loop(connections, lambda: post("/", "k", b"{}", "1"), per_second=200, seconds=0.05)
        assert paced.accepted == 10
        assert len(paced.latencies) == 10
        each = await all_of(connections, (post("/", "k", b"{}", str(n)) for n in range(7)), good=200)
        assert (each.accepted, each.errors, len(each.latencies)) == (0, 7, 7)
        bulk = post("/", "k", b"{}", "1", "application/x-ndjson")
        flooded = await closed_loop(connections, lambda: bulk, seconds=0.02)
        assert flooded.errors == flooded.accepted > 0
        for connection in connections:
            connection.close()
    with pytest.raises(OSError, match=r".*"):
        await Connection.open("127.0.0.1", 1)


def test_a_process_is_of_its_own_family() -> None:
    import os

    assert os.getpid() in family([os.getppid()])


def test_what_others_do_is_a_share_of_the_machine() -> None:
    assert 0.0 <= Others().share() <= 1.0
