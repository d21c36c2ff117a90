"""OpenPackage, VerifyPackage, RetirePackage, and what happens to a package nobody checks."""

from dataclasses import dataclass
from uuid import UUID

from crisis import events
from crisis.domain.offering import OfferLineRequest, stated_line
from crisis.domain.offers import OfferLine
from crisis.domain.packages import Package, PackageState, PackageTimer, retired, stale, verified
from crisis.domain.refusals import RoleMissing
from crisis.events import Story
from crisis.store import command_log, packages
from crisis.usecases.authority import PLEDGERS, SYSTEM
from crisis.usecases.package_step import owner_role, seen, write
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import fire
from imece_reference.places import place

KINDS = tuple(PackageTimer)


@dataclass(frozen=True, slots=True)
class OpenPackage:
    """Goods kept ready at `origin`; `package_id` None has one minted."""

    origin: str
    lines: tuple[OfferLineRequest, ...]
    ready_within_minutes: int | None = None
    has_transport: bool = False
    package_id: UUID | None = None


async def open_package(tx: Transaction, command: OpenPackage, caller: Caller, tools: Tools) -> Package:
    """The package, as good as checked just now. Raises RoleMissing, UnknownPlace and what
    `domain.offering.stated_line` does."""
    if not caller.has_role(PLEDGERS[0]):
        raise RoleMissing(roles=", ".join(PLEDGERS), place=command.origin)
    now = tools.clock.now()
    lines: tuple[OfferLine, ...] = tuple(stated_line(line, tools.new_id(), now) for line in command.lines)
    stated = Package(
        package_id=command.package_id or tools.new_id(),
        is_drill=False,
        org_id=caller.organisation_id,
        origin=place(command.origin).pcode,
        has_transport=command.has_transport,
        ready_within_minutes=command.ready_within_minutes,
        lines=lines,
        state=PackageState.VERIFIED,
        verified_at=now,
        verify_due_at=now,
        clock=None,
    )
    package = verified(stated, now, tools.new_id)
    story = story_of(caller, PLEDGERS[0], tools.new_id(), None, package.is_drill, now)
    await packages.insert(tx, package)
    logged = audit(story, caller, "open_package", packages.SUBJECT, package.package_id, (0, package.version))
    await command_log.record(tx, [logged])
    await outbox.append(tx, events.package_verified(package, story))
    return package


async def verify_package(tx: Transaction, package_id: UUID, caller: Caller, tools: Tools) -> Package:
    """The package, good for another month. Raises NotFound, RoleMissing, PackageRetired, BestBeforePast."""
    before = await seen(tx, package_id, caller, is_locked=True)
    role = owner_role(caller, before)
    after = verified(before, tools.clock.now(), tools.new_id)
    story = story_of(caller, role, tools.new_id(), None, before.is_drill, tools.clock.now())
    told = (events.package_verified(after, story),)
    await write(tx, before, after, "verify_package", caller, story, told)
    return after


async def retire_package(tx: Transaction, package_id: UUID, caller: Caller, tools: Tools) -> Package:
    """The package as given up; offers made of it go on. Raises NotFound, RoleMissing, PackageRetired."""
    before = await seen(tx, package_id, caller, is_locked=True)
    role = owner_role(caller, before)
    after = retired(before)
    story = story_of(caller, role, tools.new_id(), None, before.is_drill, tools.clock.now())
    told = (events.package_stale(after, story),) if after.told > before.told else ()
    await write(tx, before, after, "retire_package", caller, story, told)
    return after


async def end_package_silence(tx: Transaction, deadline_id: UUID, package_id: UUID, tools: Tools) -> bool:
    """Stale when nobody checked, given up after a year more. False when somebody was quicker."""
    before = await packages.read(tx, package_id, is_locked=True)
    if before is None or before.clock is None or before.clock.deadline_id != deadline_id:
        return False
    if not await fire(tx, deadline_id):
        return False
    now = tools.clock.now()
    story = Story(tools.new_id(), None, before.is_drill, None, SYSTEM, now)
    if before.state is PackageState.VERIFIED:
        after = stale(before, now, tools.new_id)
        await write(tx, before, after, "end_package", None, story, (events.package_stale(after, story),))
    else:
        await write(tx, before, retired(before), "end_package", None, story)
    return True
