"""The request id and the W3C trace context of the work being done travel in context variables, never in
arguments.

A traceparent is `00-<32 hex trace id>-<16 hex span id>-<2 hex flags>`; anything else counts as absent.
"""

import os
import re
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")

_request_id: ContextVar[str | None] = ContextVar("imece_request_id", default=None)
_traceparent: ContextVar[str | None] = ContextVar("imece_traceparent", default=None)


def request_id() -> str | None:
    """The id of the request being served, None outside a request."""
    return _request_id.get()


def traceparent() -> str | None:
    """The trace context of the work being done, None when there is none."""
    return _traceparent.get()


def trace_id() -> str | None:
    """The 32 hex digits of the current trace, None when there is none."""
    current = _traceparent.get()
    return current[3:35] if current else None


def is_traceparent(text: str | None) -> bool:
    """Whether `text` is a version 00 traceparent."""
    return text is not None and _TRACEPARENT.fullmatch(text) is not None


def new_traceparent() -> str:
    """The start of a new story: fresh trace and span ids, sampled."""
    return f"00-{os.urandom(16).hex()}-{os.urandom(8).hex()}-01"


def child_traceparent(parent: str | None) -> str:
    """A new span in the story of `parent`; a new story when `parent` is absent or malformed."""
    if parent is None or not is_traceparent(parent):
        return new_traceparent()
    return f"{parent[:36]}{os.urandom(8).hex()}{parent[52:]}"


@contextmanager
def bind(*, request_id: str | None = None, traceparent: str | None = None) -> Generator[None]:
    """Set what is given for the length of the block; what is None keeps its value."""
    tokens = [
        (variable, variable.set(value))
        for variable, value in ((_request_id, request_id), (_traceparent, traceparent))
        if value is not None
    ]
    try:
        yield
    finally:
        for variable, token in reversed(tokens):
            variable.reset(token)
