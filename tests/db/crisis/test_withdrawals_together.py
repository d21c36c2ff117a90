"""Withdrawals that come together share a transaction; each is decided after the last, for itself."""

from uuid import UUID, uuid4

import pytest

from crisis.domain.refusals import RoleMissing
from crisis.domain.states import Timer
from crisis.http.views import moved_answer
from crisis.usecases.asked import Asked
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.end_silence import end_silence
from crisis.usecases.moves_together import KeyedMove, MovesTogether
from crisis.usecases.relocate_need import RelocateNeed, relocate_need
from crisis.usecases.withdraw_allocation import WithdrawAllocation, withdraw_each
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.idempotency import Request, body_hash
from imece_chassis.together import Together
from imece_contracts.crisis import LineEvent
from tests.db.crisis.counted import Counted
from tests.db.crisis.lock_waits import before_the_lock
from tests.db.crisis.offering import lasting, offered, tents
from tests.db.crisis.terms import pledged_from
from tests.db.crisis.test_accepts_together import code_of, statuses
from tests.db.crisis.test_one_pledge import body, events, open_line
from tests.db.crisis.world import World, caller, refusal


def withdrawal(row: UUID, by: Caller) -> KeyedMove[WithdrawAllocation]:
    command = WithdrawAllocation(row, "transport_lost")
    scope = f"{by.organisation_id}:POST /allocations/{row}/withdraw"
    return KeyedMove(
        Asked(command, by), Request(scope, str(uuid4()), body_hash(repr(command).encode())), refusal
    )


def together(world: World) -> MovesTogether[WithdrawAllocation]:
    return MovesTogether(world.database, withdraw_each, world.tools, moved_answer)


async def promised(world: World, line: UUID, quantity: str, by: Caller) -> UUID:
    crisis = await world.value("SELECT crisis_id FROM need_lines WHERE need_line_id = $1", line)
    return UUID(body(await world.pledge(crisis, line, quantity, by))["allocation_id"])


async def test_each_is_taken_back_or_refused_for_itself(world: World):
    _, line = await open_line(world, "100")
    _, other = await open_line(world, "50")
    giver, stranger = caller("pledger"), caller("pledger")
    held = await promised(world, line, "40", giver)
    await world.accept(held)
    waiting, elsewhere = await promised(world, line, "30", giver), await promised(world, other, "5", stranger)
    outcomes = await together(world)(
        [
            withdrawal(held, giver),
            withdrawal(uuid4(), giver),
            withdrawal(waiting, stranger),
            withdrawal(elsewhere, stranger),
            withdrawal(held, giver),
        ]
    )
    assert statuses(outcomes) == [200, 404, 404, 200, 409]
    assert code_of(outcomes[4]) == "allocation_not_in_state"
    left = dict(
        await world.rows("SELECT allocation_id, lease_left FROM allocations WHERE state = 'withdrawn'")
    )
    assert left.keys() == {held, elsewhere}
    assert left[held] > 0 and left[elsewhere] is None, "only what was held was given up"
    sums = await world.rows("SELECT held, proposed FROM need_line_balances ORDER BY requested DESC")
    assert [tuple(each) for each in sums] == [(0, 30), (0, 0)]
    for key in (line, other):
        versions = [envelope.sequence for envelope, _ in await events(world) if envelope.key == str(key)]
        assert versions == sorted(set(versions))
    assert not any((await check_ledger(world.database)).values())


async def test_two_of_one_offer_and_line_are_counted_one_after_the_other(world: World):
    crisis, line = await open_line(world, "100")
    giver = caller("pledger")
    offer = await offered(world, crisis, lasting(world, tents("50")), giver)
    rows = [
        await pledged_from(world, crisis, line, offer.lines[0].offer_line_id, quantity, giver)
        for quantity in ("20", "30")
    ]
    for row in rows:
        await world.accept(row)
    began = await world.value("SELECT version FROM need_line_balances")
    assert statuses(await together(world)([withdrawal(row, giver) for row in rows])) == [200, 200]
    (need,) = await world.rows("SELECT held, version - $1::bigint AS told FROM need_line_balances", began)
    assert tuple(need) == (0, 2)
    (supply,) = await world.rows("SELECT qty, reserved + committed AS promised FROM offer_line_balances")
    assert tuple(supply) == (50, 0)
    told = [data for _, data in await events(world) if isinstance(data, LineEvent)]
    assert [data.line.gap for data in told[-3:]] == [50, 70, 100]
    assert not any((await check_ledger(world.database)).values())


@pytest.mark.parametrize("first", ["silence", "pledger"])
async def test_a5_expiry_of_a_hold_against_withdrawals_that_gathered_has_one_winner(world: World, first: str):
    _, line = await open_line(world, "100")
    giver = caller("pledger")
    rows = [await promised(world, line, "10", giver) for _ in range(2)]
    clock = (await world.accept(rows[0])).rows[0].clock
    assert clock is not None

    async def expire() -> object:
        return await world.database.unit_of_work(
            lambda tx: end_silence(tx, clock.deadline_id, rows[0], Timer.HOLD, world.tools)
        )

    async def speak() -> object:
        return await together(world)([withdrawal(row, giver) for row in rows])

    works = [expire, speak] if first == "silence" else [speak, expire]
    answers = await before_the_lock(world, line, works)
    expired, spoken = answers if first == "silence" else answers[::-1]
    assert isinstance(spoken, list), spoken
    assert statuses(spoken) == ([409, 200] if expired is True else [200, 200])
    states = await world.rows("SELECT state FROM allocations ORDER BY allocation_id")
    assert [each["state"] for each in states] == [
        "hold_expired" if expired is True else "withdrawn",
        "withdrawn",
    ]
    assert not any((await check_ledger(world.database)).values())


async def test_who_may_no_longer_speak_where_the_need_went_takes_nothing_back(world: World):
    crisis = await world.open_crisis(area=("TUR031", "TUR046"))
    need = await world.open_need(crisis.crisis_id, world.tents("100"))
    line = need.lines[0].need_line_id
    giver = caller("pledger", provinces=frozenset({"31"}))
    row = await promised(world, line, "10", giver)
    there = RelocateNeed(need.need_id, "TUR046001", "site_moved")
    relocating, spoken = await before_the_lock(
        world,
        line,
        [
            lambda: world.database.unit_of_work(
                lambda tx: relocate_need(tx, there, world.secretariat, world.tools)
            ),
            lambda: together(world)([withdrawal(row, giver)]),
        ],
    )
    assert not isinstance(relocating, BaseException), relocating
    assert isinstance(spoken, list) and isinstance(spoken[0], RoleMissing), spoken
    assert await world.value("SELECT state FROM allocations") == "proposed"


async def test_many_cost_as_many_statements_as_one(world: World):
    _, line = await open_line(world, "100")
    giver = caller("pledger")
    rows = [await promised(world, line, "5", giver) for _ in range(6)]
    for row in rows:
        await world.accept(row)

    async def statements(some: list[UUID]) -> int:
        async def work(tx: Transaction) -> int:
            counted = Counted(tx)
            each = [Asked(WithdrawAllocation(row, "transport_lost"), giver) for row in some]
            tx_together = Together(counted)
            assert not any(
                isinstance(done, Exception) for done in await withdraw_each(tx_together, each, world.tools)
            )
            await tx_together.run()
            return counted.statements

        return await world.database.unit_of_work(work)

    assert await statements(rows[:1]) == await statements(rows[1:]) > 0
