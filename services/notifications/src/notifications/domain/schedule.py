"""When to try again: fixed gaps per channel, a little jitter, and the receiver's wish for longer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from notifications.domain.kinds import Channel

JITTER_SHARE = 0.1
MAX_RETRY_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Schedule:
    """`gaps[n]` is the wait before attempt n+1; the length is the number of attempts."""

    gaps: tuple[timedelta, ...]

    @property
    def attempts(self) -> int:
        return len(self.gaps)


_S, _M, _H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

# Standard Webhooks 1.0: ten attempts over about 75.6 h
WEBHOOK = Schedule((0 * _S, 5 * _S, 5 * _M, 30 * _M, 2 * _H, 5 * _H, 10 * _H, 14 * _H, 20 * _H, 24 * _H))
# One try, one retry at once, then every five minutes: 48 retries in about four hours
MAIL = Schedule((0 * _S, 0 * _S, *(47 * (5 * _M,))))
# Written with the notice itself
INBOX = Schedule((0 * _S,))

SCHEDULES: dict[Channel, Schedule] = {Channel.WEBHOOK: WEBHOOK, Channel.MAIL: MAIL, Channel.INBOX: INBOX}


def next_due(
    schedule: Schedule, tried: int, now: datetime, *, jitter: float, retry_after: timedelta | None = None
) -> datetime | None:
    """Time of the attempt after `tried` ones, or None when they ran out.

    `jitter` lies in [-1, 1] and moves a gap by up to ten percent; `retry_after` only makes the wait longer.
    """
    if tried >= schedule.attempts:
        return None
    gap = schedule.gaps[tried] * (1 + JITTER_SHARE * max(-1.0, min(1.0, jitter)))
    if retry_after is not None:
        gap = max(gap, min(retry_after, MAX_RETRY_AFTER))
    return now + gap
