"""Every kind of object with its states: what each waits for, or that it is an end.

The service does not start while a state exists that nothing counts or that could wait for ever. A clock
without an effect is as bad as none, so whoever runs the clocks asks for that too.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from . import conditions, orders, release_requests, waivers
from .crises import CRISIS_WAITING, CrisisState
from .imports import IMPORT_WAITING, ImportState
from .needs.states import WAITING as NEED_WAITING
from .needs.states import NeedState
from .offers import OFFER_FINISHED, OFFER_WAITING, OfferState
from .packages import PACKAGE_FINISHED, PACKAGE_WAITING, PackageState
from .states import BUCKETS, FINISHED, WAITING, State, Timer, UnfinishedState
from .tasks import TASK_WAITING, TaskState
from .templates import RECURRING_WAITING, RecurringState
from .two_keys import KEY_WAITING, KeyState

S = TypeVar("S", bound=str)


@dataclass(frozen=True, slots=True)
class Life:
    """States of one kind of object as stored in `table`.

    `waiting` names the deadlines of a state; `ends` are states nobody must act in. `counted` are the states
    with a place in the balances, None where the object carries no quantity.
    """

    table: str
    states: frozenset[str]
    waiting: Mapping[str, tuple[str, ...]]
    ends: frozenset[str]
    counted: frozenset[str] | None = None

    def faults(self, effects: Collection[str] | None) -> Iterable[str]:
        """One sentence per state that is uncounted, silent, or waits for a clock without effect."""
        for state in sorted(self.states):
            if self.counted is not None and state not in self.counted:
                yield f"no bucket is declared for: {self.table} {state}"
            if not self.waiting.get(state) and state not in self.ends:
                yield f"no timer ends the silence of: {self.table} {state}"
            for kind in self.waiting.get(state, ()):
                if effects is not None and kind not in effects and kind not in NOT_YET:
                    yield f"nothing happens when {kind} is due, which {self.table} {state} waits for"


def _life(
    table: str,
    states: Iterable[S],
    waiting: Mapping[S, str] | Mapping[S, tuple[str, ...]],
    ends: Iterable[S],
    counted: Iterable[S] | None = None,
) -> Life:
    return Life(
        table=table,
        states=frozenset(states),
        waiting={state: (one,) if isinstance(one, str) else tuple(one) for state, one in waiting.items()},
        ends=frozenset(ends),
        counted=None if counted is None else frozenset(counted),
    )


NOT_YET = frozenset[str]({Timer.CONFIRM, Timer.RETURN})
"""Clocks of goods on the road: no command leads to a state that waits for them before consignments exist."""

LIVES: tuple[Life, ...] = (
    _life("crises", CrisisState, CRISIS_WAITING, (CrisisState.CLOSED, CrisisState.DISMISSED)),
    _life("needs", NeedState, NEED_WAITING, (NeedState.CLOSED,)),
    _life("offers", OfferState, OFFER_WAITING, OFFER_FINISHED),
    _life("packages", PackageState, PACKAGE_WAITING, PACKAGE_FINISHED),
    _life("allocations", State, WAITING, FINISHED | {State.CONFIRMED}, BUCKETS),
    _life("tasks", TaskState, TASK_WAITING, (TaskState.DONE,)),
    _life("saturation_orders", orders.OrderState, orders.WAITING, (orders.OrderState.LAPSED,)),
    _life(
        "release_requests",
        release_requests.RequestState,
        release_requests.RELEASE_WAITING,
        frozenset(release_requests.RequestState) - {release_requests.RequestState.PENDING},
    ),
    _life(
        "conditions",
        conditions.ConditionState,
        conditions.CONDITION_WAITING,
        frozenset(conditions.ConditionState) - {conditions.ConditionState.OPEN},
    ),
    _life(
        "waivers",
        waivers.WaiverState,
        waivers.WAIVER_WAITING,
        frozenset(waivers.WaiverState) - {waivers.WaiverState.PENDING},
    ),
    _life(
        "recurring_needs",
        RecurringState,
        RECURRING_WAITING,
        frozenset(RecurringState) - {RecurringState.RUNNING},
    ),
    _life("imports", ImportState, IMPORT_WAITING, (ImportState.SWEPT,)),
    _life("two_keys", KeyState, KEY_WAITING, frozenset(KeyState) - {KeyState.PENDING}),
)


def refuse_unfinished_lives(lives: Iterable[Life] = LIVES, effects: Collection[str] | None = None) -> None:
    """Raise UnfinishedState naming every fault; `effects` are the kinds of deadlines something follows."""
    faults = [fault for life in lives for fault in life.faults(effects)]
    if faults:
        raise UnfinishedState("; ".join(faults))
