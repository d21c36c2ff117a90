"""When the registry suspends an organisation its offers stop, and go on when it is reinstated.

The news is written down at once; then offer after offer follows in a transaction of its own, until none
differs, and a desk is asked about every held row. What a desk suspended stays so, and goods on the road go on
under watch.
"""

from datetime import datetime
from uuid import UUID

from crisis import events
from crisis.domain.offer_ends import resumed, suspended
from crisis.domain.offers import Cause, OfferState
from crisis.events import Story
from crisis.store import doubtful_holds, offer_lists, organisations
from crisis.usecases.authority import SYSTEM
from crisis.usecases.doubtful_holds import ask_about, settle_question
from crisis.usecases.offer_rows import wake_waiting_rows
from crisis.usecases.offer_step import lock, write
from crisis.usecases.pool_offers import look_with_offer
from crisis.usecases.suspend_offer import ask_for_review, settle_review
from crisis.usecases.tools import Tools
from imece_chassis.database import Database, Transaction
from imece_chassis.deadlines import Deadline, fire, schedule_once

SUBJECT = "organisation"
FOLLOW = "organisation.standing"


async def take_in(tx: Transaction, org_id: UUID, sequence: int, state: str, tools: Tools) -> None:
    """Write down what the registry says; if it changes what the organisation may do, its offers follow."""
    if await organisations.set_standing(tx, org_id, sequence, state):
        now = tools.clock.now()
        await schedule_once(tx, Deadline(tools.new_id(), SUBJECT, org_id, FOLLOW, now))


async def follow_standing(
    database: Database, deadline_id: UUID, org_id: UUID, since: datetime, tools: Tools
) -> None:
    """Let every offer and hold of the organisation follow its standing, which changed at `since`.

    The deadline is settled when none is behind.
    """
    while True:
        for task_id in await database.snapshot(lambda tx: doubtful_holds.questions(tx, org_id)):
            await database.unit_of_work(lambda tx, one=task_id: settle_question(tx, one, tools))
        behind = await database.snapshot(
            lambda tx: offer_lists.behind_standing(tx, org_id, tools.clock.now())
        )
        for offer_id in behind:
            await database.unit_of_work(lambda tx, one=offer_id: _follow(tx, one, tools))
        unasked = await database.snapshot(lambda tx: doubtful_holds.unasked(tx, org_id, since))
        for hold in unasked:
            await database.unit_of_work(lambda tx, one=hold: ask_about(tx, org_id, one, tools))
        if (
            not behind
            and not unasked
            and await database.unit_of_work(lambda tx: _settled(tx, deadline_id, org_id, since, tools))
        ):
            return


async def _settled(tx: Transaction, deadline_id: UUID, org_id: UUID, since: datetime, tools: Tools) -> bool:
    """Whether nothing is behind any more; then the deadline has fired."""
    await organisations.standing(tx, org_id)
    if await offer_lists.behind_standing(tx, org_id, tools.clock.now()):
        return False
    if await doubtful_holds.unasked(tx, org_id, since):
        return False
    await fire(tx, deadline_id)
    return True


async def _follow(tx: Transaction, offer_id: UUID, tools: Tools) -> None:
    locked = await lock(tx, offer_id)
    offer, now = locked.offer, tools.clock.now()
    state = await organisations.standing(tx, offer.org_id)
    story = Story(tools.new_id(), offer.crisis_id, offer.is_drill, None, SYSTEM, now)
    if state != organisations.ACTIVE and offer.state is OfferState.OPEN:
        after = suspended(offer, Cause.ORGANISATION, state, now, tools.new_id)
        await ask_for_review(tx, after, locked.crisis, story, tools)
        told = [events.offer_suspended(after, story)]
        await write(tx, offer, after, "suspend_offer", None, story, told, reason=state)
    elif (
        state == organisations.ACTIVE
        and offer.state is OfferState.SUSPENDED
        and offer.cause is Cause.ORGANISATION
    ):
        after = resumed(offer, now, tools.new_id)
        await wake_waiting_rows(tx, after, story)
        await settle_review(tx, after, "reinstated", story, tools)
        told = [events.offer_resumed(after, "reinstated", story)]
        await write(tx, offer, after, "resume_offer", None, story, told, reason="reinstated")
        await look_with_offer(tx, after, now)
