"""What may be read of packages: an organisation its own, a desk what others keep ready now."""

from typing import Any
from uuid import UUID

from crisis.domain.packages import Package
from crisis.store import packages
from crisis.usecases.package_step import is_at_a_desk, seen
from crisis.usecases.tools import Tools
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction

Position = tuple[Any, ...] | None


async def package(tx: Transaction, package_id: UUID, caller: Caller) -> Package:
    """One package; raises NotFound also for those who may not see it."""
    return await seen(tx, package_id, caller)


async def page(
    tx: Transaction,
    caller: Caller,
    *,
    item_code: str | None,
    is_mine: bool,
    after: Position,
    limit: int,
    tools: Tools,
) -> list[Package]:
    """Packages, newest first: at a desk those that are ready now, for others all of their own."""
    is_own = is_mine or not is_at_a_desk(caller)
    return await packages.page(
        tx,
        org_id=caller.organisation_id if is_own else None,
        item_code=item_code,
        now=tools.clock.now(),
        after=None if after is None else UUID(str(after[0])),
        limit=limit,
    )
