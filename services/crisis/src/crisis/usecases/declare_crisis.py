"""ChangeLevel, ChangeArea and SetSupportingProvinces: an office declares, the secretariat writes it down.

A declaration of the same level is a review and starts the review clock again.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crisis import events
from crisis.domain.crises import REVIEW_EVERY, CrisisFacts, CrisisTimer, area_of
from crisis.domain.lifecycle import moved, reviewed
from crisis.domain.tasks import TaskKind
from crisis.store import crises
from crisis.usecases.authority import SECRETARIAT, acting_role
from crisis.usecases.crisis_step import locked, settle, write
from crisis.usecases.tools import Tools, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class Declaration:
    """Which office said so, when, and where that can be read; never a person."""

    declared_by: str
    source_ref: str
    declared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChangeLevel:
    """`level` S1–S4 or None; `severity` None stays."""

    crisis_id: UUID
    level: str | None
    severity: str | None
    declaration: Declaration


@dataclass(frozen=True, slots=True)
class ChangeArea:
    """What is None stays; an empty list of supporting provinces is none."""

    crisis_id: UUID
    area: tuple[str, ...] | None
    supporting_provinces: tuple[str, ...] | None
    declaration: Declaration


async def change_level(tx: Transaction, command: ChangeLevel, caller: Caller, tools: Tools) -> CrisisFacts:
    """The crisis as declared. Raises NotFound, RoleMissing, CrisisNotInState."""
    role = acting_role(caller, (SECRETARIAT,), crisis_id=command.crisis_id)
    before = await locked(tx, command.crisis_id)
    now, declared = tools.clock.now(), command.declaration
    after = reviewed(before, command.level, command.severity, tools.new_id())
    story = story_of(caller, role, tools.new_id(), after.crisis_id, after.is_drill, now)
    declared_at = declared.declared_at or now
    await crises.add_level(
        tx,
        after,
        declared_by=declared.declared_by,
        declared_at=declared_at,
        source_ref=declared.source_ref,
    )
    told = events.level_changed(
        before,
        after,
        declared_by=declared.declared_by,
        declared_at=declared_at,
        source_ref=declared.source_ref,
        story=story,
    )
    clock = (CrisisTimer.REVIEW, now + REVIEW_EVERY)
    await write(tx, before, after, told, story, caller, "change_level", clock=clock)
    await settle(tx, after, "reviewed", (TaskKind.LEVEL_REVIEW,), story, tools)
    return after


async def change_area(tx: Transaction, command: ChangeArea, caller: Caller, tools: Tools) -> CrisisFacts:
    """The crisis as declared. Needs outside a smaller area go on. Raises NotFound, RoleMissing,
    CrisisNotInState, UnknownPlace."""
    role = acting_role(caller, (SECRETARIAT,), crisis_id=command.crisis_id)
    before = await locked(tx, command.crisis_id)
    now, declared = tools.clock.now(), command.declaration
    after = moved(
        before,
        None if command.area is None else area_of(command.area),
        None if command.supporting_provinces is None else area_of(command.supporting_provinces),
    )
    story = story_of(caller, role, tools.new_id(), after.crisis_id, after.is_drill, now)
    told = events.area_changed(
        before,
        after,
        declared_by=declared.declared_by,
        declared_at=declared.declared_at or now,
        source_ref=declared.source_ref,
        story=story,
    )
    await write(tx, before, after, told, story, caller, "change_area")
    return after
