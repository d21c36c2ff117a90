"""ProposeCrisis: somebody reports a hazard; a person of the secretariat must decide.

A known message changes nothing, a report of a known event is attached to its crisis, any other one begins a
proposal. A graver report makes a proposal graver; it never touches a crisis that a person opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from crisis import events
from crisis.domain.clocks import Timers
from crisis.domain.crises import CrisisFacts, CrisisState, CrisisTimer, area_of
from crisis.domain.hazards import (
    UNDECIDED_LIFE,
    Position,
    Report,
    decide_within,
    is_same_event,
    more_severe,
    urgency_of,
)
from crisis.domain.lifecycle import raised
from crisis.domain.masking import without_personal_data
from crisis.domain.tasks import TaskKind
from crisis.events import Story
from crisis.store import command_log, crises, hazards
from crisis.usecases.authority import VERIFIERS, acting_role
from crisis.usecases.crisis_step import clock_of, locked, settle, write
from crisis.usecases.tasks import open_task
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import schedule

PROPOSERS = (*VERIFIERS, "field_reporter", "asker", "pledger")
DECLARED_BY = "report"


class Heard(StrEnum):
    """What became of a report."""

    PROPOSED = "proposed"
    ATTACHED = "attached"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class ProposeCrisis:
    """`source` and `external_id` name the message; without position the first province stands for it."""

    source: str
    external_id: str
    hazard: str
    alert: str
    area: tuple[str, ...]
    observed_at: datetime
    title: Mapping[str, str]
    magnitude: Decimal | None = None
    position: Position | None = None
    external_ids: tuple[str, ...] = ()
    episode: str | None = None


async def propose_crisis(
    tx: Transaction, command: ProposeCrisis, caller: Caller, tools: Tools
) -> tuple[CrisisFacts, Heard]:
    """The crisis the report belongs to, and what became of it. Raises RoleMissing, UnknownPlace."""
    role = acting_role(caller, PROPOSERS, place=command.area[0])
    report = _report(command, caller, tools)
    await hazards.take_turn(tx, report.hazard)
    known = await hazards.crisis_heard_of(tx, report.source, report.external_id)
    if known is not None:
        return await locked(tx, known), Heard.KNOWN
    now = tools.clock.now()
    for crisis_id, other in await hazards.around(tx, report):
        if is_same_event(report, other):
            crisis = await locked(tx, crisis_id)
            story = story_of(caller, role, tools.new_id(), crisis_id, crisis.is_drill, now)
            return await _attach(tx, crisis, report, story, caller, tools), Heard.ATTACHED
    crisis = _proposal(command, report, tools)
    story = story_of(caller, role, tools.new_id(), crisis.crisis_id, crisis.is_drill, now)
    await schedule(tx, clock_of(crisis, CrisisTimer.NO_DECISION, now + UNDECIDED_LIFE))
    await crises.insert(tx, crisis)
    await crises.add_level(tx, crisis, declared_by=DECLARED_BY, declared_at=now)
    await hazards.insert(tx, report, crisis.crisis_id, is_drill=crisis.is_drill)
    logged = audit(story, caller, "propose_crisis", crises.SUBJECT, crisis.crisis_id, (0, 1))
    await command_log.record(tx, [logged])
    decide_by = now + decide_within(crisis.severity)
    await outbox.append(tx, events.crisis_proposed(crisis, report, decide_by, story))
    await _ask(tx, crisis, story, tools)
    return crisis, Heard.PROPOSED


async def _attach(
    tx: Transaction, crisis: CrisisFacts, report: Report, story: Story, caller: Caller, tools: Tools
) -> CrisisFacts:
    await hazards.insert(tx, report, crisis.crisis_id, is_drill=crisis.is_drill)
    severity = more_severe(crisis.severity, report.alert)
    if crisis.state is not CrisisState.PROPOSED or severity == crisis.severity:
        logged = audit(story, caller, "attach_report", "hazard_report", report.report_id, (0, 1))
        await command_log.record(tx, [logged])
        return crisis
    after = raised(crisis, severity)
    await crises.add_level(tx, after, declared_by=DECLARED_BY, declared_at=story.at)
    told = events.level_changed(
        crisis, after, declared_by=DECLARED_BY, declared_at=story.at, source_ref=None, story=story
    )
    await write(tx, crisis, after, told, story, caller, "attach_report")
    await settle(tx, after, "graver_report", (TaskKind.DECIDE_CRISIS,), story, tools)
    await _ask(tx, after, story, tools)
    return after


async def _ask(tx: Transaction, crisis: CrisisFacts, story: Story, tools: Tools) -> None:
    """Put the decision before the desk of the first place; its deputy is called when the time is over."""
    within = decide_within(crisis.severity)
    await open_task(
        tx,
        kind=TaskKind.DECIDE_CRISIS,
        crisis_id=crisis.crisis_id,
        is_drill=crisis.is_drill,
        subject_type=crises.SUBJECT,
        subject_id=crisis.crisis_id,
        place=crisis.area[0],
        item_group=None,
        urgency=urgency_of(crisis.severity),
        due_at=story.at + within,
        story=story,
        tools=tools,
        every=within,
    )


def _report(command: ProposeCrisis, caller: Caller, tools: Tools) -> Report:
    return Report(
        report_id=tools.new_id(),
        source=command.source,
        external_id=command.external_id,
        hazard=command.hazard,
        alert=command.alert,
        area=area_of(command.area),
        observed_at=command.observed_at,
        by_org_id=caller.organisation_id,
        magnitude=command.magnitude,
        position=command.position,
        external_ids=command.external_ids,
        episode=command.episode,
    )


def _proposal(command: ProposeCrisis, report: Report, tools: Tools) -> CrisisFacts:
    return CrisisFacts(
        crisis_id=tools.new_id(),
        crisis_no=None,
        title=without_personal_data(command.title),
        hazard=report.hazard,
        severity=report.alert,
        level=None,
        area=report.area,
        supporting_provinces=(),
        glide=(),
        opened_at=None,
        timers=Timers(),
        state=CrisisState.PROPOSED,
        proposed_at=tools.clock.now(),
        deadline_id=tools.new_id(),
    )
