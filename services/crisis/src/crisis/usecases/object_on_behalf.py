"""ObjectOnBehalf: an organisation does not stand by what a desk wrote down for it. All of that offer ends.

Rows that wait or are held are taken back, and what is free leaves with the offer: nobody calls it any more.
"""

from dataclasses import dataclass
from uuid import UUID

from crisis import events
from crisis.domain.behalf import must_be_objectable
from crisis.domain.objections import ENDED, OBJECTION, objected
from crisis.domain.offer_ends import closed
from crisis.domain.offers import Offer, OfferState
from crisis.domain.reasons import OBJECT, known_reason
from crisis.store import behalf as behalf_store
from crisis.store import offers
from crisis.usecases.offer_authority import any_own_role
from crisis.usecases.offer_rows import end_rows_in
from crisis.usecases.offer_step import lock, write
from crisis.usecases.tasks import settle_tasks
from crisis.usecases.tools import Tools, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class ObjectOnBehalf:
    """`reason` is a code of domain.reasons.OBJECT."""

    offer_id: UUID
    reason: str


async def object_on_behalf(tx: Transaction, command: ObjectOnBehalf, caller: Caller, tools: Tools) -> Offer:
    """The closed offer; goods on the road go on. Raises NotFound, RoleMissing, NotOnBehalf, ObjectionTooLate,
    ReasonUnknown, OfferNotInState (nothing is left to object to)."""
    locked = await lock(tx, command.offer_id)
    offer, crisis, now = locked.offer, locked.crisis, tools.clock.now()
    role = any_own_role(caller, offer, crisis)
    reason = known_reason(command.reason, OBJECT, "object")
    of_rows = await behalf_store.objectable_until(tx, [line.offer_line_id for line in offer.lines])
    behalf = must_be_objectable(offer.behalf, now, of_rows)
    story = story_of(caller, role, tools.new_id(), crisis.crisis_id, crisis.is_drill, now)
    told = await end_rows_in(tx, offer, ENDED, objected, story, tools)
    if told and offer.state is OfferState.CLOSED:
        after = offer.now_in(OfferState.CLOSED, None, reason=OBJECTION)
    else:
        after = closed(offer, OBJECTION)
        told.append(events.offer_closed(after, story))
    by = behalf.by_org_id
    await write(tx, offer, after, "object_on_behalf", caller, story, told, reason=reason, counterparty=by)
    await settle_tasks(
        tx,
        subject_type=offers.SUBJECT,
        subject_id=after.offer_id,
        outcome="offer_withdrawn",
        story=story,
        tools=tools,
    )
    return after
