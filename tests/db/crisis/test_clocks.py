"""Clocks that stand still while nobody was reached, reminders of holds, and many silences at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from crisis.consumers.timers import batches, effects
from crisis.domain.clocks import Urgency
from crisis.domain.desks import DeskLevel
from crisis.domain.release_requests import LAPSE
from crisis.domain.reminders import HALF, LATE
from crisis.domain.states import Timer
from crisis.domain.tasks import Seat
from crisis.store.queries import query
from crisis.store.winding_down import hasten
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.end_silence import Due, end_silence, end_silences
from crisis.usecases.tasks import OVERDUE
from imece_chassis.deadlines import Deadline, DeadlineWorker
from imece_contracts.catalogue import EVENTS
from imece_contracts.notifications import NoticeDeferred, NoticeDelivered, NoticeUndelivered
from tests.db.crisis.at_the_desk import a_desk
from tests.db.crisis.noticed import apply, notice
from tests.db.crisis.test_holding import ask, extend
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World
from tests.messaging.deliveries import became

LEASE = timedelta(hours=24)


async def held(world: World, quantity: str = "10") -> tuple[UUID, UUID]:
    """A held row and its lease's deadline."""
    crisis, line = await open_line(world)
    row = UUID(body(await world.pledge(crisis, line, quantity))["allocation_id"])
    await world.accept(row)
    return row, await clock_of(world, row)


async def clock_of(world: World, row: UUID) -> UUID:
    return await world.value("SELECT deadline_id FROM allocations WHERE allocation_id = $1", row)


async def due_at(world: World, deadline: UUID) -> datetime:
    return await world.value("SELECT due_at FROM deadlines WHERE deadline_id = $1", deadline)


async def run(world: World, *kinds: str) -> int:
    known = effects(world.database, world.tools)
    return await DeadlineWorker(world.database, {kind: known[kind] for kind in kinds}).run_once()


async def tasks(world: World) -> list[tuple[str, UUID]]:
    rows = await world.rows("SELECT kind, subject_id FROM tasks WHERE state <> 'done'")
    return [(row["kind"], row["subject_id"]) for row in rows]


async def test_a23_a_holder_who_was_not_reached_keeps_the_hold_and_after_one_period_the_desk_decides(
    world: World,
):
    row, lease = await held(world)
    ends = await due_at(world, lease)
    assert await notice(world, lease, NoticeUndelivered, LEASE / 2)
    assert await due_at(world, lease) == ends + LEASE
    shown = await world.value("SELECT paused_since FROM deadlines WHERE deadline_id = $1", lease)
    assert shown == world.clock.now() + LEASE / 2
    ended = await world.database.unit_of_work(lambda tx: end_silence(tx, lease, row, Timer.HOLD, world.tools))
    assert not ended
    assert await tasks(world) == []
    assert await run(world, Timer.HOLD) == 1
    assert await tasks(world) == [("not_reached", row)]
    assert await world.value("SELECT state FROM allocations WHERE allocation_id = $1", row) == "held"
    assert await run(world, Timer.HOLD) == 0, "the desk is asked again one period later"


async def test_delivery_lets_the_clock_run_on_later_by_the_time_it_stood(world: World):
    _, lease = await held(world)
    ends = await due_at(world, lease)
    assert await notice(world, lease, NoticeDeferred, timedelta(hours=12))
    assert not await notice(world, lease, NoticeUndelivered, timedelta(hours=13))
    assert await notice(world, lease, NoticeDelivered, timedelta(hours=20))
    assert await due_at(world, lease) == ends + timedelta(hours=8)
    assert not await notice(world, lease, NoticeDelivered, timedelta(hours=21))
    assert await run(world, Timer.HOLD) == 1
    assert await world.value("SELECT state FROM allocations") == "hold_expired"


async def test_a_record_that_comes_twice_and_a_batch_of_many_clocks_stop_and_start_each_once(world: World):
    crisis, line = await open_line(world)
    clocks: list[UUID] = []
    for _ in range(3):
        row = UUID(body(await world.pledge(crisis, line, "10"))["allocation_id"])
        await world.accept(row)
        clocks.append(await clock_of(world, row))
    ends = [await due_at(world, clock) for clock in clocks]
    holder, now = world.pledger.organisation_id, world.clock.now()
    stops = [became(NoticeDeferred, clock, holder, now + timedelta(hours=1)) for clock in clocks]
    starts = [became(NoticeDelivered, clock, holder, now + timedelta(hours=4), 2) for clock in clocks]
    await apply(world, *stops, *starts)
    await apply(world, *stops)
    assert [await due_at(world, clock) for clock in clocks] == [at + timedelta(hours=3) for at in ends]


async def test_a_lease_cut_short_while_it_stands_still_does_not_end_early(world: World):
    row, lease = await held(world)
    assert await notice(world, lease, NoticeUndelivered, timedelta(hours=1))
    line = await world.value("SELECT need_line_id FROM allocations WHERE allocation_id = $1", row)
    needed_by = world.clock.now() + timedelta(hours=40)
    await world.database.unit_of_work(lambda tx: tx.execute(query("move_line_deadlines"), line, needed_by))
    assert await due_at(world, lease) == needed_by
    assert await notice(world, lease, NoticeDelivered, timedelta(hours=2))
    assert await due_at(world, lease) == world.clock.now() + LEASE + timedelta(hours=1)


async def test_an_answer_hastened_while_its_clock_stands_still_is_not_due_early(world: World):
    crisis, line = await open_line(world)
    row = UUID(body(await world.pledge(crisis, line, "10"))["allocation_id"])
    desk = (await a_desk(world)).host_org_id
    answer, now = await clock_of(world, row), world.clock.now()
    assert await notice(world, answer, NoticeUndelivered, timedelta(hours=1), desk)
    sooner = now + timedelta(hours=8)
    await world.database.unit_of_work(lambda tx: hasten(tx, crisis, answer_by=sooner, wait_until=sooner))
    assert await due_at(world, answer) == sooner
    assert await notice(world, answer, NoticeDelivered, timedelta(hours=2), desk)
    assert await due_at(world, answer) == now + timedelta(hours=7)


async def test_the_desk_is_called_again_until_somebody_was_reached(world: World):
    row, lease = await held(world)
    assert await notice(world, lease, NoticeUndelivered)
    assert await run(world, Timer.HOLD) == 1
    assert await run(world, OVERDUE) == 1
    assert await tasks(world) == [("not_reached", row)]
    assert await notice(world, lease, NoticeDelivered, timedelta(hours=30))
    assert await run(world, OVERDUE) == 1
    assert await tasks(world) == []


async def test_a_request_to_let_go_is_no_yes_of_a_holder_nobody_reached(world: World):
    row, _ = await held(world)
    requested = await ask(world, row)
    clock = requested.request.deadline_id
    assert clock is not None
    ends = await due_at(world, clock)
    assert await notice(world, clock, NoticeUndelivered)
    assert await due_at(world, clock) == ends + timedelta(hours=36)
    assert await run(world, LAPSE) == 1
    assert await world.value("SELECT state FROM allocations WHERE allocation_id = $1", row) == "held"
    assert await tasks(world) == [("not_reached", row)]
    await world.withdraw(row)
    await world.database.unit_of_work(
        lambda tx: tx.execute("UPDATE deadlines SET due_at = now() WHERE deadline_id = $1", clock)
    )
    assert await run(world, LAPSE) == 1
    assert await world.value("SELECT state FROM release_requests") == "void"


async def test_all_pauses_together_last_one_further_period(world: World):
    _, lease = await held(world)
    ends = await due_at(world, lease)
    for hour in (1, 20):
        assert await notice(world, lease, NoticeUndelivered, timedelta(hours=hour))
        assert await notice(world, lease, NoticeDelivered, timedelta(hours=hour + 15))
    assert await due_at(world, lease) == ends + LEASE


async def test_a_lease_never_stands_still_beyond_the_need(world: World):
    crisis = await world.open_crisis()
    needed_by = world.clock.now() + timedelta(hours=30)
    need = await world.open_need(crisis.crisis_id, world.tents("100", needed_by=needed_by))
    row = UUID(body(await world.pledge(crisis.crisis_id, need.lines[0].need_line_id, "10"))["allocation_id"])
    await world.accept(row)
    lease = await clock_of(world, row)
    assert await notice(world, lease, NoticeUndelivered)
    assert await due_at(world, lease) == needed_by


async def test_a_proposal_nobody_heard_of_waits_and_a_waiting_row_has_no_notice(world: World):
    crisis, line = await open_line(world, "10")
    row = UUID(body(await world.pledge(crisis, line, "10"))["allocation_id"])
    answer = await clock_of(world, row)
    ends = await due_at(world, answer)
    assert not await notice(world, answer, NoticeUndelivered), "the pledger is not who must answer"
    asker, desk = world.asker.organisation_id, world.secretariat.organisation_id
    assert not await notice(world, answer, NoticeUndelivered, to=desk), "no desk is there to be reached"
    await a_desk(world)
    assert not await notice(world, answer, NoticeUndelivered, to=asker), "the asker does not answer"
    assert await notice(world, answer, NoticeUndelivered, to=desk)
    assert await due_at(world, answer) == ends + timedelta(hours=6)
    await world.accept(row)
    assert not await notice(world, answer, NoticeDelivered, to=desk), "nothing waits on this clock any more"
    waiting = UUID(body(await world.pledge(crisis, line, "10"))["allocation_id"])
    assert not await notice(world, await clock_of(world, waiting), NoticeUndelivered)


async def test_a_pledge_of_the_desks_own_host_waits_for_the_secretariat(world: World):
    crisis, line = await open_line(world)
    await a_desk(world, world.pledger.organisation_id)
    office = await a_desk(world, level=DeskLevel.SECRETARIAT, area=())
    row = UUID(body(await world.pledge(crisis, line, "10"))["allocation_id"])
    answer = await clock_of(world, row)
    assert not await notice(world, answer, NoticeUndelivered, to=world.pledger.organisation_id)
    assert await notice(world, answer, NoticeUndelivered, to=office.host_org_id)


async def test_when_the_desk_itself_was_not_reached_the_secretariat_decides(world: World):
    crisis, line = await open_line(world)
    desk = await a_desk(world)
    office = await a_desk(world, level=DeskLevel.SECRETARIAT, area=())
    row = UUID(body(await world.pledge(crisis, line, "10"))["allocation_id"])
    answer = await clock_of(world, row)
    assert await notice(world, answer, NoticeUndelivered, to=desk.host_org_id)
    assert await run(world, Timer.ANSWER) == 1
    assert await world.value("SELECT state FROM allocations") == "proposed"
    assert await tasks(world) == [("not_reached", row)]
    assert await world.value("SELECT (desk_id, seat) FROM tasks WHERE kind = 'not_reached'") == (
        office.desk_id,
        Seat.OFFICER,
    )


async def test_a_holder_is_reminded_at_half_and_at_four_fifths_of_the_lease(world: World):
    row, lease = await held(world)
    half = await world.value("SELECT due_at FROM deadlines WHERE kind = $1", HALF)
    assert half == world.clock.now() + LEASE / 2
    assert await run(world, HALF) == 1
    late = await world.value("SELECT due_at FROM deadlines WHERE kind = $1", LATE)
    assert late == world.clock.now() + LEASE * 0.8
    assert await run(world, HALF, LATE) == 1
    assert await run(world, HALF, LATE) == 0
    told = await world.rows(
        "SELECT payload FROM outbox WHERE type = 'crisis.allocation.reminder_due' ORDER BY position"
    )
    parsed: Sequence[Any] = [
        EVENTS["crisis.allocation.reminder_due"].model_validate_json(each["payload"]) for each in told
    ]
    assert [(each.milestone, each.deadline_ref, each.allocation) for each in parsed] == [
        (50, lease, row),
        (80, lease, row),
    ]
    assert not any((await check_ledger(world.database)).values())


async def test_a_lease_that_became_longer_is_reminded_of_at_its_new_half(world: World):
    row, _ = await held(world)
    await extend(world, row)
    assert await run(world, HALF) == 1
    assert await world.value("SELECT count(*) FROM outbox WHERE type LIKE '%reminder_due'") == 0
    again = await world.value("SELECT due_at FROM deadlines WHERE kind = $1 AND state = 'pending'", HALF)
    assert again == world.clock.now() + LEASE, "half of twice as long"


async def test_nobody_is_reminded_of_what_is_held_no_longer(world: World):
    row, _ = await held(world)
    await world.withdraw(row)
    assert await run(world, HALF) == 1
    assert await world.value("SELECT count(*) FROM outbox WHERE type LIKE '%reminder_due'") == 0


async def test_many_silences_end_in_one_transaction_each_with_its_own_event(world: World):
    crisis = await world.open_crisis()
    rows: list[UUID] = []
    for _ in range(3):
        need = await world.open_need(crisis.crisis_id, urgency=Urgency.NORMAL)
        line = need.lines[0].need_line_id
        for _ in range(5):
            made = body(await world.pledge(crisis.crisis_id, line, "10"))
            rows.append(UUID(made["allocation_id"]))
    await world.withdraw(rows[0])
    found = await world.rows(
        "SELECT deadline_id, subject_id, due_at FROM deadlines WHERE kind = $1", Timer.ANSWER
    )
    due = [
        Deadline(each["deadline_id"], "allocation", each["subject_id"], Timer.ANSWER, each["due_at"])
        for each in found
    ]
    await batches(world.database, world.tools)[Timer.ANSWER](due)
    assert await world.value("SELECT count(*) FROM allocations WHERE state = 'expired'") == 14
    versions = await world.rows("SELECT version FROM need_line_balances ORDER BY version")
    events = await world.rows(
        "SELECT key, count(*) FROM outbox WHERE topic = 'crisis.lines.v1' GROUP BY key ORDER BY count(*)"
    )
    assert [row["version"] for row in versions] == [row["count"] for row in events]
    assert not any((await check_ledger(world.database)).values())


async def test_a_batch_ends_nothing_twice_and_nothing_that_moved_on(world: World):
    crisis, line = await open_line(world)
    rows = [UUID(body(await world.pledge(crisis, line, "10"))["allocation_id"]) for _ in range(3)]
    due = [Due(await clock_of(world, row), row, Timer.ANSWER) for row in rows]
    await world.accept(rows[1])
    ended = await world.database.unit_of_work(lambda tx: end_silences(tx, due, world.tools))
    assert ended == {due[0].deadline_id, due[2].deadline_id}
    again = await world.database.unit_of_work(lambda tx: end_silences(tx, due, world.tools))
    assert again == set()
