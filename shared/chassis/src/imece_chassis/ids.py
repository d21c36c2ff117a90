"""Identifiers are UUIDv7 and strictly increase within a process, so they sort by creation and partition by
time.

Layout (RFC 9562 §5.7): 48 bits of Unix milliseconds, 12 bits used as a counter, 62 random bits.
"""

import os
import threading
import time
from collections.abc import Callable
from uuid import UUID

Ids = Callable[[], UUID]

_lock = threading.Lock()
_last = 0  # the 60 ordered bits handed out last: milliseconds and counter


def uuid7() -> UUID:
    """A new UUIDv7, greater than every earlier one of this process even when the wall clock steps back."""
    global _last  # noqa: PLW0603 - one counter per process, under its lock
    random = int.from_bytes(os.urandom(10), "big")
    # The counter starts in the lower half of its 12 bits, so 2,048 ids fit in one millisecond before it
    # borrows.
    fresh = (time.time_ns() // 1_000_000) << 12 | (random >> 62) & 0x7FF
    with _lock:
        _last = fresh if fresh > _last else _last + 1
        ordered = _last
    milliseconds, counter = ordered >> 12, ordered & 0xFFF
    return UUID(int=milliseconds << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | random & (1 << 62) - 1)


NOBODY = UUID(int=0)  # the id nobody has: what a condition is given when no one asks
BEFORE_ALL = NOBODY  # where a list of the oldest begins
BEYOND_ALL = UUID(int=(1 << 128) - 1)  # where a list of the newest begins


def lower_bound(unix_milliseconds: int) -> UUID:
    """The smallest UUIDv7 of that millisecond: a range boundary for tables keyed by such ids."""
    return UUID(int=unix_milliseconds << 80 | 0x7 << 76 | 0b10 << 62)
