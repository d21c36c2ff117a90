"""The one way a test waits: poll a condition until it holds or a deadline passes.

No test sleeps for a fixed time; a condition that never holds fails with the last value that was seen.
"""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


class NeverHappened(AssertionError):
    """The condition did not hold within its time."""


async def wait_until(
    predicate: Callable[[], T | Awaitable[T]],
    timeout: float = 10,
    interval: float = 0.02,
    message: str | Callable[[], str] = "",
) -> T:
    """First truthy value of `predicate` (plain or async), asked every `interval` s for at most `timeout` s.

    An AssertionError inside the predicate means "not yet". Raises NeverHappened with `message` (text, or a
    function asked only on failure) and the last value or error.
    """
    deadline = time.monotonic() + timeout
    while True:
        seen: object
        try:
            answer = predicate()
            value: T = await answer if inspect.isawaitable(answer) else answer  # pyright: ignore[reportAssignmentType]
            if value:
                return value
            seen = value
        except AssertionError as error:
            seen = error
        if time.monotonic() >= deadline:
            raise NeverHappened(_sentence(message, timeout, seen))
        await asyncio.sleep(interval)


def wait_until_sync(
    predicate: Callable[[], T],
    timeout: float = 10,
    interval: float = 0.02,
    message: str | Callable[[], str] = "",
) -> T:
    """The same for tests and fixtures without an event loop."""
    deadline = time.monotonic() + timeout
    while True:
        seen: object
        try:
            value = predicate()
            if value:
                return value
            seen = value
        except AssertionError as error:
            seen = error
        if time.monotonic() >= deadline:
            raise NeverHappened(_sentence(message, timeout, seen))
        time.sleep(interval)


def _sentence(message: str | Callable[[], str], timeout: float, seen: object) -> str:
    text = message() if callable(message) else message
    return f"{text or 'the condition'}: not within {timeout:g} s; last seen: {seen!r}"
