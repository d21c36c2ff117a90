"""What two keys can do together, by the action's name: the executor, and who may turn the second key."""

from collections.abc import Mapping

from crisis.usecases import close_crisis, correct_record, reject_need, set_over_cap
from crisis.usecases.authority import SECRETARIAT, VERIFIERS
from crisis.usecases.two_keys import Executor

ACTIONS: Mapping[str, Executor] = {
    close_crisis.REOPEN: close_crisis.reopen_crisis,
    reject_need.ACTION: reject_need.reject_with_second_key,
    set_over_cap.ACTION: set_over_cap.set_over_cap,
    correct_record.ACTION: correct_record.correct_record,
}
"""Run in the transaction of the second key."""

VOIDED: Mapping[str, Executor] = {}
"""What follows a refusal, for actions that already had an effect with the first key alone."""

ROLES: Mapping[str, tuple[str, ...]] = {reject_need.ACTION: VERIFIERS}
"""Who may turn the second key; an action that is not named needs the secretariat."""


def second_roles(action: str) -> tuple[str, ...]:
    """The roles that may turn the second key."""
    return ROLES.get(action, (SECRETARIAT,))
