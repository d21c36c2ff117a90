"""Turning the first of two keys. What is to be done is written down and waits; nothing else changes."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.refusals import KeyPending
from crisis.domain.two_keys import PendingKey
from crisis.events import Story
from crisis.store import command_log, two_keys
from crisis.usecases.tools import Tools, audit
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction

Executor = Callable[[Transaction, PendingKey, Caller, Tools], Awaitable[object]]
"""Does what the first key asked for, for the second key's caller; takes its own locks, checks all again."""

LAPSE = two_keys.LAPSE
"""Kind of the deadline that voids a request."""


async def first_key(  # noqa: PLR0913 - every fact of the request is named where it is opened
    tx: Transaction,
    *,
    action: str,
    subject_type: str,
    subject_id: UUID,
    payload: dict[str, Any],
    crisis_id: UUID,
    is_drill: bool,
    expires_at: datetime,
    caller: Caller,
    story: Story,
    tools: Tools,
    place: str | None = None,
) -> UUID:
    """The id of the request, void at `expires_at`; `place` narrows who may confirm to those entitled there.

    The rights of the first key are the caller's to check. Writes an audit row of its own. Raises KeyPending.
    """
    request = PendingKey(
        two_key_id=tools.new_id(),
        crisis_id=crisis_id,
        is_drill=is_drill,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        place=place,
        payload=payload,
        command_id=story.command_id,
        first_org_id=caller.organisation_id,
        first_key_id=caller.key_id,
        first_role=story.actor_role,
        opened_at=story.at,
        expires_at=expires_at,
        deadline_id=tools.new_id(),
    )
    if not await two_keys.insert(tx, request):
        waiting = await two_keys.pending_on(tx, action, subject_type, subject_id)
        raise KeyPending(
            two_key_id=str(waiting.two_key_id) if waiting else "",
            action=action,
            expires_at=waiting.expires_at.isoformat() if waiting else "",
        )
    own = replace(story, command_id=tools.new_id())
    logged = audit(own, caller, "turn_first_key", two_keys.SUBJECT, request.two_key_id, (0, 1), reason=action)
    await command_log.record(tx, [logged])
    return request.two_key_id
