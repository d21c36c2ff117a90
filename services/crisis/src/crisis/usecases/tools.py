"""What every command is given from outside: the time, new ids, and the story its events tell."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crisis.events import Story
from crisis.store.command_log import Command
from imece_chassis import context
from imece_chassis.access.caller import Caller
from imece_chassis.clock import Clock, SystemClock
from imece_chassis.ids import uuid7


@dataclass(frozen=True, slots=True)
class Tools:
    """A clock and a source of ids; tests pass their own."""

    clock: Clock
    new_id: Callable[[], UUID] = uuid7


def real_tools() -> Tools:
    """The machine's clock and UUIDv7 ids."""
    return Tools(SystemClock())


def story_of(
    caller: Caller, role: str, command_id: UUID, crisis_id: UUID | None, is_drill: bool, at: datetime
) -> Story:
    """The story of a command given over HTTP."""
    return Story(
        command_id=command_id,
        crisis_id=crisis_id,
        is_drill=is_drill,
        actor_org_id=caller.organisation_id,
        actor_role=role,
        at=at,
        traceparent=context.traceparent(),
    )


def audit(
    story: Story,
    caller: Caller | None,
    command: str,
    subject_type: str,
    subject_id: UUID,
    versions: tuple[int, int],
    *,
    counterparty: UUID | None = None,
    reason: str | None = None,
    device_at: datetime | None = None,
) -> Command:
    """The audit row of a command; `versions` before and after. Without caller it was the clock.

    `device_at` is the time its sender claims, by the clock of its device.
    """
    return Command(
        command_id=story.command_id,
        command=command,
        crisis_id=story.crisis_id,
        is_drill=story.is_drill,
        subject_type=subject_type,
        subject_id=subject_id,
        actor_org_id=story.actor_org_id,
        actor_key_id=caller.key_id if caller else None,
        actor_role=story.actor_role,
        counterparty_org_id=counterparty,
        reason=reason,
        before_version=versions[0],
        after_version=versions[1],
        at=story.at,
        device_at=device_at,
    )
