"""Ids that organisations make themselves order lists beside the ids made here."""

from datetime import timedelta
from uuid import UUID

MOST_AHEAD = timedelta(minutes=5)
"""How far the clock of whoever makes an id may be ahead of the one here."""


def is_in_order(own: UUID, made_here: UUID) -> bool:
    """Whether an id is a UUIDv7 that says no time later than one `made_here` at this moment, but for clocks
    that differ."""
    ahead = timedelta(milliseconds=_milliseconds(own) - _milliseconds(made_here))
    return own.version == 7 and ahead <= MOST_AHEAD


def _milliseconds(minted: UUID) -> int:
    """What a UUIDv7 begins with: the milliseconds since 1970 at which it was minted."""
    return minted.int >> 80
