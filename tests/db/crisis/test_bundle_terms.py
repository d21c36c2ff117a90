"""What holds for a single promise holds for every row of a bundle: conditions, earmarks and limits."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crisis.domain.conditions import ConditionRequest, ConditionType
from crisis.domain.refusals import BundleDoesNotFit
from crisis.usecases.check_ledger import check_ledger
from tests.db.crisis.bundling import (
    a_bundle,
    accepted,
    bundling,
    proposed,
    read,
    states,
    three_lines,
)
from tests.db.crisis.offering import lasting, offered, tents
from tests.db.crisis.terms import counter
from tests.db.crisis.test_terms_of_use import hoards, letting_through
from tests.db.crisis.world import World


def codes(refused: BundleDoesNotFit) -> list[str]:
    return [row["code"] for row in refused.facts["rows"]]


async def test_a_row_with_an_open_condition_is_not_taken_and_holds_the_others_back(world: World):
    crisis_id, lines = await three_lines(world)
    command = bundling(world, crisis_id, [(line, "10") for line in lines])
    until = world.clock.now() + timedelta(days=1)
    bound = replace(command.rows[1], conditions=(ConditionRequest(ConditionType.PERMIT, until, None),))
    found = await proposed(world, replace(command, rows=(command.rows[0], bound, command.rows[2])))
    with pytest.raises(BundleDoesNotFit) as refused:
        await accepted(world, found.bundle.bundle_id)
    (row,) = refused.value.facts["rows"]
    assert (row["code"], row["allocation_id"]) == ("condition_open", str(found.rows[1].allocation_id))
    assert states(await read(world, found.bundle.bundle_id)) == ["proposed"] * 3


async def test_goods_earmarked_for_elsewhere_make_no_row(world: World):
    crisis_id, lines = await three_lines(world)
    offer = await offered(world, crisis_id, lasting(world, tents("100", earmark={"places": ["TUR046"]})))
    command = bundling(
        world,
        crisis_id,
        [(line, "10") for line in lines],
        offer_id=offer.offer_id,
        offer_line_id=offer.lines[0].offer_line_id,
    )
    with pytest.raises(BundleDoesNotFit) as refused:
        await proposed(world, command)
    assert codes(refused.value) == ["earmark_mismatch"] * 3


async def test_above_the_hoarding_limit_a_desk_says_once_for_all_rows_why_it_accepts(world: World):
    crisis_id, line = await letting_through(world)
    await hoards(world, crisis_id, line)
    need = await world.open_need(crisis_id, *(world.tents("10") for _ in range(2)))
    found = await a_bundle(world, crisis_id, [(each.need_line_id, "5") for each in need.lines])
    assert states(found) == ["proposed"] * 2, "nothing is taken by itself"
    with pytest.raises(BundleDoesNotFit) as refused:
        await accepted(world, found.bundle.bundle_id)
    assert codes(refused.value) == ["hoarding_limit"] * 2
    await accepted(world, found.bundle.bundle_id, override_reason="only_source")
    assert states(await read(world, found.bundle.bundle_id)) == ["held"] * 2
    logged = await world.rows(
        "SELECT reason FROM command_log WHERE command = 'accept_allocation' AND reason IS NOT NULL"
    )
    assert [row["reason"] for row in logged] == ["only_source"] * 2


async def test_rows_that_need_no_person_are_held_at_once(world: World):
    crisis_id, _ = await letting_through(world)
    need = await world.open_need(crisis_id, *(world.tents("10") for _ in range(2)))
    found = await a_bundle(world, crisis_id, [(each.need_line_id, "5") for each in need.lines])
    assert (states(found), found.version) == (["held"] * 2, 4)
    logged = await world.value("SELECT after_version FROM command_log WHERE command = 'propose_bundle'")
    assert logged == 4
    assert not any((await check_ledger(world.database)).values())


async def test_each_side_takes_the_rows_that_wait_for_it(world: World):
    crisis_id, lines = await three_lines(world)
    found = await a_bundle(world, crisis_id, [(line, "40") for line in lines])
    await counter(world, found.rows[0].allocation_id, world.secretariat, quantity="30")
    done = await accepted(world, found.bundle.bundle_id, by=world.pledger)
    assert sorted(row.state for row in done.skipped) == ["declined", "proposed", "proposed"]
    assert sorted(states(await read(world, found.bundle.bundle_id))) == [
        "declined",
        "held",
        "proposed",
        "proposed",
    ]
    await accepted(world, found.bundle.bundle_id)
    assert sorted(states(await read(world, found.bundle.bundle_id))) == ["declined", *["held"] * 3]
    logged = await world.rows(
        "SELECT counterparty_org_id FROM command_log WHERE command = 'accept_bundle' ORDER BY after_version"
    )
    sides = [world.secretariat.organisation_id, world.pledger.organisation_id]
    assert [row[0] for row in logged] == sides
    assert not any((await check_ledger(world.database)).values())
