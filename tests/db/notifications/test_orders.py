"""Orders about goods reach those who promised them, and who watches the crisis; each of them once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from imece_chassis.consumer import Received
from imece_chassis.ids import uuid7
from imece_contracts.crisis import AllocationCorrected, AllocationWithdrawn, NeedLineChanged
from imece_contracts.crisis.corrections import CorrectedPart
from notifications.domain.kinds import Channel
from tests.notifying.events import crisis_opened, line, proposed, received, stopped
from tests.notifying.service import consume, execute, rows, subscribed

LONG_WATCHING = "UPDATE notify.rules SET created_at = now() - interval '90 days'"
TOLD = """SELECT organisation_id, kind, class FROM notify.notices
           WHERE kind LIKE 'saturation_order%' ORDER BY notice_id"""


async def a_pledger(db: Any, crisis: UUID, vector: Any = None, **options: Any) -> tuple[UUID, Any]:
    """An organisation that hears only of its own affairs, with a standing promise."""
    pledger = uuid7()
    await subscribed(db, Channel.INBOX, organisation_id=pledger, only_own=True, desk_role=None, **options)
    promised = proposed(crisis, vector, pledger=pledger)
    await consume(db, promised)
    return pledger, promised


async def hearing(db: Any) -> list[UUID]:
    return [row["organisation_id"] for row in await rows(db, TOLD)]


def ended(promised: Any) -> Received:
    """The promise is withdrawn."""
    data = AllocationWithdrawn(
        **promised.data.model_dump(exclude={"awaiting", "deadline_ref", "answer_by"}),
        reason="changed",
        from_state="proposed",
    )
    crisis = promised.envelope.crisis_id
    return received(data, crisis, promised.envelope.subject, str(promised.data.line.need_line))


async def test_pledgers_of_the_goods_in_the_area_are_told_once_and_others_are_not(
    notifications_db: Any,
) -> None:
    crisis = uuid7()
    concerned, promised = await a_pledger(notifications_db, crisis)
    await consume(notifications_db, proposed(crisis, promised.data.line, pledger=concerned))
    await a_pledger(notifications_db, crisis, line(item="WSH-WATER-15"))
    await a_pledger(notifications_db, crisis, line(district="TUR046003"))
    await a_pledger(notifications_db, crisis, line(urgency="life_saving"))
    await a_pledger(notifications_db, uuid7())
    order = stopped(crisis)
    for _ in range(2):
        await consume(notifications_db, order)
    assert await hearing(notifications_db) == [concerned]
    [row] = await rows(notifications_db, TOLD)
    assert row["class"] == "act_now"


async def test_a_promise_that_ended_concerns_nobody_and_its_lapse_is_told_to_who_promises_now(
    notifications_db: Any,
) -> None:
    crisis = uuid7()
    gone, promised = await a_pledger(notifications_db, crisis)
    await consume(notifications_db, ended(promised))
    await consume(notifications_db, promised)
    assert await hearing(notifications_db) == []
    stays, _ = await a_pledger(notifications_db, crisis)
    await consume(notifications_db, stopped(crisis, lapsed=True))
    assert await hearing(notifications_db) == [stays] and gone != stays


async def test_the_newest_word_of_a_batch_counts_wherever_it_stands_in_it(notifications_db: Any) -> None:
    crisis = uuid7()
    pledger = uuid7()
    await subscribed(notifications_db, Channel.INBOX, organisation_id=pledger, only_own=True, desk_role=None)
    promised = proposed(crisis, pledger=pledger)
    await consume(notifications_db, ended(promised), promised)
    await consume(notifications_db, stopped(crisis))
    assert await hearing(notifications_db) == []


def corrected(promised: Any, before: str, *after: str) -> Received:
    """The promise was not `before`: equal parts of it are `after`."""
    terms = promised.data.model_dump(exclude={"awaiting", "deadline_ref", "answer_by"})
    qty = promised.data.qty
    data = AllocationCorrected(
        **terms,
        reason="miscounted",
        before=CorrectedPart(allocation=terms["allocation"], state=before, qty=qty),
        after=tuple(CorrectedPart(allocation=uuid7(), state=each, qty=qty / len(after)) for each in after),
    )
    crisis = promised.envelope.crisis_id
    return received(data, crisis, promised.envelope.subject, str(promised.data.line.need_line))


async def test_a_hold_corrected_away_concerns_nobody_and_what_is_really_held_does(
    notifications_db: Any,
) -> None:
    crisis = uuid7()
    _, released = await a_pledger(notifications_db, crisis)
    partly, held = await a_pledger(notifications_db, crisis)
    await consume(
        notifications_db, corrected(released, "held", "released"), corrected(held, "held", "held", "released")
    )
    await consume(notifications_db, stopped(crisis))
    assert await hearing(notifications_db) == [partly]


async def test_a_withdrawal_corrected_to_an_arrival_does_not_stand_again(notifications_db: Any) -> None:
    crisis = uuid7()
    _, promised = await a_pledger(notifications_db, crisis)
    await consume(notifications_db, ended(promised), corrected(promised, "withdrawn", "confirmed"))
    await consume(notifications_db, stopped(crisis))
    assert await hearing(notifications_db) == []


async def test_a_group_of_items_and_a_line_that_moved_are_followed(notifications_db: Any) -> None:
    crisis = uuid7()
    pledger, promised = await a_pledger(notifications_db, crisis)
    moved = NeedLineChanged(
        line=promised.data.line.model_copy(update={"district": "TUR044001"}),
        before="open",
        after="open",
        reason="relocated",
    )
    await consume(notifications_db, received(moved, crisis, "line/x", str(moved.line.need_line)))
    await consume(notifications_db, stopped(crisis, item=None, item_group="BAR"))
    assert await hearing(notifications_db) == []
    await consume(notifications_db, stopped(crisis, item=None, item_group="BAR", area=("TUR044",)))
    assert await hearing(notifications_db) == [pledger]


async def test_who_watches_the_crisis_is_told_and_who_watches_another_is_not(notifications_db: Any) -> None:
    crisis, watcher = uuid7(), uuid7()
    await consume(notifications_db, crisis_opened(crisis))
    await subscribed(
        notifications_db, Channel.INBOX, organisation_id=watcher, crisis_id=crisis, desk_role=None
    )
    await subscribed(notifications_db, Channel.INBOX, crisis_id=uuid7())
    await consume(notifications_db, stopped(crisis))
    assert await hearing(notifications_db) == [watcher]


async def test_orders_met_when_they_are_history_are_told_to_nobody(notifications_db: Any) -> None:
    crisis, watcher, now = uuid7(), uuid7(), datetime.now(UTC)
    await subscribed(
        notifications_db, Channel.INBOX, organisation_id=watcher, crisis_id=crisis, desk_role=None
    )
    await execute(notifications_db, LONG_WATCHING)
    long_ago, lately = now - timedelta(days=30), now - timedelta(hours=23)
    await consume(
        notifications_db,
        stopped(crisis, time=long_ago, until=long_ago + timedelta(days=3)),
        stopped(crisis, time=long_ago, until=now + timedelta(days=1)),
        stopped(crisis, time=long_ago, until=long_ago + timedelta(days=3), lapsed=True),
        stopped(crisis, time=lately, until=now - timedelta(hours=1)),
    )
    assert await hearing(notifications_db) == []
    await consume(
        notifications_db,
        stopped(crisis, time=lately),
        stopped(crisis, time=lately, until=now - timedelta(hours=1), lapsed=True),
    )
    assert await hearing(notifications_db) == [watcher, watcher]
