"""When the registry suspends an organisation its offers stop, and go on when it is reinstated.

The news is written down at once; then offer after offer follows in a transaction of its own, until none
differs. What a desk suspended stays so, and goods on the road go on under watch.
"""

from uuid import UUID

from crisis import events
from crisis.domain.clocks import Silence
from crisis.domain.crises import Crisis
from crisis.domain.offer_ends import resumed, suspended
from crisis.domain.offers import Cause, Offer, OfferState
from crisis.domain.states import State
from crisis.domain.tasks import TaskKind
from crisis.domain.units import goods
from crisis.events import Story
from crisis.store import allocations, lines, offer_lists, organisations
from crisis.usecases.authority import SYSTEM
from crisis.usecases.offer_rows import rows_of, wake_waiting_rows
from crisis.usecases.offer_step import lock, write
from crisis.usecases.suspend_offer import ask_for_review, settle_review
from crisis.usecases.tasks import open_task, settle_tasks
from crisis.usecases.tools import Tools
from imece_chassis.database import Database, Transaction
from imece_chassis.deadlines import Deadline, fire, schedule_once

SUBJECT = "organisation"
FOLLOW = "organisation.standing"
ACTIVE = "active"


async def take_in(tx: Transaction, org_id: UUID, sequence: int, state: str, tools: Tools) -> None:
    """Write down what the registry says; if it changes what the organisation may do, its offers follow."""
    if await organisations.set_standing(tx, org_id, sequence, state):
        now = tools.clock.now()
        await schedule_once(tx, Deadline(tools.new_id(), SUBJECT, org_id, FOLLOW, now))


async def follow_standing(database: Database, deadline_id: UUID, org_id: UUID, tools: Tools) -> None:
    """Let every offer of the organisation follow its standing, then settle the deadline."""
    while True:
        behind = await database.snapshot(
            lambda tx: offer_lists.behind_standing(tx, org_id, tools.clock.now())
        )
        for offer_id in behind:
            await database.unit_of_work(lambda tx, one=offer_id: _follow(tx, one, tools))
        if not behind and await database.unit_of_work(lambda tx: _settled(tx, deadline_id, org_id, tools)):
            return


async def _settled(tx: Transaction, deadline_id: UUID, org_id: UUID, tools: Tools) -> bool:
    """Whether nothing is behind any more; then the deadline has fired."""
    await organisations.standing(tx, org_id)
    if await offer_lists.behind_standing(tx, org_id, tools.clock.now()):
        return False
    await fire(tx, deadline_id)
    return True


async def _follow(tx: Transaction, offer_id: UUID, tools: Tools) -> None:
    locked = await lock(tx, offer_id)
    offer, now = locked.offer, tools.clock.now()
    state = await organisations.standing(tx, offer.org_id)
    story = Story(tools.new_id(), offer.crisis_id, offer.is_drill, None, SYSTEM, now)
    if state != ACTIVE and offer.state is OfferState.OPEN:
        after = suspended(offer, Cause.ORGANISATION, state, now, tools.new_id)
        await ask_for_review(tx, after, locked.crisis, story, tools)
        await _ask_about_holds(tx, offer, locked.crisis, story, tools)
        told = [events.offer_suspended(after, story)]
        await write(tx, offer, after, "suspend_offer", None, story, told, reason=state)
    elif state == ACTIVE and offer.state is OfferState.SUSPENDED and offer.cause is Cause.ORGANISATION:
        after = resumed(offer, now, tools.new_id)
        await wake_waiting_rows(tx, after, story)
        await settle_review(tx, after, "reinstated", story, tools)
        await _settle_holds(tx, offer, story, tools)
        told = [events.offer_resumed(after, "reinstated", story)]
        await write(tx, offer, after, "resume_offer", None, story, told, reason="reinstated")


async def _ask_about_holds(tx: Transaction, offer: Offer, crisis: Crisis, story: Story, tools: Tools) -> None:
    """Every held row must be decided: released, or kept under watch."""
    held = await rows_of(tx, offer, (State.HELD,))
    known = await lines.read(tx, sorted({row.need_line_id for row in held}))
    for row in held:
        line = known[row.need_line_id]
        await open_task(
            tx,
            kind=TaskKind.DECIDE_HOLD,
            crisis_id=crisis.crisis_id,
            is_drill=crisis.is_drill,
            subject_type=allocations.SUBJECT,
            subject_id=row.allocation_id,
            place=line.district,
            item_group=goods(line.item_code).tamp_group,
            urgency=line.urgency,
            due_at=story.at + crisis.timers.period(Silence.SUSPENDED, line.urgency),
            story=story,
            tools=tools,
        )


async def _settle_holds(tx: Transaction, offer: Offer, story: Story, tools: Tools) -> None:
    for row in await rows_of(tx, offer, (State.HELD,)):
        await settle_tasks(
            tx,
            subject_type=allocations.SUBJECT,
            subject_id=row.allocation_id,
            outcome="reinstated",
            kinds=(TaskKind.DECIDE_HOLD,),
            story=story,
            tools=tools,
        )
