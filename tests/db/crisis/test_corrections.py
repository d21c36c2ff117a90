"""Correcting the record with two keys, on real rows: old rows stay, new ones say what is true."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from crisis.domain.conditions import ConditionType
from crisis.domain.refusals import (
    AllocationNotInState,
    ConditionOpen,
    GapExceeded,
    KeyPending,
    NotFound,
    RoleMissing,
    SameKey,
    SameParty,
    SecondKeyMissing,
)
from crisis.store import corrections
from crisis.usecases import reading
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.reading_corrections import corrections_of_line
from crisis.usecases.reading_history import need_history
from crisis.usecases.revise_offer_line import ReviseOfferLine, revise_offer_line
from crisis.usecases.two_keys import LAPSE
from imece_contracts.crisis import AllocationCorrected, OfferRevised
from tests.db.crisis.correcting import ask_to_correct, corrected
from tests.db.crisis.offering import lasting, offered, tents
from tests.db.crisis.terms import counter, pledged_from, state_of
from tests.db.crisis.test_line_terms import hold, revise
from tests.db.crisis.test_one_pledge import body, events, open_line
from tests.db.crisis.test_silence import worker
from tests.db.crisis.test_terms_of_use import until
from tests.db.crisis.test_two_keys import another_key, confirm
from tests.db.crisis.world import World, caller


async def broken(world: World) -> list[str]:
    found = await check_ledger(world.database)
    return [f"{row.check}: {row.subject}: {row.found}" for rows in found.values() for row in rows]


async def test_a44_a_correction_with_two_keys_keeps_old_rows_and_shows_both(world: World):
    crisis_id, line = await open_line(world, "500")
    row = await hold(world, crisis_id, line, "300")
    old = await world.rows("SELECT * FROM allocation_entries ORDER BY line_version")
    asked = await ask_to_correct(world, row, confirmed="280", damaged="12", short="8")
    assert await world.value("SELECT held FROM need_line_balances") == 300, "one key changes nothing"
    with pytest.raises(SameKey):
        await confirm(world, asked, world.secretariat)
    await confirm(world, asked)

    entries = await world.rows("SELECT * FROM allocation_entries ORDER BY line_version, from_state = 'split'")
    assert [tuple(entry) for entry in entries[: len(old)]] == [tuple(entry) for entry in old], (
        "old rows remain"
    )
    assert await state_of(world, row) == "split"
    sums = await world.rows(
        "SELECT to_state, sum(qty)::int AS qty FROM allocation_entries WHERE from_state = 'split'"
        " GROUP BY to_state ORDER BY to_state"
    )
    assert [tuple(each) for each in sums] == [("confirmed", 280), ("damaged", 12), ("short", 8)]
    (balance,) = await world.rows("SELECT held, good, lost, version FROM need_line_balances")
    assert tuple(balance) == (0, 280, 20, 4)
    assert await broken(world) == [], "entries sum to the new state"

    need = await world.value("SELECT need_id FROM needs")
    story = await world.database.snapshot(lambda tx: need_history(tx, need, world.asker, None, 50))
    told = [(event.command, event.subject_id) for event in story]
    assert told.index(("accept_allocation", row)) < told.index(("correct_record", row)), "history shows both"
    (known,) = await world.database.snapshot(lambda tx: corrections_of_line(tx, line, world.asker, 0, 10))
    assert (known.before.allocation_id, known.before.state, known.before.qty) == (row, "held", 300)
    assert sorted((piece.state, piece.qty) for piece in known.after) == [
        ("confirmed", 280), ("damaged", 12), ("short", 8),
    ]  # fmt: skip
    assert (known.reason, known.two_key_id) == ("counted_wrong", asked.two_key_id)

    event = (await events(world))[-1][1]
    assert isinstance(event, AllocationCorrected)
    assert (event.before.state, event.before.qty, len(event.after)) == ("held", 300, 3)
    assert (event.line.H, event.line.D, event.line.L, event.line.gap) == (0, 280, 20, 220)


async def test_an_excess_raises_the_offer_and_is_carried_without_room(world: World):
    crisis_id, line = await open_line(world, "100")
    row = await hold(world, crisis_id, line, "100")
    await world.pledge(crisis_id, line, "40")
    await corrected(world, row, "15", confirmed="100")
    (balance,) = await world.rows("SELECT good, carried_excess, waitlisted FROM need_line_balances")
    assert tuple(balance) == (115, 15, 40)
    assert await world.value("SELECT max(qty) FROM offer_line_balances") == 115
    told = [data for _, data in await events(world)]
    assert isinstance(told[-1], OfferRevised) or isinstance(told[-2], OfferRevised)
    assert await world.value("SELECT count(*) FROM tasks WHERE kind = 'surplus' AND state <> 'done'") == 1
    assert await world.value("SELECT count(*) FROM deadlines WHERE kind = 'need_line.promote'") == 0
    assert await broken(world) == []


async def test_what_came_in_excess_names_the_correction_that_counts_it(world: World):
    crisis_id, line = await open_line(world, "100")
    row = await hold(world, crisis_id, line, "60")
    await corrected(world, row, "15", confirmed="60")
    excess = await world.value("SELECT excess_allocation_id FROM corrections")
    told = await world.database.snapshot(
        lambda tx: reading.allocation(tx, excess, world.asker, world.clock.now())
    )
    (known,) = told.corrections
    assert known.before.allocation_id == row
    assert known.excess is not None and known.excess.allocation_id == excess


async def test_what_was_given_back_by_mistake_counts_again(world: World):
    crisis_id, line = await open_line(world, "100")
    row = await hold(world, crisis_id, line, "60")
    await world.withdraw(row, "stock_gone")
    assert await world.value("SELECT qty FROM offer_line_balances") == 0
    await corrected(world, row, confirmed="60")
    (supply,) = await world.rows("SELECT qty, consumed FROM offer_line_balances")
    assert tuple(supply) == (60, 60)
    assert await world.value("SELECT good FROM need_line_balances") == 60
    assert await broken(world) == []


async def supply_of(world: World) -> tuple[int, int]:
    """What the one offer line holds, and how much of it came."""
    (supply,) = await world.rows("SELECT qty::int, consumed::int FROM offer_line_balances")
    return supply["qty"], supply["consumed"]


async def test_what_was_raised_for_goods_that_did_not_come_after_all_is_lowered(world: World):
    crisis_id, line = await open_line(world, "100")
    row = await hold(world, crisis_id, line, "60")
    await world.withdraw(row, "stock_gone")
    await corrected(world, row, confirmed="60")
    came = await world.value("SELECT allocation_id FROM allocations WHERE state = 'confirmed'")
    await corrected(world, came, confirmed="25", released="35")
    assert await supply_of(world) == (25, 25), "nobody can promise the 35 that never were"
    came = await world.value("SELECT allocation_id FROM allocations WHERE state = 'confirmed'")
    await corrected(world, came, released="25")
    assert await supply_of(world) == (0, 0)
    assert await broken(world) == []


async def test_an_excess_that_did_not_come_after_all_is_no_supply(world: World):
    crisis_id, line = await open_line(world, "100")
    await corrected(world, await hold(world, crisis_id, line, "60"), "15", confirmed="60")
    excess = await world.value("SELECT excess_allocation_id FROM corrections")
    await corrected(world, excess, released="15")
    assert await supply_of(world) == (60, 60)
    assert await broken(world) == []


async def test_stock_that_is_gone_meanwhile_does_not_hide_what_was_raised(world: World):
    """An offer of 100: 60 held, 15 more than that said to have come, then the other 40 are gone."""
    crisis_id, line = await open_line(world, "100")
    offer = await offered(world, crisis_id, lasting(world, tents("100")))
    first, second = [
        await pledged_from(world, crisis_id, line, offer.lines[0].offer_line_id, quantity)
        for quantity in ("60", "40")
    ]
    await world.accept(first)
    await corrected(world, first, "15", confirmed="60")
    excess = await world.value("SELECT excess_allocation_id FROM corrections")
    await world.withdraw(second, "stock_gone")
    assert await supply_of(world) == (75, 75)
    await corrected(world, excess, released="15")
    assert await supply_of(world) == (60, 60)
    assert await broken(world) == []


async def test_whose_record_is_corrected_first_makes_no_difference(world: World):
    """60 came although another promise holds all of the offer, which is then found to be void."""
    crisis_id, line = await open_line(world, "500")
    offer = await offered(world, crisis_id, lasting(world, tents("100")))
    given = offer.lines[0].offer_line_id
    came = await pledged_from(world, crisis_id, line, given, "60")
    await world.withdraw(came, "needed_elsewhere")
    void = await pledged_from(world, crisis_id, line, given, "100")
    await world.accept(void)
    await corrected(world, came, confirmed="60")
    assert await supply_of(world) == (160, 60)
    await corrected(world, void, released="100")
    assert await supply_of(world) == (100, 60)
    assert await broken(world) == []


async def test_goods_an_owner_spoke_of_since_stay_when_a_correction_is_taken_back(world: World):
    crisis_id, line = await open_line(world, "100")
    await corrected(world, await hold(world, crisis_id, line, "60"), "15", confirmed="60")
    excess = await world.value("SELECT excess_allocation_id FROM corrections")
    (offered,) = await world.rows("SELECT offer_id, offer_line_id FROM offer_lines")
    more = ReviseOfferLine(offered["offer_id"], offered["offer_line_id"], "80")
    await world.database.unit_of_work(lambda tx: revise_offer_line(tx, more, world.pledger, world.tools))
    await corrected(world, excess, released="15")
    assert await supply_of(world) == (80, 60)
    assert await broken(world) == []


async def test_a_piece_of_a_correction_can_be_corrected_and_goes_on_as_any_row(world: World):
    crisis_id, line = await open_line(world, "100")
    row = await hold(world, crisis_id, line, "60")
    await corrected(world, row, held="40", released="20")
    kept = await world.value("SELECT allocation_id FROM allocations WHERE state = 'held'")
    await corrected(world, kept, confirmed="40")
    known = await world.database.snapshot(lambda tx: corrections.of_root(tx, row))
    assert [each.before.allocation_id for each in known] == [row, kept]
    with pytest.raises(AllocationNotInState):
        await ask_to_correct(world, row, confirmed="60")
    assert await broken(world) == []


async def test_a_correction_that_frees_room_calls_who_waits(world: World):
    crisis_id, line = await open_line(world, "100")
    row = await hold(world, crisis_id, line, "100")
    await world.pledge(crisis_id, line, "40")
    await corrected(world, row, held="70", short="30")
    called = "SELECT count(*) FROM deadlines WHERE state = 'pending' AND kind = 'need_line.promote'"
    assert await world.value(called) == 1


async def test_only_the_secretariat_asks_and_not_for_its_own_promise(world: World):
    crisis_id, line = await open_line(world)
    row = await hold(world, crisis_id, line, "60")
    desk = caller("provincial_desk", provinces=frozenset({"31"}))
    for who in (desk, world.asker, world.pledger):
        with pytest.raises(RoleMissing):
            await ask_to_correct(world, row, who, confirmed="60")
    with pytest.raises(NotFound):
        await ask_to_correct(world, row, caller("pledger"), confirmed="60")
    both = caller("secretariat", "pledger")
    own = UUID(body(await world.pledge(crisis_id, line, "10", by=both))["allocation_id"])
    with pytest.raises(SameParty):
        await ask_to_correct(world, own, both, confirmed="10")
    asked = await ask_to_correct(world, own, confirmed="10")
    with pytest.raises(SameParty):
        await confirm(world, asked, both)
    with pytest.raises(NotFound):
        await confirm(world, asked, another_key(desk))
    await confirm(world, asked, caller("secretariat"))
    assert await broken(world) == []


async def test_a_correction_by_whoever_wrote_the_promise_down_is_found(world: World):
    crisis_id, line = await open_line(world)
    await corrected(world, await hold(world, crisis_id, line, "60"), confirmed="60")
    assert await broken(world) == []
    for key in ("first_org_id", "second_org_id"):
        await world.database.unit_of_work(
            lambda tx, key=key: tx.execute(
                f"UPDATE allocations AS row SET behalf_org_id = {key}, object_until = now()"
                " FROM corrections AS done WHERE done.allocation_id = row.allocation_id"
            )
        )
        assert [each for each in await broken(world) if each.endswith("without two keys of others")]


async def test_silence_voids_a_correction(world: World):
    crisis_id, line = await open_line(world)
    row = await hold(world, crisis_id, line, "60")
    asked = await ask_to_correct(world, row, confirmed="60")
    with pytest.raises(KeyPending):
        await ask_to_correct(world, row, short="60")
    assert asked.expires_at - asked.opened_at == timedelta(hours=24)
    while await worker(world, LAPSE).run_once():
        continue
    with pytest.raises(SecondKeyMissing):
        await confirm(world, asked)
    assert await state_of(world, row) == "held"


async def test_a_row_that_moved_on_before_the_second_key_is_left_alone(world: World):
    crisis_id, line = await open_line(world)
    row = await hold(world, crisis_id, line, "60")
    asked = await ask_to_correct(world, row, confirmed="60")
    await world.withdraw(row)
    with pytest.raises(AllocationNotInState) as refused:
        await confirm(world, asked)
    assert refused.value.facts["state"] == "withdrawn"
    assert await world.value("SELECT state FROM two_keys") == "pending", "and may be asked again or refused"


async def test_a_hold_is_checked_again_with_the_second_key(world: World):
    crisis_id, line = await open_line(world, "100")
    row = await hold(world, crisis_id, line, "60")
    await world.withdraw(row)
    asked = await ask_to_correct(world, row, held="60")
    await hold(world, crisis_id, line, "70")
    with pytest.raises(GapExceeded) as refused:
        await confirm(world, asked)
    assert refused.value.facts["room"] == "30"


async def test_an_open_condition_stands_against_a_hold_and_not_against_what_came(world: World):
    crisis_id, line = await open_line(world)
    row = UUID(body(await world.pledge(crisis_id, line, "60"))["allocation_id"])
    await counter(world, row, world.secretariat, conditions=(until(world),))
    with pytest.raises(ConditionOpen):
        await ask_to_correct(world, row, held="60")
    await corrected(world, row, confirmed="60")
    assert await broken(world) == []


async def test_a_hold_that_reaches_the_least_quantity_settles_the_condition(world: World):
    crisis_id, line = await open_line(world)
    least = until(world, ConditionType.MIN_QTY, min_qty=Decimal(50))
    row = UUID(body(await world.pledge(crisis_id, line, "60", conditions=(least,)))["allocation_id"])
    asked = await ask_to_correct(world, row, held="60")
    assert await world.value("SELECT state FROM conditions") == "open", "one key changes nothing"
    await confirm(world, asked)
    (known,) = await world.rows("SELECT state, deadline_id FROM conditions")
    assert tuple(known) == ("met", None)
    assert await world.value("SELECT state FROM deadlines WHERE kind = 'condition.due'") == "cancelled"
    assert await broken(world) == []


async def test_others_see_only_corrections_of_their_own_promises(world: World):
    crisis_id, line = await open_line(world)
    await corrected(world, await hold(world, crisis_id, line, "60"), confirmed="60")

    async def seen_by(who) -> int:
        found = await world.database.snapshot(lambda tx: corrections_of_line(tx, line, who, 0, 10))
        return len(found)

    assert [await seen_by(who) for who in (world.asker, world.pledger, caller("pledger"))] == [1, 1, 0]


async def test_lowering_goes_on_above_what_was_corrected(world: World):
    crisis_id, line = await open_line(world, "100")
    await corrected(world, await hold(world, crisis_id, line, "60"), "10", confirmed="60")
    await hold(world, crisis_id, line, "20")
    done = await revise(world, line, quantity="75")
    assert (done.balance.held, done.balance.good, done.balance.surplus) == (5, 70, 0)
    assert await broken(world) == []


async def test_a_correction_and_a_withdrawal_race_and_one_wins(world: World):
    crisis_id, line = await open_line(world)
    row = await hold(world, crisis_id, line, "60")
    asked = await ask_to_correct(world, row, confirmed="60")
    both = await asyncio.gather(confirm(world, asked), world.withdraw(row), return_exceptions=True)
    assert [type(each) for each in both if isinstance(each, Exception)] == [AllocationNotInState]
    assert await broken(world) == []
