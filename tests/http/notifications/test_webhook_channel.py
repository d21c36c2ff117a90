"""The webhook channel meets strangers: every one of them ends in an outcome, in time, without surprises."""

import asyncio
import datetime as dt
import ipaddress
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from imece_chassis.ids import uuid7
from notifications.channels.resolving import Resolver
from notifications.channels.webhook import WebhookChannel, retry_after, webhook_body
from notifications.domain.kinds import Channel
from notifications.domain.outcomes import Accepted, Outcome, Permanent, Temporary, Unknown
from notifications.domain.targets import Address, OutboundPolicy
from notifications.domain.work import Job
from tests.notifying.certificates import certificate, serving, trusting
from tests.notifying.receivers import Behaviour, answer, bomb, drip, drop, flood, hang, receiving
from tests.notifying.service import LINKS, LOCAL, VAULT

NOW = dt.datetime(2026, 2, 6, 4, 17, tzinfo=dt.UTC)
SECRET = VAULT.new_secret()


def job(address: str | None, **changes: Any) -> Job:
    given = Job(
        delivery_id=uuid7(),
        channel=Channel.WEBHOOK,
        contact_ref=uuid7(),
        recipient_id=uuid7(),
        organisation_id=uuid7(),
        number=1,
        tried=1,
        redrives=0,
        event_id=uuid7(),
        kind="allocation.held",
        event_type="crisis.allocation.held",
        notice_class="act_today",
        crisis_id=uuid7(),
        thread=uuid7(),
        sequence=3,
        is_drill=False,
        occurred_at=NOW,
        begun_at=NOW,
        crisis_no="KRZ-2026-0007",
        crisis_title={},
        params={"qty": "200", "item": "Çadır"},
        address=address,
        secrets=(SECRET,),
    )
    return replace(given, **changes)


def resolving(*answers: Sequence[str]) -> Resolver:
    """A name server with an answer for each look-up in turn; the last one stays."""
    waiting = [[ipaddress.ip_address(text) for text in each] for each in answers]

    async def resolve(_host: str, _port: int) -> Sequence[Address]:
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    return resolve


async def no_such_name(_host: str, _port: int) -> Sequence[Address]:
    raise OSError("no such name")


def channel(
    resolver: Resolver = no_such_name, *, policy: OutboundPolicy = LOCAL, **options: Any
) -> WebhookChannel:
    return WebhookChannel(LINKS, policy, resolver, **options)


async def sent(behaviour: Behaviour, *, total_seconds: float = 10.0) -> tuple[Outcome, float]:
    async with receiving(behaviour) as receiver:
        started = time.monotonic()
        outcome = await channel(total_seconds=total_seconds).send(job(receiver.url))
        assert receiver.connections == 1
        return outcome, time.monotonic() - started


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_only_2xx_is_success(status: int) -> None:
    assert (await sent(answer(status)))[0] == Accepted(f"http_{status}")


@pytest.mark.parametrize("status", [300, 304, 400, 401, 404, 418, 500, 503])
async def test_any_other_status_is_a_failure_to_be_retried(status: int) -> None:
    assert (await sent(answer(status)))[0] == Temporary(f"http_{status}")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_a_failure_and_never_followed(status: int) -> None:
    async with receiving(answer(200)) as inside:
        for place in ("http://169.254.169.254/latest/meta-data/", inside.url):
            outcome, _ = await sent(answer(status, f"location: {place}"))
            assert outcome == Temporary(f"http_{status}")
        assert inside.connections == 0


async def test_gone_is_for_ever() -> None:
    assert (await sent(answer(410)))[0] == Permanent("http_410", is_gone=True)


@pytest.mark.parametrize("status", [429, 502, 504])
async def test_an_overloaded_receiver_slows_its_lane(status: int) -> None:
    assert (await sent(answer(status)))[0] == Temporary(f"http_{status}", slow_down=True)


async def test_retry_after_is_read() -> None:
    outcome, _ = await sent(answer(503, "Retry-After: 17"))
    assert outcome == Temporary("http_503", dt.timedelta(seconds=17), slow_down=True)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120), ("0", 0), (" 5 ", 5), ("Fri, 06 Feb 2026 04:18:00 GMT", 60),
        ("Fri, 06 Feb 2020 04:18:00 GMT", 0), ("99999999999999999999", 10**7),
        ("", None), (None, None), ("soon", None), ("-5", None), ("1.5", None),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date_or_nothing(value: str | None, seconds: int | None) -> None:
    wait = retry_after(value, NOW)
    assert (None if wait is None else wait.total_seconds()) == seconds


async def test_a_receiver_that_hangs_ends_at_the_time_limit_as_unknown() -> None:
    outcome, seconds = await sent(hang, total_seconds=0.4)
    assert outcome == Unknown("answer_timeout") and seconds < 2


async def test_a_dripping_header_ends_at_the_time_limit() -> None:
    outcome, seconds = await sent(drip(), total_seconds=0.6)
    assert outcome == Unknown("answer_timeout") and seconds < 2


async def test_a_body_of_a_gigabyte_is_cut_off() -> None:
    async with receiving(flood) as receiver:
        started = time.monotonic()
        assert await channel().send(job(receiver.url)) == Accepted("http_200")
        assert time.monotonic() - started < 3
    assert receiver.bytes_taken < 64 * 1024 * 1024  # what the sockets' buffers swallowed, not a gigabyte


async def test_a_compressed_bomb_is_never_unpacked() -> None:
    outcome, seconds = await sent(bomb)
    assert outcome == Accepted("http_200") and seconds < 3


async def test_a_cut_connection_after_the_request_is_unknown() -> None:
    assert (await sent(drop))[0] == Unknown("answer_lost")


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (b"220 mail.example ESMTP\r\n\r\n", Unknown("answer_lost")),
        (b"", Unknown("answer_lost")),
        (b"\x00\xff" * 50_000, Unknown("answer_lost")),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\ncontent-length: 5\r\n\r\n", Unknown("answer_lost")),
        (b"HTTP/1.1 200 OK\r\nx: " + b"y" * 200_000 + b"\r\n\r\n", Unknown("answer_lost")),
        (b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n", Unknown("answer_lost")),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 50 + b"HTTP/1.1 204 X\r\n\r\n", Accepted("http_204")),
        (b"HTTP/1.0 200 OK\r\n\r\nhello", Accepted("http_200")),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", Accepted("http_200")),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nhello", Accepted("http_200")),
    ],
    ids=range(10),
)
async def test_whatever_bytes_come_back_they_end_in_an_outcome(wire: bytes, expected: Outcome) -> None:
    async def speak(_request: Any, writer: asyncio.StreamWriter, _receiver: Any) -> None:
        writer.write(wire)
        await writer.drain()
        writer.close()

    assert (await sent(speak))[0] == expected


async def test_a_closed_port_is_a_failure_before_anything_was_sent() -> None:
    async with receiving(answer(200)) as receiver:
        url = receiver.url
    assert await channel().send(job(url)) == Temporary("connect_failed")


async def test_a_name_that_does_not_resolve_is_a_failure() -> None:
    assert await channel(policy=OutboundPolicy()).send(job("https://nowhere.example/")) == Temporary(
        "connect_name"
    )


async def test_a_slow_name_server_ends_at_the_time_limit() -> None:
    async def never(_host: str, _port: int) -> Sequence[Address]:
        await asyncio.Event().wait()
        return []

    outcome = await channel(never, total_seconds=0.3).send(job("http://slow.example:9/"))
    assert outcome == Temporary("connect_timeout")


async def test_a_private_answer_is_refused_at_connect_time() -> None:
    async with receiving(answer(200)) as receiver:
        outcome = await channel(resolving(["127.0.0.1"]), policy=OutboundPolicy()).send(
            job("https://rebound.example/")
        )
        assert outcome == Temporary("address_refused")
        assert receiver.connections == 0


async def test_mixed_answers_are_refused_as_a_whole() -> None:
    outcome = await channel(resolving(["8.8.8.8", "10.0.0.1"]), policy=OutboundPolicy()).send(
        job("https://mixed.example/")
    )
    assert outcome == Temporary("address_refused")


class Recorder:
    """A network that connects nowhere and remembers who was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, str | None]] = []

    async def __call__(self, address: Address, port: int, _tls: Any, name: str | None) -> Any:
        self.asked.append((str(address), port, name))
        raise ConnectionRefusedError


async def test_a_second_answer_of_the_name_server_cannot_slip_in() -> None:
    network = Recorder()
    resolver = resolving(["93.184.215.14"], ["169.254.169.254"])
    sending = channel(resolver, policy=OutboundPolicy(), connect=network)
    assert await sending.send(job("https://rebinding.example/")) == Temporary("connect_failed")
    assert network.asked == [("93.184.215.14", 443, "rebinding.example")], (
        "the checked address, not the name, was connected to"
    )
    assert await sending.send(job("https://rebinding.example/")) == Temporary("address_refused")
    assert len(network.asked) == 1


async def test_a_stored_url_that_the_policy_no_longer_permits_is_never_called() -> None:
    for url in ("http://127.0.0.1:9/", "https://127.0.0.1/", "https://user@receiver.example/"):
        assert isinstance(await channel(policy=OutboundPolicy()).send(job(url)), Permanent)


async def test_an_ended_endpoint_is_not_called() -> None:
    assert await channel().send(job(None)) == Permanent("no_endpoint")
    assert await channel().send(job("https://receiver.example/", secrets=())) == Permanent("no_endpoint")


async def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving(answer(200)) as proxy, receiving(answer(202)) as receiver:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        assert await channel().send(job(receiver.url)) == Accepted("http_202")
        assert proxy.connections == 0


async def test_the_signature_verifies_and_a_changed_body_or_old_stamp_does_not() -> None:
    async with receiving(answer(200)) as receiver:
        assert isinstance(await channel().send(job(receiver.url)), Accepted)
        old = WebhookChannel(
            LINKS, LOCAL, no_such_name, now=lambda: dt.datetime.now(dt.UTC) - dt.timedelta(minutes=10)
        )
        await old.send(job(receiver.url))
    fresh, stale = receiver.requests
    body = Webhook(SECRET).verify(fresh.body, fresh.headers)
    assert body["data"]["item"] == "Çadır"
    tampered = fresh.body.replace(b"200", b"900")
    for body, headers in ((tampered, fresh.headers), (stale.body, stale.headers)):
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(body, headers)


def test_the_same_job_always_has_the_same_bytes() -> None:
    given = job("https://receiver.example/")
    assert webhook_body(given, LINKS) == webhook_body(replace(given, number=7), LINKS)


def test_a_body_never_reaches_twenty_kilobytes() -> None:
    body = webhook_body(job("https://receiver.example/", params={"area": ["TUR031"] * 5000}), LINKS)
    assert len(body) < 20_000 and b'"is_shortened":true' in body


async def test_tls_and_host_keep_the_name_while_the_address_is_pinned(tmp_path: Path) -> None:
    file = certificate(tmp_path, "receiver.example")
    server = serving(file)
    names: list[str | None] = []
    server.sni_callback = lambda _socket, name, _context: names.append(name)
    async with receiving(answer(200), tls=server) as receiver:
        sending = channel(resolving(["127.0.0.1"]), ssl_context=trusting(file))
        outcome = await sending.send(job(f"https://receiver.example:{receiver.port}/hook?a=1"))
        assert outcome == Accepted("http_200")
        assert names == ["receiver.example"]
        assert receiver.requests[0].headers["host"] == f"receiver.example:{receiver.port}"
        assert receiver.requests[0].line == "POST /hook?a=1 HTTP/1.1"
        wrong_name = await sending.send(job(f"https://other.example:{receiver.port}/"))
        assert wrong_name == Temporary("tls_failed")
        strict = channel(resolving(["127.0.0.1"]))
        assert await strict.send(job(f"https://receiver.example:{receiver.port}/")) == Temporary("tls_failed")
