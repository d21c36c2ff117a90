"""The rows of an import are taken back while nobody built on them."""

from crisis.domain.imports import RUN
from crisis.domain.merging import MergeMode
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.merge_need import MergeNeed, merge_need
from crisis.usecases.state_elsewhere import StateElsewhere, state_elsewhere
from crisis.usecases.verify_need import VerifyNeed, verify_need
from tests.db.crisis.importing import (
    exported,
    ground,
    new_row,
    outcomes,
    requested,
    revise,
    run,
    take_back,
    upload,
    worker,
)
from tests.db.crisis.world import World


async def test_undo_asks_what_was_asked_before_and_closes_what_nobody_took_up(world: World):
    crisis_id, _, line = await ground(world)
    rows = [await exported(world, line, requested="1500"), new_row(world)]
    imported = await upload(world, crisis_id, *rows)
    await run(world, imported)
    await verify_all(world)
    await take_back(world, imported)
    assert await worker(world, RUN).run_once() == 1
    assert await outcomes(world, imported) == [
        (2, "changed", "undone", None),
        (3, "new", "undone", None),
    ]
    assert await requested(world, line) == 1000
    closed = await world.rows("SELECT close_reason FROM needs WHERE state = 'closed'")
    assert [row["close_reason"] for row in closed] == ["cancelled_by_asker"]
    await run(world, imported, rows=(2,))
    assert await requested(world, line) == 1500
    assert not any((await check_ledger(world.database)).values())


async def verify_all(world: World) -> None:
    for row in await world.rows("SELECT need_id FROM needs WHERE state = 'submitted'"):
        await world.database.unit_of_work(
            lambda tx, row=row: verify_need(tx, VerifyNeed(row["need_id"], 1), world.secretariat, world.tools)
        )


async def test_what_others_built_on_is_kept_with_its_reason(world: World):
    crisis_id, _, line = await ground(world)
    rows = [
        await exported(world, line, requested="1500"),
        new_row(world, "40"),
        new_row(world, "50"),
    ]
    imported = await upload(world, crisis_id, *rows)
    await run(world, imported)
    await revise(world, line, "1600")
    taken = await world.value("SELECT need_line_id FROM need_line_balances WHERE requested = 40")
    waiting = await world.value("SELECT need_id FROM import_rows WHERE row_no = 4")
    need_id = await world.value("SELECT need_id FROM need_lines WHERE need_line_id = $1", taken)
    await world.database.unit_of_work(
        lambda tx: verify_need(tx, VerifyNeed(need_id, 1), world.secretariat, world.tools)
    )
    await world.pledge(crisis_id, taken, "10")
    await take_back(world, imported)
    await worker(world, RUN).run_once()
    assert await outcomes(world, imported) == [
        (2, "changed", "kept", "line_moved_on"),
        (3, "new", "kept", "need_taken_up"),
        (4, "new", "kept", "need_not_in_state"),
    ]
    assert await requested(world, line) == 1600
    states = await world.rows("SELECT state FROM needs WHERE need_id = ANY ($1)", [need_id, waiting])
    assert sorted(row["state"] for row in states) == ["open", "submitted"]
    assert await world.value("SELECT state FROM allocations") == "proposed"


async def test_undo_takes_no_goods_away(world: World):
    crisis_id, _, line = await ground(world)
    imported = await upload(world, crisis_id, await exported(world, line, requested="1500"))
    await run(world, imported)
    await world.pledge(crisis_id, line, "1200")
    await world.accept(await world.value("SELECT allocation_id FROM allocations"))
    before = await world.rows("SELECT allocation_id, state, qty FROM allocations")
    await take_back(world, imported)
    await worker(world, RUN).run_once()
    assert await outcomes(world, imported) == [(2, "changed", "kept", "holds_stand")]
    problem = await world.value("SELECT problem::text FROM import_rows")
    assert "200 adet" in problem
    assert await requested(world, line) == 1500
    assert await world.rows("SELECT allocation_id, state, qty FROM allocations") == before
    assert before[0]["state"] == "held"
    assert not any((await check_ledger(world.database)).values())


async def test_undo_asks_for_less_while_what_is_held_fits(world: World):
    crisis_id, _, line = await ground(world)
    imported = await upload(world, crisis_id, await exported(world, line, requested="1500"))
    await run(world, imported)
    await world.pledge(crisis_id, line, "1000")
    await world.accept(await world.value("SELECT allocation_id FROM allocations"))
    await take_back(world, imported)
    await worker(world, RUN).run_once()
    assert await outcomes(world, imported) == [(2, "changed", "undone", None)]
    assert await requested(world, line) == 1000


async def test_a_new_need_that_is_not_as_it_was_imported_is_kept(world: World):
    crisis_id, other, _ = await ground(world)
    rows = [new_row(world, "40"), new_row(world, "50"), new_row(world, "60")]
    imported = await upload(world, crisis_id, *rows)
    await run(world, imported)
    await verify_all(world)
    needs = await world.rows("SELECT need_id, need_line_id FROM import_rows ORDER BY row_no")
    merging = MergeNeed(other.need_id, needs[0]["need_id"], MergeMode.MAX)
    await world.database.unit_of_work(lambda tx: merge_need(tx, merging, world.secretariat, world.tools))
    await revise(world, needs[1]["need_line_id"], "70")
    saying = StateElsewhere(needs[2]["need_line_id"], "5", "adet", "order 7")
    await world.database.unit_of_work(lambda tx: state_elsewhere(tx, saying, world.secretariat, world.tools))
    await take_back(world, imported)
    await worker(world, RUN).run_once()
    assert [row[2:] for row in await outcomes(world, imported)] == [("kept", "need_built_on")] * 3
    problems = [
        row["problem"] for row in await world.rows("SELECT problem::text FROM import_rows ORDER BY 1")
    ]
    assert sorted("1 needs merged" in text for text in problems) == [False, False, True]
    assert sorted("1 statements" in text for text in problems) == [False, False, True]
    states = await world.rows("SELECT state FROM needs WHERE need_id = ANY ($1)", [row[0] for row in needs])
    assert {row["state"] for row in states} == {"open"}
