"""Which driver errors mean a broken connection, a busy server, or a mistake in a statement.

Only the first kind ends the connection. A mistake (wrong argument, constraint) must never look like an
outage, or a consumer would repeat a poisoned record for ever.
"""

import asyncio

import asyncpg

CONFLICTS = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)

_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    ConnectionError,
)

_SQLSTATES_OF_REFUSAL = ("53", "57", "58")  # out of resources, operator intervention, system error
_REFUSALS = (asyncpg.LockNotAvailableError, asyncpg.ReadOnlySQLTransactionError)
_TRANSACTION_TIMEOUT = "25P04"
_TOO_SLOW = ("57014", "25P03", _TRANSACTION_TIMEOUT)  # a statement, a pause between statements, a transaction


def broken_form(error: BaseException) -> str | None:
    """The reason to terminate the connection, a bounded label; None when the session is still sound."""
    if isinstance(error, asyncio.CancelledError):
        return "cancelled"
    if isinstance(error, asyncpg.InternalClientError):
        return "protocol_state"
    if isinstance(error, asyncpg.InterfaceError):
        # Client-side refusals of arguments are InterfaceErrors too, but nothing was sent.
        if isinstance(error, ValueError | TypeError) or "server expects" in str(error):
            return None
        return "interface"
    if isinstance(error, asyncpg.AdminShutdownError | asyncpg.CrashShutdownError):
        return "shutdown"
    if isinstance(error, _LOST):
        return "connection_lost"
    if isinstance(error, asyncpg.PostgresError) and getattr(error, "sqlstate", "") == _TRANSACTION_TIMEOUT:
        return "transaction_timeout"
    return None


def is_refusal_of_service(error: BaseException) -> bool:
    """Whether the server said "not now" (timeout, lock, disk, memory, read-only): nothing changed, try
    later.
    """
    if isinstance(error, _REFUSALS):
        return True
    if isinstance(error, asyncpg.PostgresError):
        sqlstate = str(getattr(error, "sqlstate", ""))
        return sqlstate[:2] in _SQLSTATES_OF_REFUSAL
    return False


def is_held_up(error: BaseException) -> bool:
    """Whether a lock was not given in time: work that needs another one may succeed."""
    return isinstance(error, asyncpg.LockNotAvailableError)


def is_too_slow(error: BaseException) -> bool:
    """Whether a limit of time of the session ended the work; half of it may succeed.

    Where the limit ended the session as well, the driver says "connection closed" and names the limit as the
    cause.
    """
    told = (error, error.__cause__)
    return any(isinstance(e, asyncpg.PostgresError) and getattr(e, "sqlstate", "") in _TOO_SLOW for e in told)
