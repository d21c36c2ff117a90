"""What one attempt came to, as every channel reports it. `code` is a short word or number, never content."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Accepted:
    """The other side took the message; `provider_id` is its own name for it."""

    code: str
    provider_id: str | None = None


@dataclass(frozen=True, slots=True)
class Temporary:
    """It did not, and may later. `slow_down`: the whole lane should wait, not this message alone."""

    code: str
    retry_after: timedelta | None = None
    slow_down: bool = False


@dataclass(frozen=True, slots=True)
class Permanent:
    """It never will. `is_gone`: the receiver asked for nothing more, ever."""

    code: str
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """The message was handed over and no answer came: it may have arrived."""

    code: str


Outcome = Accepted | Temporary | Permanent | Unknown


def outcome_name(outcome: Outcome) -> str:
    """accepted, temporary, permanent or unknown: the label stored and counted."""
    return type(outcome).__name__.lower()
