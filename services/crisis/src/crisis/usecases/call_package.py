"""CallPackage: a desk calls goods of a standing package; its offer and the call are made in one transaction.

The offer holds what is called and nothing else, and ends with the call. What other offers of the package hold
cannot be called again.
"""

from dataclasses import dataclass
from uuid import UUID

from crisis import events
from crisis.domain.offers import OfferLine
from crisis.domain.packages import Package, must_be_left, offer_from
from crisis.domain.refusals import NotFound, PackageDoesNotFit
from crisis.domain.units import entered
from crisis.store import command_log, ledger, lines, offers, packages
from crisis.usecases.allocation_step import Moved
from crisis.usecases.authority import DESKS, acting_role
from crisis.usecases.call_offer import CallOffer, call_offer
from crisis.usecases.offer_step import locked_crisis, must_be_active
from crisis.usecases.package_step import seen
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class CallPackage:
    """`quantity` as decimal text in `unit`, a unit of the item the need line asks for."""

    package_id: UUID
    need_line_id: UUID
    quantity: str
    unit: str


async def call_package(tx: Transaction, command: CallPackage, caller: Caller, tools: Tools) -> Moved:
    """The call.

    Raises NotFound, RoleMissing, PackageStale, PackageRetired, PackageDoesNotFit, SupplyExceeded,
    BestBeforePast, OrganisationMayNotAct and what `call_offer` does.
    """
    await seen(tx, command.package_id, caller)
    line = (await lines.read(tx, [command.need_line_id])).get(command.need_line_id)
    if line is None:
        raise NotFound(kind="need line", id=str(command.need_line_id))
    role = acting_role(caller, DESKS, place=line.district, crisis_id=line.crisis_id)
    crisis = await locked_crisis(tx, line.crisis_id)
    package = await packages.read(tx, command.package_id, is_locked=True)
    assert package is not None
    given = _given(package, line.item_code)
    quantity, _ = entered(given.item_code, command.quantity, command.unit)
    must_be_left(given, quantity, await packages.promised(tx, package, is_drill=crisis.is_drill))
    await must_be_active(tx, package.org_id)
    story = story_of(caller, role, tools.new_id(), crisis.crisis_id, crisis.is_drill, tools.clock.now())
    offer = offer_from(package, [(given, quantity)], crisis, story.at, tools.new_id, ends_with_call=True)
    (made,) = offer.lines
    await offers.insert(tx, [offer])
    await ledger.post(tx, [], opened_supply={(made.offer_line_id, offer.is_drill): made.qty})
    logged = audit(
        story,
        caller,
        "call_package",
        offers.SUBJECT,
        offer.offer_id,
        (0, offer.version),
        counterparty=package.org_id,
    )
    await command_log.record(tx, [logged])
    await outbox.append(tx, events.offer_opened(offer, story))
    call = CallOffer(line.need_line_id, made.offer_line_id, command.quantity, command.unit)
    return await call_offer(tx, call, caller, tools)


def _given(package: Package, item_code: str) -> OfferLine:
    """The package's line of the item; raises PackageDoesNotFit."""
    for line in package.lines:
        if line.item_code == item_code:
            return line
    held = ", ".join(sorted({line.item_code for line in package.lines}))
    raise PackageDoesNotFit(items=held, needed=item_code)
