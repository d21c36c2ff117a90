"""Accepts that come together share a transaction; each is decided after the last and stands for itself."""

import json
from typing import Any
from uuid import UUID, uuid4

from crisis.domain.answers import Rest
from crisis.http.views import moved_answer
from crisis.usecases.accept_allocation import AcceptAllocation, Asked
from crisis.usecases.accept_allocations import AcceptAllocations, KeyedAccept
from crisis.usecases.allocation_step import Moved
from crisis.usecases.batch import Outcome
from crisis.usecases.check_ledger import check_ledger
from imece_chassis.access.caller import Caller
from imece_chassis.answers import Answer
from imece_chassis.idempotency import Request, body_hash
from tests.db.crisis.test_one_pledge import body, events, open_line
from tests.db.crisis.world import World, caller, refusal


def accept(world: World, row: UUID, by: Caller | None = None, key: str = "", **changes: Any) -> KeyedAccept:
    command, who = AcceptAllocation(row, **changes), by or world.secretariat
    scope = f"{who.organisation_id}:POST /allocations/{row}/accept"
    once = Request(scope, key or str(uuid4()), body_hash(repr(command).encode()))
    return KeyedAccept(Asked(command, who), once, refusal)


def together(world: World) -> AcceptAllocations:
    return AcceptAllocations(world.database, world.tools, moved_answer)


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
    assert statuses(outcomes) == [200, 404, 200, 409, 200]
    assert code_of(outcomes[3]) == "gap_exceeded"
    cut = json.loads(outcomes[4].answer.body)  # type: ignore[union-attr]
    assert (cut["quantity"], [piece["state"] for piece in cut["rest"]]) == ("20", ["waitlisted"])
    assert cut["place"]["position"] == 1
    (sums,) = await world.rows("SELECT held, waitlisted, proposed FROM need_line_balances")
    assert tuple(sums) == (100, 20, 40)
    versions = [envelope.sequence for envelope, _ in await events(world) if envelope.key == str(line)]
    assert versions == sorted(set(versions))
    assert not any((await check_ledger(world.database)).values())


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

    taking = AcceptAllocations(world.database, world.tools, refuses_thirteen)
    outcomes = await taking([accept(world, row) for row in rows])
    assert [type(outcome) for outcome in outcomes] == [Outcome, ZeroDivisionError, Outcome]
    assert await world.value("SELECT held FROM need_line_balances") == 12
