"""Needs: what is missing at one place, from a private draft to its end.

A need takes pledges only after somebody of another organisation verified it, a life-saving one of an
accredited asker at once. Every state it can wait in has a clock.
"""

from .delegating import delegated, taken_back
from .ending import closed, expired, is_met, met, reminded, reopened, swept
from .handling import Handling, HandlingSaid, Intake, Visibility
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
from .living import (
    confirmed,
    gone_stale,
    handled_anew,
    held_back,
    looked_at_again,
    nothing_coming,
    relocated,
    resumed,
)
from .need import Delegation, LineRequest, Need, NeedClock, NeedLine, Statement
from .states import CLOSE_MET, SWEEP_TEXT, TEXT_KEPT, WAITING, CloseReason, NeedState, NeedTimer
from .stating import drafted, edited, line_of, lines_of, stated, submitted, verify_clock
from .texts import Masked, without_personal_data

__all__ = [
    "CLOSE_MET",
    "SWEEP_TEXT",
    "TEXT_KEPT",
    "WAITING",
    "CloseReason",
    "Delegation",
    "Handling",
    "HandlingSaid",
    "Intake",
    "LineRequest",
    "Masked",
    "Need",
    "NeedClock",
    "NeedLine",
    "NeedState",
    "NeedTimer",
    "Statement",
    "Visibility",
    "appeal_granted",
    "appeal_upheld",
    "appealed",
    "closed",
    "confirmed",
    "delegated",
    "drafted",
    "edited",
    "expired",
    "goes_first",
    "gone_stale",
    "handled_anew",
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
    "taken_back",
    "verified",
    "verify_clock",
    "without_personal_data",
]
