"""OpenDesk and ChangeDesk: the secretariat says which organisation hosts which area and item groups."""

from dataclasses import dataclass, replace
from uuid import UUID

from crisis.domain.desks import Desk, DeskLevel
from crisis.domain.refusals import CrisisNotInState, DeskIdTaken, NotFound
from crisis.store import command_log, crises, desks
from crisis.usecases.authority import SECRETARIAT, acting_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Restart, Transaction

SUBJECT = "desk"
LIVING = ("proposed", "open", "stood_down")


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """`crisis_id` None: a standing desk. `desk_id` is the caller's own choice, or None."""

    level: DeskLevel
    area: tuple[str, ...]
    item_groups: tuple[str, ...]
    host_org_id: UUID
    crisis_id: UUID | None = None
    desk_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ChangeDesk:
    """What is None stays."""

    desk_id: UUID
    area: tuple[str, ...] | None = None
    item_groups: tuple[str, ...] | None = None
    host_org_id: UUID | None = None
    is_active: bool | None = None


async def open_desk(tx: Transaction, command: OpenDesk, caller: Caller, tools: Tools) -> Desk:
    """The desk; the same one with the same id is returned as it is.

    Raises RoleMissing, NotFound, CrisisNotInState, UnknownPlace, DeskAreaInvalid, DeskIdTaken.
    """
    role = acting_role(caller, (SECRETARIAT,), crisis_id=command.crisis_id)
    is_drill = False
    if command.crisis_id is not None:
        crisis = (await crises.lock_shared(tx, [command.crisis_id])).get(command.crisis_id)
        if crisis is None:
            raise NotFound(kind="crisis", id=str(command.crisis_id))
        if crisis.state not in LIVING:
            raise CrisisNotInState(state=crisis.state, wanted=", ".join(LIVING))
        is_drill = crisis.is_drill
    desk = Desk(
        desk_id=command.desk_id or tools.new_id(),
        crisis_id=command.crisis_id,
        is_drill=is_drill,
        level=command.level,
        area=tuple(dict.fromkeys(command.area)),
        item_groups=tuple(dict.fromkeys(command.item_groups)),
        host_org_id=command.host_org_id,
    )
    if command.desk_id is not None and (known := await desks.read(tx, command.desk_id)) is not None:
        if replace(known, version=desk.version) != desk:
            raise DeskIdTaken(desk_id=str(desk.desk_id))
        return known
    if not await desks.insert(tx, desk):
        raise Restart
    story = story_of(caller, role, tools.new_id(), desk.crisis_id, is_drill, tools.clock.now())
    await command_log.record(tx, [audit(story, caller, "open_desk", SUBJECT, desk.desk_id, (0, 1))])
    return desk


async def change_desk(tx: Transaction, command: ChangeDesk, caller: Caller, tools: Tools) -> Desk:
    """The changed desk. Raises NotFound, RoleMissing, UnknownPlace, DeskAreaInvalid."""
    desk = await desks.read(tx, command.desk_id, is_locked=True)
    if desk is None:
        raise NotFound(kind="desk", id=str(command.desk_id))
    role = acting_role(caller, (SECRETARIAT,), crisis_id=desk.crisis_id)
    after = desk.changed(
        area=command.area,
        item_groups=command.item_groups,
        host_org_id=command.host_org_id,
        is_active=command.is_active,
    )
    await desks.update(tx, after)
    story = story_of(caller, role, tools.new_id(), desk.crisis_id, desk.is_drill, tools.clock.now())
    versions = (desk.version, after.version)
    await command_log.record(tx, [audit(story, caller, "change_desk", SUBJECT, desk.desk_id, versions)])
    return after
