"""The states of a need, why one is closed, and what ends the silence of each.

A need waits for somebody in every state but closed; a closed one waits while its appeal is undecided.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType


class NeedState(StrEnum):
    """Workflow state of a need; values as stored."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    OPEN = "open"
    ON_HOLD = "on_hold"
    CLOSED = "closed"


class CloseReason(StrEnum):
    """Why a need is closed."""

    MET = "met"
    MET_BY_OTHERS = "met_by_others"
    CANCELLED_BY_ASKER = "cancelled_by_asker"
    DUPLICATE = "duplicate"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_ACTIONABLE = "not_actionable"
    UNREACHABLE = "unreachable"
    EXPIRED = "expired"
    REJECTED = "rejected"
    CRISIS_ENDED = "crisis_ended"


class NeedTimer(StrEnum):
    """What ends the silence of a waiting need: the kind of its deadline."""

    DRAFT = "need.draft"
    VERIFY = "need.verify"
    REMIND = "need.remind"
    RETURNED = "need.returned"
    HEARTBEAT = "need.heartbeat"
    STALE = "need.stale"
    HOLD = "need.hold"
    APPEAL = "need.appeal"


WAITING: Mapping[NeedState, tuple[NeedTimer, ...]] = MappingProxyType(
    {
        NeedState.DRAFT: (NeedTimer.DRAFT,),
        NeedState.SUBMITTED: (NeedTimer.VERIFY,),
        NeedState.RETURNED: (NeedTimer.REMIND, NeedTimer.RETURNED),
        NeedState.OPEN: (NeedTimer.HEARTBEAT, NeedTimer.STALE),
        NeedState.ON_HOLD: (NeedTimer.HOLD,),
        NeedState.CLOSED: (NeedTimer.APPEAL,),
    }
)
"""Which clocks may run in a state; a closed need has one only while its appeal waits."""

CLOSE_MET = "need.close_met"
"""Kind of the deadline, due at once, that looks whether all a need asked for has come."""

SWEEP_TEXT = "need.sweep_text"
"""Kind of the deadline that takes the free text of a need closed long ago away."""

DRAFT_LIFE = timedelta(days=7)
RETURNED_LIFE = timedelta(days=7)
REMIND_AFTER = timedelta(hours=24)
LONGEST_HOLD = timedelta(hours=72)
APPEAL_WITHIN = timedelta(hours=72)
APPEAL_ANSWER = timedelta(hours=24)
REOPEN_WITHIN = timedelta(days=14)
FAST_LANE_CHECK = timedelta(hours=2)
TEXT_KEPT = timedelta(days=180)
STALE_INTERVALS = 3
"""How many heartbeat intervals a stale need is left alone before a desk is asked to look at it."""
ATTEMPT_COUNTS_FOR = timedelta(hours=1)
"""How long a try in one way stands for all others in that way."""
ATTEMPTS_NEEDED = 3
"""How often somebody must have tried to reach the asker before a need is closed as unreachable."""
