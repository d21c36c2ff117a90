"""What all commands on a package have in common. It belongs to no crisis and is locked before any offer."""

from uuid import UUID

from crisis.domain.packages import Package
from crisis.domain.refusals import NotFound, RoleMissing
from crisis.events import Story
from crisis.store import command_log, packages
from crisis.usecases.authority import DESKS, PLEDGERS
from crisis.usecases.tools import audit
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_contracts.envelope import Envelope


async def seen(tx: Transaction, package_id: UUID, caller: Caller, *, is_locked: bool = False) -> Package:
    """A package of the caller's organisation, or any for whoever sits at a desk; raises NotFound."""
    found = await packages.read(tx, package_id, is_locked=is_locked)
    if found is None or not may_see(caller, found):
        raise NotFound(kind="package", id=str(package_id))
    return found


def may_see(caller: Caller, package: Package) -> bool:
    """Its organisation, and every desk."""
    return caller.organisation_id == package.org_id or is_at_a_desk(caller)


def is_at_a_desk(caller: Caller) -> bool:
    """Whether the caller holds a desk's role anywhere: enough to be shown what could be called."""
    return any(caller.has_role(role) for role in DESKS)


def owner_role(caller: Caller, package: Package) -> str:
    """`pledger` when the package is the caller's own; raises RoleMissing."""
    if caller.organisation_id == package.org_id:
        for role in PLEDGERS:
            if caller.has_role(role):
                return role
    raise RoleMissing(roles=", ".join(PLEDGERS), place=package.origin)


async def write(
    tx: Transaction,
    before: Package,
    after: Package,
    command: str,
    caller: Caller | None,
    story: Story,
    told: tuple[Envelope, ...] = (),
) -> None:
    """Save the step with its clock, log the command, publish its event."""
    await packages.update(tx, before, after)
    versions = (before.version, after.version)
    logged = audit(story, caller, command, packages.SUBJECT, after.package_id, versions)
    await command_log.record(tx, [logged])
    await outbox.append(tx, *told)
