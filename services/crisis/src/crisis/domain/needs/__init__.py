"""Needs: what is missing at one place, from a private draft to its end.

A need takes pledges only after somebody of another organisation verified it, a life-saving one of an
accredited asker at once. Every state it can wait in has a clock.
"""

from .ending import attempts_that_count, closed, expired, is_met, met, reminded, reopened, swept
from .judging import (
    appeal_granted,
    appeal_upheld,
    appealed,
    goes_first,
    must_be_rejectable,
    must_be_verifiable,
    opened,
    rejected,
    returned,
    verified,
)
from .living import confirmed, gone_stale, held_back, looked_at_again, nothing_coming, relocated, resumed
from .need import LineRequest, Need, NeedClock, NeedLine, Statement
from .states import CLOSE_MET, SWEEP_TEXT, TEXT_KEPT, WAITING, CloseReason, NeedState, NeedTimer
from .stating import drafted, edited, line_of, lines_of, stated, submitted, verify_clock
from .texts import Masked, without_personal_data

__all__ = [
    "CLOSE_MET",
    "SWEEP_TEXT",
    "TEXT_KEPT",
    "WAITING",
    "CloseReason",
    "LineRequest",
    "Masked",
    "Need",
    "NeedClock",
    "NeedLine",
    "NeedState",
    "NeedTimer",
    "Statement",
    "appeal_granted",
    "appeal_upheld",
    "appealed",
    "attempts_that_count",
    "closed",
    "confirmed",
    "drafted",
    "edited",
    "expired",
    "goes_first",
    "gone_stale",
    "held_back",
    "is_met",
    "line_of",
    "lines_of",
    "looked_at_again",
    "met",
    "must_be_rejectable",
    "must_be_verifiable",
    "nothing_coming",
    "opened",
    "rejected",
    "relocated",
    "reminded",
    "reopened",
    "resumed",
    "returned",
    "stated",
    "submitted",
    "swept",
    "verified",
    "verify_clock",
    "without_personal_data",
]
