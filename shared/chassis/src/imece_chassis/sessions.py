"""How sessions are opened: every limit lives in the server, dead peers are found within 15 s on both ends."""

import socket
from typing import Any

import asyncpg

CONNECT_SECONDS = 3.0
KEEPALIVE_IDLE_SECONDS = 5
KEEPALIVE_INTERVAL_SECONDS = 5
KEEPALIVE_PROBES = 2
DEAD_PEER_MS = 15_000
TRANSACTION_TIMEOUT_SINCE = 17
LOCK_MS = 1500
"""Longer than the server's `deadlock_timeout` (1 s unless set otherwise): a deadlock is told from a long
wait, one of the two gives way and runs again, and nobody hears of it."""

# Everything the driver raises when a session cannot be opened or is no longer sound.
CONNECT_ERRORS = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)


def server_settings(application: str, statement_timeout_ms: int) -> dict[str, str]:
    """Session parameters sent with the connection request, so that no statement is needed to set them."""
    return {
        "application_name": application,
        "timezone": "UTC",
        "statement_timeout": str(statement_timeout_ms),
        "lock_timeout": str(LOCK_MS),
        "idle_in_transaction_session_timeout": "5000",
        "tcp_keepalives_idle": str(KEEPALIVE_IDLE_SECONDS),
        "tcp_keepalives_interval": str(KEEPALIVE_INTERVAL_SECONDS),
        "tcp_keepalives_count": str(KEEPALIVE_PROBES),
        "tcp_user_timeout": str(DEAD_PEER_MS),
        "client_connection_check_interval": "1000",
        "jit": "off",  # short statements only: compiling them costs more than running them
    }


async def open_pool(
    url: str, application: str, min_size: int, max_size: int, statement_timeout_ms: int
) -> Any:
    """A pool without a reset query: nothing here ever changes a session after it was opened."""

    async def prepare(connection: Any) -> None:
        watch_peer(connection)
        if connection.get_server_version().major >= TRANSACTION_TIMEOUT_SINCE:
            limit = max(5000, 5 * statement_timeout_ms // 2)
            await connection.execute(f"SET transaction_timeout = {limit:d}")

    return await asyncpg.create_pool(
        url,
        min_size=min_size,
        max_size=max_size,
        init=prepare,
        reset=_nothing_to_reset,
        timeout=CONNECT_SECONDS,
        server_settings=server_settings(application, statement_timeout_ms),
    )


async def open_session(url: str, application: str, statement_timeout_ms: int = 10_000) -> Any:
    """One connection in autocommit mode."""
    connection = await asyncpg.connect(
        url, timeout=CONNECT_SECONDS, server_settings=server_settings(application, statement_timeout_ms)
    )
    watch_peer(connection)
    return connection


def watch_peer(connection: Any) -> None:
    """Let the kernel end the connection when its peer is silently gone: no statement may wait for ever."""
    transport = getattr(connection, "_transport", None)  # the driver offers no public way to its socket
    sock = transport.get_extra_info("socket") if transport is not None else None
    if sock is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (
        ("TCP_KEEPIDLE", KEEPALIVE_IDLE_SECONDS),
        ("TCP_KEEPINTVL", KEEPALIVE_INTERVAL_SECONDS),
        ("TCP_KEEPCNT", KEEPALIVE_PROBES),
        ("TCP_USER_TIMEOUT", DEAD_PEER_MS),
    ):
        if hasattr(socket, option):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


async def _nothing_to_reset(_connection: Any) -> None:
    return
