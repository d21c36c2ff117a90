"""Two keys: what one key asked for happens only when another key, entitled to it, confirms in time.

Silence and a refusal leave everything as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from .refusals import KeyNotPending, SameKey, SecondKeyMissing


class KeyState(StrEnum):
    """What became of a request for a second key."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    LAPSED = "lapsed"


LAPSE = "two_keys.lapse"
KEY_WAITING = {KeyState.PENDING: LAPSE}
"""What ends the silence of a request; every other state is its end."""


@dataclass(frozen=True, slots=True)
class PendingKey:
    """A request with its first key turned. `place` is None where the second key needs the whole country."""

    two_key_id: UUID
    crisis_id: UUID
    is_drill: bool
    action: str
    subject_type: str
    subject_id: UUID
    place: str | None
    payload: Mapping[str, Any]
    command_id: UUID
    first_org_id: UUID
    first_key_id: UUID
    first_role: str
    opened_at: datetime
    expires_at: datetime
    deadline_id: UUID | None
    state: KeyState = KeyState.PENDING
    second_org_id: UUID | None = None
    second_key_id: UUID | None = None
    second_role: str | None = None
    settled_at: datetime | None = None
    reason: str | None = None
    version: int = 1

    def must_be_pending(self, now: datetime) -> None:
        """Raise KeyNotPending, or SecondKeyMissing from the moment the request is void."""
        if self.state is KeyState.LAPSED or (self.state is KeyState.PENDING and self.expires_at <= now):
            raise SecondKeyMissing(expires_at=self.expires_at.isoformat())
        if self.state is not KeyState.PENDING:
            settled_at = self.settled_at.isoformat() if self.settled_at else ""
            raise KeyNotPending(state=self.state.value, since=settled_at)

    def must_wait_for(self, key_id: UUID, now: datetime) -> None:
        """Raise what `must_be_pending` does, and SameKey for the key that asked."""
        self.must_be_pending(now)
        if key_id == self.first_key_id:
            raise SameKey(action=self.action)

    def settled(
        self,
        state: KeyState,
        now: datetime,
        *,
        org_id: UUID | None = None,
        key_id: UUID | None = None,
        role: str | None = None,
        reason: str | None = None,
    ) -> "PendingKey":
        """The request after its end; `org_id`, `key_id` and `role` are the second key's."""
        return replace(
            self,
            state=state,
            deadline_id=None,
            second_org_id=org_id,
            second_key_id=key_id,
            second_role=role,
            settled_at=now,
            reason=reason,
            version=self.version + 1,
        )
