"""OpenCrisis: a person of the secretariat opens a crisis; from then on needs and pledges are taken."""

from collections.abc import Mapping
from dataclasses import dataclass

from crisis import events
from crisis.domain.clocks import Timers
from crisis.domain.crises import LIVE_SERIES, CrisisFacts, area_of, crisis_number
from crisis.store import command_log, crises
from crisis.usecases.authority import SECRETARIAT, acting_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class OpenCrisis:
    """`title` by language tag (tr required), `area` p-codes."""

    title: Mapping[str, str]
    hazard: str
    area: tuple[str, ...]
    severity: str
    level: str | None = None
    supporting_provinces: tuple[str, ...] = ()
    glide: tuple[str, ...] = ()
    is_drill: bool = False


async def open_crisis(tx: Transaction, command: OpenCrisis, caller: Caller, tools: Tools) -> CrisisFacts:
    """The opened crisis. Raises RoleMissing, DrillNotAvailable, UnknownPlace."""
    role = acting_role(caller, (SECRETARIAT,))
    area = area_of(command.area, is_drill=command.is_drill)
    now, command_id = tools.clock.now(), tools.new_id()
    ordinal = await crises.next_ordinal(tx, LIVE_SERIES, now.year)
    crisis = CrisisFacts(
        crisis_id=tools.new_id(),
        crisis_no=crisis_number(LIVE_SERIES, now.year, ordinal),
        title=command.title,
        hazard=command.hazard,
        severity=command.severity,
        level=command.level,
        area=area,
        supporting_provinces=area_of(command.supporting_provinces),
        glide=command.glide,
        opened_at=now,
        timers=Timers(),
    )
    await crises.insert(tx, crisis, declared_by=role)
    story = story_of(caller, role, command_id, crisis.crisis_id, crisis.is_drill, now)
    await command_log.record(tx, [audit(story, caller, "open_crisis", "crisis", crisis.crisis_id, (0, 1))])
    await outbox.append(tx, events.crisis_opened(crisis, story))
    return crisis
