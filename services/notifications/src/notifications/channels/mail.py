"""Mail over SMTP: 250 is hand-over, nothing more. A message can be built again byte for byte except its date.

No value can leave its header: texts are cleaned, addresses strict, and the mail library refuses line breaks.
"""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy
from email.utils import format_datetime
from typing import Literal, cast

import aiosmtplib

from notifications.channels.contract import Capabilities
from notifications.channels.links import Links
from notifications.domain.kinds import Channel
from notifications.domain.outcomes import Accepted, Outcome, Permanent, Temporary, Unknown
from notifications.domain.rendering import Subject, locale_of, render
from notifications.domain.work import Job

MAX_BYTES = 100_000
SMTPS_PORT = 465
STEP_SECONDS = 10.0
TOTAL_SECONDS = 45.0
"""Longest conversation; shorter than the lease of an attempt, so no second process sends meanwhile."""


class _OneLine(UnstructuredHeader):
    """A header that stays on one line: some receivers do not find a folded one-click address."""

    def fold(self, *, policy: Policy) -> str:
        name = cast(BaseHeader, self).name
        return f"{name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", cast("type[BaseHeader]", _OneLine))
POLICY = policy.SMTP.clone(cte_type="7bit", max_line_length=78, header_factory=_HEADERS)


Tls = Literal["required", "opportunistic", "none"]


@dataclass(frozen=True, slots=True)
class MailRelay:
    """The server that takes our mails, and how much of a secret the way to it is.

    `required`: nothing leaves before TLS stands (on port 465 from the first byte, else by STARTTLS);
    `opportunistic`: TLS where the server offers it. Credentials never travel without TLS.
    """

    host: str
    port: int
    sender: str
    tls: Tls = "opportunistic"
    user: str = ""
    password: str = field(default="", repr=False)
    tls_context: ssl.SSLContext | None = None

    @property
    def is_tls_from_the_start(self) -> bool:
        return self.tls == "required" and self.port == SMTPS_PORT

    def client(self, timeout: float) -> aiosmtplib.SMTP:
        """A conversation that has not begun."""
        starts_tls = {"required": True, "opportunistic": None, "none": False}[self.tls]
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            timeout=timeout,
            use_tls=self.is_tls_from_the_start,
            start_tls=False if self.is_tls_from_the_start else starts_tls,
            username=self.user or None,
            password=self.password or None,
            tls_context=self.tls_context,
            local_hostname=self.sender.rpartition("@")[2],
        )


class MailChannel:
    """Hands mails to one relay; `unsubscribe_token` makes the token of a contact's list."""

    name = Channel.MAIL

    def __init__(
        self,
        links: Links,
        relay: MailRelay,
        *,
        unsubscribe_token: Callable[[Job], str],
        step_seconds: float = STEP_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._links = links
        self._relay = relay
        self._sender = relay.sender
        self._domain = relay.sender.rpartition("@")[2]
        self._token = unsubscribe_token
        self._step_seconds = step_seconds
        self._total_seconds = total_seconds
        self._now = now

    def capabilities(self) -> Capabilities:
        return Capabilities(max_bytes=MAX_BYTES, has_receipts=False)

    async def send(self, job: Job) -> Outcome:
        """Hand one mail to the relay; each step ends within `step_seconds`, all of them in `total_seconds`.

        Only what is said of the recipient or of the message is final. A relay that refuses us or our sender
        is our own fault and may be put right: the mail stays queued.
        """
        if job.address is None:
            return Permanent("no_address")
        message = self.compose(job)
        client = self._relay.client(self._step_seconds)
        is_about_mail = is_data_sent = False
        try:
            async with asyncio.timeout(self._total_seconds):
                await client.connect()
                await client.mail(self._sender)
                is_about_mail = True
                await client.rcpt(job.address)
                is_data_sent = True
                answer = await client.data(message.as_bytes())
            return Accepted(f"smtp_{answer.code}", message["Message-ID"].strip("<>"))
        except aiosmtplib.SMTPResponseException as error:
            code = f"smtp_{error.code}"
            return Permanent(code) if is_about_mail and 500 <= error.code < 600 else Temporary(code)
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            return Unknown("smtp_answer_lost") if is_data_sent else Temporary("smtp_unreachable")
        finally:
            client.close()

    async def aclose(self) -> None:
        """Nothing is kept between mails."""

    def compose(self, job: Job) -> EmailMessage:
        """The message of a job with an address."""
        assert job.address is not None, "a mail needs an address"
        unsubscribe = self._links.unsubscribe(self._token(job))
        subject = Subject(
            kind=job.kind,
            params=job.params,
            crisis_no=job.crisis_no,
            crisis_title=job.crisis_title,
            is_drill=job.is_drill,
            link=self._links.board(job.crisis_id, job.params.get("need_line_id")),
        )
        rendered = render(subject, job.language, unsubscribe)
        _, locale = locale_of(job.language)
        message = EmailMessage(policy=POLICY)
        message["From"] = Address(locale.phrases.list_name, addr_spec=self._sender)
        message["To"] = Address(addr_spec=job.address)
        message["Subject"] = rendered.subject
        message["Date"] = format_datetime(self._now())
        message["Message-ID"] = f"<{job.delivery_id.hex}@{self._domain}>"
        if references := self._references(job):
            message["References"] = references
        message["Auto-Submitted"] = "auto-generated"
        message["List-Id"] = f"{locale.phrases.list_name} <bildirim.{self._domain}>"
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(rendered.text, charset="utf-8", cte="quoted-printable")
        message.add_alternative(rendered.html, subtype="html", charset="utf-8", cte="quoted-printable")
        message.set_boundary(f"=_{job.delivery_id.hex}")
        # Content-* headers set before the parts would move into the first of them.
        message["Content-Language"] = rendered.language
        return message

    def _references(self, job: Job) -> str:
        ancestors = [("crisis", job.crisis_id), ("need", job.thread)]
        return " ".join(f"<{kind}.{id_.hex}@{self._domain}>" for kind, id_ in ancestors if id_ is not None)
