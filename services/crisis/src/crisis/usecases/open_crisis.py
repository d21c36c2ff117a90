"""OpenCrisis: a person of the secretariat opens a crisis, new or proposed; needs and pledges are taken then.

Opening is idempotent by the crisis' id: what is open already stays as it is and nothing is told again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crisis import events
from crisis.domain.clocks import Timers
from crisis.domain.crises import (
    LIVE_SERIES,
    REVIEW_EVERY,
    CrisisFacts,
    CrisisState,
    CrisisTimer,
    area_of,
    crisis_number,
    local_year,
)
from crisis.domain.lifecycle import corrected, must_be, opened
from crisis.domain.masking import without_personal_data
from crisis.domain.refusals import NotFound
from crisis.domain.tasks import TaskKind
from crisis.store import command_log, crises
from crisis.usecases.authority import SECRETARIAT, acting_role
from crisis.usecases.crisis_step import clock_of, locked, settle, write
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import schedule


@dataclass(frozen=True, slots=True)
class OpenCrisis:
    """`title` by language tag (tr required), `area` p-codes; `crisis_id` is the caller's choice, or None."""

    title: Mapping[str, str]
    hazard: str
    area: tuple[str, ...]
    severity: str
    level: str | None = None
    supporting_provinces: tuple[str, ...] = ()
    glide: tuple[str, ...] = ()
    is_drill: bool = False
    crisis_id: UUID | None = None
    parent_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OpenProposal:
    """What is not given stays as it was proposed."""

    crisis_id: UUID
    title: Mapping[str, str] | None = None
    severity: str | None = None
    level: str | None = None
    area: tuple[str, ...] = ()
    supporting_provinces: tuple[str, ...] = ()
    glide: tuple[str, ...] = ()


async def open_crisis(tx: Transaction, command: OpenCrisis, caller: Caller, tools: Tools) -> CrisisFacts:
    """The crisis of this id, opened if it was not. Raises RoleMissing, DrillNotAvailable, UnknownPlace,
    CrisisNotInState (closed or dismissed), NotFound (unknown parent)."""
    role = acting_role(caller, (SECRETARIAT,))
    area = area_of(command.area, is_drill=command.is_drill)
    supporting = area_of(command.supporting_provinces)
    if command.crisis_id is not None:
        await crises.claim_id(tx, command.crisis_id)
        known = await crises.lock(tx, command.crisis_id)
        if known is not None:
            changes = OpenProposal(
                known.crisis_id,
                command.title,
                command.severity,
                command.level,
                area,
                supporting,
                command.glide,
            )
            return await open_proposal(tx, changes, caller, tools)
    if command.parent_id is not None and await crises.read(tx, command.parent_id) is None:
        raise NotFound(kind="crisis", id=str(command.parent_id))
    now, command_id = tools.clock.now(), tools.new_id()
    crisis = CrisisFacts(
        crisis_id=command.crisis_id or tools.new_id(),
        crisis_no=await _number(tx, now),
        title=without_personal_data(command.title),
        hazard=command.hazard,
        severity=command.severity,
        level=command.level,
        area=area,
        supporting_provinces=supporting,
        glide=command.glide,
        opened_at=now,
        timers=Timers(),
        parent_id=command.parent_id,
        deadline_id=tools.new_id(),
    )
    await schedule(tx, clock_of(crisis, CrisisTimer.REVIEW, now + REVIEW_EVERY))
    await crises.insert(tx, crisis)
    await crises.add_level(tx, crisis, declared_by=role, declared_at=now)
    story = story_of(caller, role, command_id, crisis.crisis_id, crisis.is_drill, now)
    await command_log.record(tx, [audit(story, caller, "open_crisis", "crisis", crisis.crisis_id, (0, 1))])
    await outbox.append(tx, events.crisis_opened(crisis, story))
    return crisis


async def open_proposal(tx: Transaction, command: OpenProposal, caller: Caller, tools: Tools) -> CrisisFacts:
    """The proposed crisis, opened; one that is open already, as it is.

    Raises NotFound, RoleMissing, CrisisNotInState, UnknownPlace.
    """
    role = acting_role(caller, (SECRETARIAT,), crisis_id=command.crisis_id)
    before = await locked(tx, command.crisis_id)
    if before.state is CrisisState.OPEN:
        return before
    must_be(before, CrisisState.PROPOSED)
    known_better = corrected(
        before,
        title=command.title,
        severity=command.severity,
        level=command.level,
        area=area_of(command.area),
        supporting_provinces=area_of(command.supporting_provinces),
        glide=command.glide,
    )
    now = tools.clock.now()
    crisis = opened(known_better, now, await _number(tx, now), tools.new_id())
    story = story_of(caller, role, tools.new_id(), crisis.crisis_id, crisis.is_drill, now)
    await crises.add_level(tx, crisis, declared_by=role, declared_at=now)
    clock = (CrisisTimer.REVIEW, now + REVIEW_EVERY)
    told = events.crisis_opened(crisis, story)
    await write(tx, before, crisis, told, story, caller, "open_crisis", clock=clock)
    await settle(tx, crisis, "opened", (TaskKind.DECIDE_CRISIS,), story, tools)
    return crisis


async def _number(tx: Transaction, now: datetime) -> str:
    year = local_year(now)
    return crisis_number(LIVE_SERIES, year, await crises.next_ordinal(tx, LIVE_SERIES, year))
