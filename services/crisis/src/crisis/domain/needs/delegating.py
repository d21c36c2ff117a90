"""A desk lets the asker answer what is promised for its own need, from the moment it says so until an end.

The desk goes on being asked as well, and is the one called when nobody answers. It ends with the need, and
where the need becomes another one: at another place, or with rows of a merged need on its lines.
"""

from datetime import datetime, timedelta
from uuid import UUID

from crisis.domain.refusals import DelegationInvalid, NotDelegated

from .need import Delegation, Need
from .states import NeedState

LONGEST_DELEGATION = timedelta(days=30)


def delegated(need: Need, by_org_id: UUID, until: datetime, now: datetime) -> Need:
    """The asker may answer until then; one given before is replaced.

    Raises NeedNotInState, NeedClosed, SameParty when the desk is the asker's own, DelegationInvalid.
    """
    need.must_be(NeedState.OPEN, NeedState.ON_HOLD)
    need.must_be_of_another(by_org_id, "delegate")
    latest = now + LONGEST_DELEGATION
    if not now < until <= latest:
        raise DelegationInvalid(until=until.isoformat(), now=now.isoformat(), latest=latest.isoformat())
    return need.noted(delegation=Delegation(until, by_org_id))


def taken_back(need: Need, now: datetime) -> Need:
    """Only desks answer again. Raises NeedNotInState, NeedClosed, NotDelegated."""
    need.must_be(NeedState.OPEN, NeedState.ON_HOLD)
    if need.delegation is None or need.delegation.until <= now:
        raise NotDelegated(need_id=str(need.need_id))
    return need.noted(delegation=None)
