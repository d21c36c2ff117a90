"""What all commands on an offer have in common: lock in order, take one step, write it, tell it.

Lock order: crisis (shared), the offer's lines by id, the offer. What an offer is for and whose it is never
changes, so that is read without lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from crisis.domain.balances import OfferBalance
from crisis.domain.crises import Crisis
from crisis.domain.offers import Offer
from crisis.domain.refusals import NotFound, OrganisationMayNotAct
from crisis.events import Story
from crisis.store import command_log, crises, offers, organisations
from crisis.usecases.tools import audit
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.together import Together
from imece_contracts.envelope import Envelope


@dataclass(frozen=True, slots=True)
class LockedOffer:
    """An offer with its crisis and the balances of its lines; lines that never opened have none."""

    offer: Offer
    crisis: Crisis
    balances: dict[UUID, OfferBalance]


async def locked_crisis(tx: Transaction, crisis_id: UUID) -> Crisis:
    """The crisis, locked so that it cannot change; raises NotFound."""
    crisis = (await crises.lock_shared(tx, [crisis_id])).get(crisis_id)
    if crisis is None:
        raise NotFound(kind="crisis", id=str(crisis_id))
    return crisis


async def lock(tx: Transaction, offer_id: UUID) -> LockedOffer:
    """Raises NotFound for an unknown offer."""
    crisis_id = await offers.crisis_of(tx, offer_id)
    if crisis_id is None:
        raise NotFound(kind="offer", id=str(offer_id))
    crisis = await locked_crisis(tx, crisis_id)
    current, balances = await offers.lock(tx, offer_id)
    return LockedOffer(current, crisis, balances)


async def write(
    tx: Transaction,
    before: Offer,
    after: Offer,
    command: str,
    caller: Caller | None,
    story: Story,
    told: Sequence[Envelope] = (),
    *,
    reason: str | None = None,
    counterparty: UUID | None = None,
) -> None:
    """Save the step with its clock, log the command, publish its events."""
    await offers.update(tx, before, after)
    logged = audit(
        story,
        caller,
        command,
        offers.SUBJECT,
        after.offer_id,
        (before.version, after.version),
        reason=reason,
        counterparty=counterparty,
    )
    together = Together(tx)
    await command_log.record(together, [logged])
    await outbox.append(together, *told)
    await together.run()


async def must_be_active(tx: Transaction, org_id: UUID) -> None:
    """Raise OrganisationMayNotAct when the registry took the right to act from the organisation."""
    state = await organisations.standing(tx, org_id)
    if state != organisations.ACTIVE:
        raise OrganisationMayNotAct(state=state)
