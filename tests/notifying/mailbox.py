"""A mail server on this machine that keeps what it gets, and can refuse, stall or fall silent."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Mailbox:
    """`mail`, `rcpt` and `data` are the answers to come; a `None` for data means no answer at all.

    Answers about sender and recipient come `slow_seconds` late.
    """

    port: int = 0
    mail: str = "250 OK"
    slow_seconds: float = 0.0
    rcpt: str = "250 OK"
    data: str | None = "250 OK queued"
    raw: list[bytes] = field(default_factory=list[bytes])
    recipients: list[str] = field(default_factory=list[str])
    logins: list[str] = field(default_factory=list[str])
    is_encrypted: list[bool] = field(default_factory=list[bool])

    @property
    def mails(self) -> list[EmailMessage]:
        return [BytesParser(EmailMessage, policy=policy.default).parsebytes(raw) for raw in self.raw]  # type: ignore[arg-type]

    async def _late(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self.slow_seconds):
                await asyncio.Event().wait()

    async def handle_MAIL(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._late()
        if self.mail.startswith("250"):
            envelope.mail_from, envelope.mail_options = address, options
        return self.mail

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        await self._late()
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        self.is_encrypted.append(session.ssl is not None)
        self.recipients += envelope.rcpt_tos
        if self.data is None:
            await asyncio.Event().wait()
            raise AssertionError
        return self.data


@asynccontextmanager
async def receiving_mail(
    *,
    tls: ssl.SSLContext | None = None,
    login: tuple[str, str] | None = None,
) -> AsyncIterator[Mailbox]:
    """The server for the length of a block. With `tls` it offers STARTTLS, with `login` it asks for one."""
    mailbox = Mailbox()

    def knows(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: LoginPassword
    ) -> AuthResult:
        is_known = login == (given.login.decode(), given.password.decode())
        mailbox.logins.append(given.login.decode())
        return AuthResult(success=is_known, handled=False)

    protocols: list[SMTP] = []

    def serve() -> SMTP:
        protocols.append(
            SMTP(
                mailbox,
                enable_SMTPUTF8=False,
                loop=asyncio.get_running_loop(),
                tls_context=tls,
                auth_required=login is not None,
                authenticator=knows,
            )
        )
        return protocols[-1]

    server = await asyncio.get_running_loop().create_server(serve, "127.0.0.1", 0)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()
        for protocol in protocols:
            if protocol.transport is not None:
                protocol.transport.abort()  # type: ignore[attr-defined]
            if protocol._handler_coroutine is not None:  # pyright: ignore[reportPrivateUsage]
                protocol._handler_coroutine.cancel()  # pyright: ignore[reportPrivateUsage]
        await asyncio.sleep(0)
