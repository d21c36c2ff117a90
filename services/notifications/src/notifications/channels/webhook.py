"""Standard Webhooks 1.0: the exact bytes are signed once per live secret, every attempt carries the same id.

2xx only is success, a redirect is a failure and never followed. The body has ids, quantities and a link.
"""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID

import h11
from standardwebhooks import Webhook

from imece_contracts.envelope import rfc3339
from notifications.channels.contract import Capabilities
from notifications.channels.links import Links
from notifications.channels.pinned import (
    AnswerLost,
    Connect,
    NotReached,
    checked_addresses,
    connect_directly,
    exchange,
    reach,
)
from notifications.channels.resolving import Resolver
from notifications.domain.kinds import Channel
from notifications.domain.outcomes import Accepted, Outcome, Permanent, Temporary, Unknown
from notifications.domain.targets import OutboundPolicy, Target, TargetRefused, parse_target
from notifications.domain.work import Job

MAX_BODY_BYTES = 20_000
TOTAL_SECONDS = 10.0
# After a 2xx the answer's body says nothing: it is read a little so that polite receivers see a clean end.
MAX_READ_BYTES = 64 * 1024
READ_SECONDS = 1.0
SLOW_DOWN = frozenset({429, 502, 504})
USER_AGENT = b"Imece-Webhooks/1.0"


def webhook_id(delivery_id: UUID) -> str:
    """The id receivers use to drop repeats; equal over all attempts and redrives."""
    return f"msg_{delivery_id.hex}"


def webhook_body(job: Job, links: Links) -> bytes:
    """The bytes of one event for one endpoint: always the same for the same job, under 20 kB."""
    core: dict[str, Any] = {
        "event_id": str(job.event_id),
        "crisis_id": str(job.crisis_id) if job.crisis_id else None,
        "crisis_no": job.crisis_no,
        "sequence": job.sequence,
        "is_drill": job.is_drill,
        "link": links.board(job.crisis_id, job.params.get("need_line_id")),
    }
    body = _encode(job, {**job.params, **core})
    return body if len(body) < MAX_BODY_BYTES else _encode(job, {**core, "is_shortened": True})


def _encode(job: Job, data: dict[str, Any]) -> bytes:
    document = {"type": job.event_type, "timestamp": rfc3339(job.occurred_at), "data": data}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def signed_headers(job: Job, body: bytes, now: datetime) -> list[tuple[bytes, bytes]]:
    """Headers of one attempt at `now`; one signature per secret, newest first."""
    message_id, text = webhook_id(job.delivery_id), body.decode()
    signatures = [Webhook(secret).sign(message_id, now, text) for secret in job.secrets]
    return [
        (b"content-type", b"application/json"),
        (b"user-agent", USER_AGENT),
        (b"accept-encoding", b"identity"),
        (b"connection", b"close"),
        (b"webhook-id", message_id.encode()),
        (b"webhook-timestamp", str(int(now.timestamp())).encode()),
        (b"webhook-signature", " ".join(signatures).encode()),
    ]


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """A Retry-After header as a wait: seconds or an HTTP date; None for anything else."""
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:10]), 10**7))
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(at - now, timedelta(0))


def judge(status: int, wait: timedelta | None) -> Outcome:
    """What a status means. The wait is the receiver's Retry-After."""
    code = f"http_{status}"
    if 200 <= status < 300:
        return Accepted(code)
    if status == 410:
        return Permanent(code, is_gone=True)
    return Temporary(code, retry_after=wait, slow_down=status in SLOW_DOWN or wait is not None)


class WebhookChannel:
    """Sends webhooks; `now` gives aware UTC time for the signature."""

    name = Channel.WEBHOOK

    def __init__(
        self,
        links: Links,
        policy: OutboundPolicy,
        resolver: Resolver,
        *,
        ssl_context: ssl.SSLContext | None = None,
        connect: Connect = connect_directly,
        total_seconds: float = TOTAL_SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._links = links
        self._policy = policy
        self._resolver = resolver
        self._ssl = ssl_context or ssl.create_default_context()
        self._connect = connect
        self._total_seconds = total_seconds
        self._now = now

    def capabilities(self) -> Capabilities:
        return Capabilities(max_bytes=MAX_BODY_BYTES, has_receipts=True)

    async def send(self, job: Job) -> Outcome:
        """POST the event once; ends within `total_seconds`."""
        if job.address is None or not job.secrets:
            return Permanent("no_endpoint")
        try:
            target = parse_target(job.address, self._policy)
        except TargetRefused as error:
            return Permanent(error.reason)
        progress = _Progress()
        try:
            async with asyncio.timeout(self._total_seconds):
                return await self._post(target, job, progress)
        except TargetRefused as error:
            return Temporary(error.reason)
        except NotReached as error:
            return Temporary(error.code)
        except AnswerLost:
            return Unknown("answer_lost")
        except TimeoutError:
            return Unknown("answer_timeout") if progress.is_sent else Temporary("connect_timeout")

    async def aclose(self) -> None:
        """Nothing is kept between requests."""

    async def _post(self, target: Target, job: Job, progress: "_Progress") -> Outcome:
        addresses = await checked_addresses(target, self._policy, self._resolver)
        streams = await reach(target, addresses, self._ssl, self._connect)
        progress.is_sent = True
        body = webhook_body(job, self._links)
        headers = signed_headers(job, body, self._now())
        async with exchange(target, streams, headers, body) as (answer, parts):
            wait = retry_after(_header(answer, b"retry-after"), self._now())
            outcome = judge(answer.status_code, wait)
            if isinstance(outcome, Accepted):
                await _read_a_little(parts)
            return outcome


@dataclass
class _Progress:
    """Before its first byte a failure is certain; after it the outcome is unknown."""

    is_sent: bool = False


def _header(answer: h11.Response, name: bytes) -> str | None:
    values = [value for key, value in answer.headers if key == name]
    return values[0].decode("ascii", "replace") if values else None


async def _read_a_little(parts: AsyncIterator[bytes]) -> None:
    received = 0
    with contextlib.suppress(TimeoutError, OSError, h11.ProtocolError):
        async with asyncio.timeout(READ_SECONDS):
            async for part in parts:
                received += len(part)
                if received >= MAX_READ_BYTES:
                    return
