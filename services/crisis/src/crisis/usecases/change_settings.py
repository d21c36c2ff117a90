"""ChangeSettings: timers, limits and views of a crisis get a new version; clocks that run keep their time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from crisis import events
from crisis.domain.crises import CrisisFacts, CrisisState
from crisis.domain.lifecycle import must_be
from crisis.domain.settings import changed
from crisis.store import crises
from crisis.usecases.authority import SECRETARIAT, acting_role
from crisis.usecases.crisis_step import locked, write
from crisis.usecases.tools import Tools, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """Members of the settings document to be replaced; a timer may name some urgencies only."""

    crisis_id: UUID
    members: Mapping[str, Any]


async def change_settings(
    tx: Transaction, command: ChangeSettings, caller: Caller, tools: Tools
) -> CrisisFacts:
    """The crisis with its new settings. Raises NotFound, RoleMissing, CrisisNotInState and what
    `domain.settings.changed` does."""
    role = acting_role(caller, (SECRETARIAT,), crisis_id=command.crisis_id)
    before = await locked(tx, command.crisis_id)
    must_be(before, CrisisState.PROPOSED, CrisisState.OPEN, CrisisState.STOOD_DOWN)
    step = changed(before.timers, before.settings, command.members)
    after = replace(before, timers=step.timers, settings=step.settings, version=before.version + 1)
    await crises.add_settings(tx, after)
    story = story_of(caller, role, tools.new_id(), after.crisis_id, after.is_drill, tools.clock.now())
    told = events.settings_changed(after, step.names, story)
    await write(tx, before, after, told, story, caller, "change_settings", reason=", ".join(step.names))
    return after
