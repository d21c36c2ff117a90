"""Acceptance scenarios that only real connections can decide: who wins, and what nobody may win twice."""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from crisis.domain.allocations import Plan, Transport
from crisis.domain.answers import Rest
from crisis.domain.clocks import Urgency
from crisis.domain.needs import Statement
from crisis.domain.refusals import AllocationNotInState, Refusal
from crisis.domain.states import Timer
from crisis.usecases.batch import Outcome
from crisis.usecases.change_settings import ChangeSettings, change_settings
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.draft_need import DraftNeed, draft_need
from crisis.usecases.end_silence import end_silence
from crisis.usecases.extend_hold import ExtendHold, extend_hold
from crisis.usecases.submit_draft import submit_draft
from imece_chassis.batching import Batcher
from imece_chassis.idempotency import KeyReused
from imece_contracts.crisis import LineEvent
from tests.conflicts import deadlocks
from tests.db.crisis.lock_waits import before_the_lock
from tests.db.crisis.test_accepts_together import accept as keyed_accept
from tests.db.crisis.test_accepts_together import together as accepting
from tests.db.crisis.test_one_pledge import body, events, open_line
from tests.db.crisis.world import World, caller, hands
from tests.waiting import wait_until


async def is_sound(world: World) -> bool:
    return not any((await check_ledger(world.database)).values())


async def each_alone(world: World, rows: list[UUID]) -> None:
    """Every accept is a transaction and a connection of its own."""
    answers = await hands((partial(world.accept, row, rest=Rest.WAITLIST) for row in rows), len(rows))
    assert not [answer for answer in answers if isinstance(answer, BaseException)]


async def as_they_gather(world: World, rows: list[UUID]) -> None:
    """As the service does it: accepts that come while a transaction runs share the next."""
    batcher = Batcher(accepting(world), 16, 4)
    keyed = [keyed_accept(world, row, rest=Rest.WAITLIST) for row in rows]
    outcomes = await asyncio.gather(*(batcher.submit(each) for each in keyed))
    await batcher.close()
    assert [outcome.answer.status for outcome in outcomes] == [200] * len(rows)


@pytest.mark.parametrize("way", [each_alone, as_they_gather])
async def test_a1_fifty_accepts_at_once_hold_exactly_what_is_needed_and_queue_the_rest(
    fifty_connections: World, way: Callable[[World, list[UUID]], Awaitable[None]]
):
    world, before = fifty_connections, deadlocks()
    crisis_id, line = await open_line(world, "1000")
    pledges = [
        UUID(body(await world.pledge(crisis_id, line, "100", caller("pledger")))["allocation_id"])
        for _ in range(50)
    ]
    await way(world, pledges)
    (sums,) = await world.rows("SELECT held, waitlisted, proposed FROM need_line_balances")
    assert tuple(sums) == (1000, 4000, 0)
    places = await places_of(world, line)
    assert [place for place, _ in places] == list(range(1, 41)), "every waiting row has a place of its own"
    assert all("you are" in words for _, words in places)
    assert deadlocks() == before
    assert await is_sound(world)


async def places_of(world: World, line: UUID) -> list[tuple[int, str]]:
    """The places of all waiting rows, with their explanation."""
    from crisis.domain.queue import explained_en
    from crisis.store import allocations, lines
    from crisis.usecases.queue_place import queue_place

    waiting = await world.rows("SELECT allocation_id FROM allocations WHERE state = 'waitlisted'")

    async def work(tx) -> list[tuple[int, str]]:
        known = (await lines.read(tx, [line]))[line]
        found = []
        for row in await allocations.read_many(tx, [each["allocation_id"] for each in waiting]):
            queued = await queue_place(tx, row, known, world.clock.now())
            assert queued is not None
            found.append((queued.place.position, explained_en(queued.place)))
        return sorted(found)

    return await world.database.snapshot(work)


async def test_a3_pledges_stand_beside_the_gap_and_a_withdrawn_hold_opens_it_in_the_same_snapshot(
    world: World,
):
    crisis_id, line = await open_line(world, "500")
    for quantity in ("300", "500"):
        body(await world.pledge(crisis_id, line, quantity))
    last = (await events(world))[-1][1]
    assert isinstance(last, LineEvent) and (last.line.P, last.line.gap) == (800, 500)
    held = UUID(body(await world.pledge(crisis_id, line, "200"))["allocation_id"])
    await world.accept(held)
    seen: list[tuple[int, int]] = []
    gone = asyncio.Event()

    async def read_on() -> None:
        while not gone.is_set():
            (row,) = await world.rows(
                "SELECT requested - held - in_transit - arrived - good - elsewhere AS gap,"
                " (SELECT coalesce(sum(qty), 0) FROM allocations WHERE state = 'held') AS held"
                " FROM need_line_balances"
            )
            seen.append((int(row["gap"]), int(row["held"])))

    reading = asyncio.create_task(read_on())
    await wait_until(lambda: (300, 200) in seen)
    await world.withdraw(held)
    await wait_until(lambda: (500, 0) in seen)
    gone.set()
    await reading
    assert set(seen) == {(300, 200), (500, 0)}, "rows and figures of one snapshot always agree"
    last = (await events(world))[-1][1]
    assert isinstance(last, LineEvent) and (last.line.P, last.line.gap) == (800, 500)
    assert await is_sound(world)


@pytest.mark.parametrize("answer", ["extends", "withdraws"])
@pytest.mark.parametrize("first", ["silence", "pledger"])
async def test_a5_expiry_of_a_hold_against_extension_and_withdrawal_has_one_winner(
    world: World, first: str, answer: str
):
    """Both stand before the line's lock, in either order, before either gets it."""
    crisis_id, line = await open_line(world, "5000")
    row = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    clock = (await world.accept(row)).rows[0].clock
    assert clock is not None
    extend = ExtendHold(row, None, Plan(world.clock.now() + timedelta(hours=20), Transport.OWN))

    async def expire() -> object:
        return await world.database.unit_of_work(
            lambda tx: end_silence(tx, clock.deadline_id, row, Timer.HOLD, world.tools)
        )

    async def speak() -> object:
        if answer == "withdraws":
            return await world.withdraw(row)
        return await world.database.unit_of_work(
            lambda tx: extend_hold(tx, extend, world.pledger, world.tools)
        )

    works = [expire, speak] if first == "silence" else [speak, expire]
    answers = await before_the_lock(world, line, works)
    expired, spoken = answers if first == "silence" else answers[::-1]
    state = await world.value("SELECT state FROM allocations WHERE allocation_id = $1", row)
    if expired is True:
        assert state == "hold_expired"
        assert isinstance(spoken, AllocationNotInState), spoken
        assert (spoken.facts["state"], spoken.facts["by"]) == ("hold_expired", "system")
    else:
        assert expired is False and not isinstance(spoken, BaseException), spoken
        assert state == ("held" if answer == "extends" else "withdrawn")
    assert await is_sound(world)


async def test_a7_one_key_ten_times_has_one_effect_and_ten_equal_answers(world: World):
    crisis_id, line = await open_line(world)
    command = world.pledging(crisis_id, line, "10", key="a7")
    outcomes: list[Outcome] = []
    while len(outcomes) < 10:
        answers = await asyncio.gather(*(world.propose([command]) for _ in range(10 - len(outcomes))))
        for (outcome,) in answers:
            if isinstance(outcome, Outcome):
                outcomes.append(outcome)
            else:
                assert getattr(outcome, "code", "") == "idempotency_key_running", outcome
    assert len({outcome.answer for outcome in outcomes}) == 1
    assert sorted(outcome.is_replayed for outcome in outcomes) == [False] + [True] * 9
    assert await world.value("SELECT count(*) FROM allocations") == 1
    other = await world.pledge(crisis_id, line, "11", key="a7")
    assert isinstance(other, KeyReused) and other.status == 422
    assert await is_sound(world)


async def test_a12_a_pledge_for_one_of_two_equal_lines_leaves_the_other_alone(world: World):
    crisis = await world.open_crisis()
    need = await world.open_need(crisis.crisis_id, *(world.tents("10", unit="palet") for _ in range(2)))
    first, second = (line.need_line_id for line in need.lines)
    before = await world.rows("SELECT * FROM need_line_balances WHERE need_line_id = $1", second)
    row = UUID(body(await world.pledge(crisis.crisis_id, first, "4", unit="palet"))["allocation_id"])
    await world.accept(row)
    after = await world.rows("SELECT * FROM need_line_balances WHERE need_line_id = $1", second)
    assert [tuple(each) for each in after] == [tuple(each) for each in before]
    told = [
        json.loads(each["headers"])["ce_type"]
        for each in await world.rows(
            "SELECT headers FROM outbox WHERE key = $1 ORDER BY position", str(second)
        )
    ]
    assert told == ["crisis.need_line.opened"]
    assert await is_sound(world)


async def test_commands_that_waited_for_new_settings_still_find_their_crisis(world: World):
    crisis_id, line = await open_line(world, "1000")
    rows = [UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"]) for _ in range(12)]

    async def set_limit(number: int) -> object:
        changing = ChangeSettings(crisis_id, {"limits": {"open_held": number}})
        return await world.database.unit_of_work(
            lambda tx: change_settings(tx, changing, world.secretariat, world.tools)
        )

    works = [partial(set_limit, number + 1) for number in range(12)]
    mixed = [
        work
        for pair in zip((partial(world.accept, row) for row in rows), works, strict=True)
        for work in pair
    ]
    answers = await hands(mixed)
    assert not [answer for answer in answers if isinstance(answer, BaseException)]
    assert await is_sound(world)


async def test_a_draft_edited_and_submitted_at_once_keeps_its_clock(world: World):
    crisis_id, _ = await open_line(world)
    said = Statement("TUR031005", Urgency.URGENT, (world.tents("10"),), contact_ref="site:7")

    async def drafting(need_id: UUID | None = None) -> UUID:
        command = DraftNeed(crisis_id, said, need_id)
        drafted = await world.database.unit_of_work(
            lambda tx: draft_need(tx, command, world.asker, world.tools)
        )
        return drafted.need.need_id

    for _ in range(8):
        need_id = await drafting()

        async def submitting(need_id: UUID = need_id) -> object:
            return await world.database.unit_of_work(
                lambda tx: submit_draft(tx, need_id, world.asker, world.tools)
            )

        answers = await asyncio.gather(
            *(drafting(need_id) for _ in range(3)),
            submitting(),
            *(drafting(need_id) for _ in range(3)),
            return_exceptions=True,
        )
        failed = [each for each in answers if isinstance(each, BaseException)]
        assert all(isinstance(each, Refusal) for each in failed), failed
    assert await is_sound(world)


async def test_answers_to_one_row_from_every_side_at_once_leave_one_ending(world: World):
    crisis_id, line = await open_line(world, "1000")
    for turn in range(12):
        row = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
        deadline = await world.value("SELECT deadline_id FROM allocations WHERE allocation_id = $1", row)
        works = [
            world.accept(row),
            world.decline(row),
            world.database.unit_of_work(
                lambda tx, d=deadline, r=row: end_silence(tx, d, r, Timer.ANSWER, world.tools)
            ),
        ]
        order = list(itertools.permutations(works))[turn % 6]
        answers = await asyncio.gather(*order, return_exceptions=True)
        won = [each for each in answers if not isinstance(each, BaseException) and each is not False]
        assert len(won) == 1, answers
        lost = [each for each in answers if isinstance(each, BaseException)]
        assert all(isinstance(each, AllocationNotInState) for each in lost), "told who was quicker"
    assert await is_sound(world)
