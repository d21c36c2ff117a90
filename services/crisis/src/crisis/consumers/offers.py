"""Deadlines of offers and packages, and of organisations whose offers must follow them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from crisis.domain.offers import OfferTimer
from crisis.usecases.end_offer_silence import KINDS, end_offer_silence
from crisis.usecases.follow_standing import FOLLOW, follow_standing
from crisis.usecases.keep_package import KINDS as PACKAGE_KINDS
from crisis.usecases.keep_package import end_package_silence
from crisis.usecases.settle_offers import settle_offers
from crisis.usecases.tools import Tools
from imece_chassis.database import Database
from imece_chassis.deadlines import Deadline


def offer_effects(database: Database, tools: Tools) -> Mapping[str, Callable[[Deadline], Awaitable[None]]]:
    """Kind of deadline → what happens when nobody acted until then."""

    async def nobody_acted(deadline: Deadline) -> None:
        await database.unit_of_work(
            lambda tx: end_offer_silence(tx, deadline.deadline_id, deadline.subject_id, tools)
        )

    async def nothing_is_left(deadline: Deadline) -> None:
        await settle_offers(database, [deadline], tools)

    async def nobody_checked(deadline: Deadline) -> None:
        await database.unit_of_work(
            lambda tx: end_package_silence(tx, deadline.deadline_id, deadline.subject_id, tools)
        )

    async def standing_changed(deadline: Deadline) -> None:
        await follow_standing(database, deadline.deadline_id, deadline.subject_id, deadline.due_at, tools)

    return {
        **{kind.value: nobody_acted for kind in KINDS},
        OfferTimer.SETTLE.value: nothing_is_left,
        **{kind.value: nobody_checked for kind in PACKAGE_KINDS},
        FOLLOW: standing_changed,
    }


def offer_batches(
    database: Database, tools: Tools
) -> Mapping[str, Callable[[Sequence[Deadline]], Awaitable[None]]]:
    """Kinds that come in thousands: many offers are looked at in one transaction."""

    async def nothing_is_left(deadlines: Sequence[Deadline]) -> None:
        await settle_offers(database, deadlines, tools)

    return {OfferTimer.SETTLE.value: nothing_is_left}
