"""Accepts that come together share a transaction; each is decided after the last and stands for itself."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from crisis.domain.answers import Rest
from crisis.domain.refusals import GapExceeded
from crisis.http.views import moved_answer
from crisis.store import allocations, lines
from crisis.usecases.accept_allocation import AcceptAllocation, accept_each
from crisis.usecases.allocation_step import Moved, lock_all
from crisis.usecases.asked import Asked
from crisis.usecases.batch import Outcome
from crisis.usecases.change_settings import ChangeSettings, change_settings
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.moves_together import KeyedMove, MovesTogether
from crisis.usecases.refuse_for_room import Refused, RefuseForRoom
from imece_chassis.access.caller import Caller
from imece_chassis.answers import Answer
from imece_chassis.database import DatabaseUnavailable, Restart, Transaction
from imece_chassis.idempotency import Request, body_hash
from imece_chassis.together import Together
from tests.db.crisis.counted import Counted
from tests.db.crisis.merging import merge, twins
from tests.db.crisis.test_one_pledge import body, events, open_line
from tests.db.crisis.world import World, caller, refusal


def accept(
    world: World, row: UUID, by: Caller | None = None, key: str = "", **changes: Any
) -> KeyedMove[AcceptAllocation]:
    command, who = AcceptAllocation(row, **changes), by or world.secretariat
    scope = f"{who.organisation_id}:POST /allocations/{row}/accept"
    once = Request(scope, key or str(uuid4()), body_hash(repr(command).encode()))
    return KeyedMove(Asked(command, who), once, refusal)


def together(world: World) -> MovesTogether[AcceptAllocation]:
    return MovesTogether(world.database, accept_each, world.tools, moved_answer, unkept=(GapExceeded,))


async def proposed(world: World, crisis: UUID, line: UUID, quantity: str) -> UUID:
    return UUID(body(await world.pledge(crisis, line, quantity, caller("pledger")))["allocation_id"])


def statuses(outcomes: list[Outcome | Exception]) -> list[int]:
    return [outcome.answer.status for outcome in outcomes if isinstance(outcome, Outcome)]


def code_of(outcome: Outcome | Exception) -> str:
    assert isinstance(outcome, Outcome)
    return json.loads(outcome.answer.body)["code"]


async def test_a_batch_takes_what_there_is_room_for_and_refuses_each_of_the_others_for_itself(world: World):
    crisis, line = await open_line(world, "100")
    rows = [await proposed(world, crisis, line, "40") for _ in range(4)]
    outcomes = await together(world)(
        [
            accept(world, rows[0]),
            accept(world, uuid4()),
            accept(world, rows[1]),
            accept(world, rows[2]),
            accept(world, rows[3], rest=Rest.WAITLIST),
        ]
    )
    assert isinstance(outcomes[3], GapExceeded)
    assert statuses(outcomes) == [200, 404, 200, 200]
    cut = json.loads(outcomes[4].answer.body)  # type: ignore[union-attr]
    assert (cut["quantity"], [piece["state"] for piece in cut["rest"]]) == ("20", ["waitlisted"])
    assert cut["place"]["position"] == 1
    (sums,) = await world.rows("SELECT held, waitlisted, proposed FROM need_line_balances")
    assert tuple(sums) == (100, 20, 40)
    versions = [envelope.sequence for envelope, _ in await events(world) if envelope.key == str(line)]
    assert versions == sorted(set(versions))
    assert not any((await check_ledger(world.database)).values())


async def without_room(world: World, rows: int) -> list[Refused]:
    """Accepts of `rows` rows of one line that another filled, refused, their keys still free."""
    crisis, line = await open_line(world, "100")
    wanted = [await proposed(world, crisis, line, "1") for _ in range(rows)]
    await together(world)([accept(world, await proposed(world, crisis, line, "100"))])
    asked = [accept(world, row, key=f"key {n}") for n, row in enumerate(wanted)]
    found = await together(world)(asked)
    assert await world.value("SELECT count(*) FROM idempotency WHERE key LIKE 'key %'") == 0
    return [
        Refused(each.asked.command.allocation_id, refused, each.key, refusal)
        for each, refused in zip(asked, found, strict=True)
        if isinstance(refused, GapExceeded)
    ]


async def test_a_place_is_told_while_others_keep_the_locks_of_the_line_and_its_rows(world: World):
    (refused,) = await without_room(world, 1)
    line = await world.value("SELECT need_line_id FROM need_lines")

    async def meanwhile(tx: Transaction) -> list[Outcome | Exception]:
        await lines.lock_needs(tx, [line])
        await allocations.lock_many(tx, [refused.allocation_id])
        return await RefuseForRoom(world.database, world.tools)([refused])

    (told,) = await world.database.unit_of_work(meanwhile)
    assert code_of(told) == "gap_exceeded"
    (again,) = await RefuseForRoom(world.database, world.tools)([refused])
    assert isinstance(again, Outcome) and isinstance(told, Outcome)
    assert (again.answer, again.is_replayed) == (told.answer, True)


async def test_refusals_that_come_together_read_the_queue_of_their_line_once(world: World):
    refused = await without_room(world, 3)
    telling = RefuseForRoom(world.database, world.tools)

    async def statements(some: list[Refused]) -> int:
        async def work(tx: Transaction) -> int:
            counted = Counted(tx)
            told = await telling.tell(Together(counted), some)
            assert [code_of(each) for each in told] == ["gap_exceeded"] * len(some)
            return counted.statements

        return await world.database.unit_of_work(work)

    assert await statements(refused[:1]) == await statements(refused) > 0


async def test_two_desks_that_take_the_same_row_in_one_batch_have_one_winner(world: World):
    crisis, line = await open_line(world, "100")
    row = await proposed(world, crisis, line, "40")
    outcomes = await together(world)(
        [accept(world, row), accept(world, row, caller("secretariat")), accept(world, row, world.asker)]
    )
    assert statuses(outcomes) == [200, 409]
    assert code_of(outcomes[1]) == "allocation_not_in_state"
    assert await world.value("SELECT held FROM need_line_balances") == 40


async def test_a_repeated_key_gets_the_answer_it_got(world: World):
    crisis, line = await open_line(world, "100")
    wanted = accept(world, await proposed(world, crisis, line, "40"), key="once")
    (first,) = await together(world)([wanted])
    (again,) = await together(world)([wanted])
    assert isinstance(first, Outcome) and isinstance(again, Outcome)
    assert (again.answer, again.is_replayed) == (first.answer, True)


async def test_a_defect_in_one_accept_leaves_its_neighbours_held(world: World):
    crisis, line = await open_line(world, "100")
    rows = [await proposed(world, crisis, line, quantity) for quantity in ("5", "13", "7")]

    def refuses_thirteen(moved: Moved) -> Answer:
        if moved.rows[0].qty == 13:
            raise ZeroDivisionError
        return moved_answer(moved)

    taking = MovesTogether(world.database, accept_each, world.tools, refuses_thirteen)
    outcomes = await taking([accept(world, row) for row in rows])
    assert [type(outcome) for outcome in outcomes] == [Outcome, ZeroDivisionError, Outcome]
    assert await world.value("SELECT held FROM need_line_balances") == 12


async def test_a_row_that_went_to_the_line_of_its_neighbour_is_looked_at_again(world: World):
    pair = await twins(world)
    gone = await proposed(world, pair.crisis_id, pair.line, "40")
    stays = await proposed(world, pair.crisis_id, pair.into_line, "40")

    async def late(tx: Transaction) -> None:
        seen = await allocations.known(tx, [gone, stays])
        await merge(world, pair)
        with pytest.raises(Restart):
            await lock_all(tx, list(seen.values()), {})

    await world.database.unit_of_work(late)


async def test_the_hoarding_limit_counts_what_was_accepted_just_before_in_the_same_batch(world: World):
    crisis, line = await open_line(world, "100")
    limits = ChangeSettings(crisis, {"limits": {"open_held": 2, "concluded": 1}})
    await world.database.unit_of_work(lambda tx: change_settings(tx, limits, world.secretariat, world.tools))
    need = await world.open_need(crisis, *(world.tents("10") for _ in range(3)))
    who = caller("pledger")

    async def pledged(to: UUID) -> UUID:
        return UUID(body(await world.pledge(crisis, to, "1", who))["allocation_id"])

    given_up = await pledged(line)
    await world.accept(given_up)
    await world.withdraw(given_up, by=who)
    first, second, third = [each.need_line_id for each in need.lines]
    rows = [await pledged(to) for to in (first, first, second, third, first)]
    outcomes = await together(world)([accept(world, row) for row in rows])
    assert statuses(outcomes) == [200, 200, 200, 409, 409]
    assert [code_of(outcome) for outcome in outcomes[3:]] == ["hoarding_limit", "hoarding_limit"]
    assert await world.value("SELECT sum(held) FROM need_line_balances") == 3


async def test_a_line_somebody_keeps_is_not_now_to_those_alone_who_need_it(world: World):
    crisis, busy = await open_line(world, "100")
    need = await world.open_need(crisis, world.tents("100"))
    waits = await proposed(world, crisis, busy, "40")
    passes = [await proposed(world, crisis, need.lines[0].need_line_id, "10") for _ in range(2)]

    async def meanwhile(tx: Transaction) -> list[Outcome | Exception]:
        await lines.lock_needs(tx, [busy])
        return await together(world)([accept(world, row) for row in (passes[0], waits, passes[1])])

    first, late, last = await world.database.unit_of_work(meanwhile)
    assert statuses([first, last]) == [200, 200]
    assert isinstance(late, DatabaseUnavailable) and late.is_held_up
    assert await world.value("SELECT sum(held) FROM need_line_balances") == 20
    assert not any((await check_ledger(world.database)).values())
