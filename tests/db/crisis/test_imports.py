"""An upload changes nothing; its rows become commands one by one, once each, as they are chosen."""

from dataclasses import replace

import pytest

from crisis.domain.imports import RUN, SWEEP
from crisis.domain.refusals import ImportNotOpen, NotFound, RoleMissing, RowNotChoosable
from crisis.store.personal_data import scan
from crisis.usecases.check_ledger import check_ledger
from tests.db.crisis.importing import (
    choose,
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
from tests.db.crisis.world import World, caller


async def test_an_upload_changes_nothing_and_applying_gives_each_row_its_own_command(world: World):
    crisis_id, _, line = await ground(world)
    rows = [await exported(world, line, requested="1500"), new_row(world), new_row(world, "1,5")]
    imported = await upload(world, crisis_id, *rows)
    assert (await requested(world, line), await world.value("SELECT count(*) FROM needs")) == (1000, 1)
    await run(world, imported)
    assert await outcomes(world, imported) == [
        (2, "changed", "applied", None),
        (3, "new", "applied", None),
        (4, "invalid", None, None),
    ]
    assert (await requested(world, line), await world.value("SELECT count(*) FROM needs")) == (1500, 2)
    logged = await world.rows("SELECT command, actor_key_id FROM command_log ORDER BY at, command_id")
    assert [row["command"] for row in logged][-5:] == [
        "upload_import", "apply_import", "revise_need_line", "submit_need", "finish_import_run",
    ]  # fmt: skip
    assert logged[-2]["actor_key_id"] == world.asker.key_id
    told = await world.value("SELECT count(*) FROM outbox WHERE type = 'crisis.need_line.revised'")
    assert told == 1
    assert not any((await check_ledger(world.database)).values())


async def test_applying_again_does_nothing(world: World):
    crisis_id, _, _ = await ground(world)
    imported = await upload(world, crisis_id, new_row(world))
    await run(world, imported)
    assert (await choose(world, imported)).state == "open"
    assert (await choose(world, imported, rows=(2,))).state == "open"
    assert await worker(world, RUN).run_once() == 0
    assert await world.value("SELECT count(*) FROM needs") == 2
    assert await world.value("SELECT count(*) FROM needs WHERE intake = 'import'") == 1


async def test_a_line_that_moved_since_the_upload_is_refused_alone(world: World):
    crisis_id, _, line = await ground(world)
    rows = [await exported(world, line, requested="1500"), new_row(world)]
    imported = await upload(world, crisis_id, *rows)
    await revise(world, line, "1200")
    await run(world, imported)
    assert await outcomes(world, imported) == [
        (2, "changed", "refused", "line_moved_on"),
        (3, "new", "applied", None),
    ]
    assert await requested(world, line) == 1200


async def test_a_pledge_in_between_is_no_conflict(world: World):
    crisis_id, _, line = await ground(world)
    row = await exported(world, line, requested="1500")
    await world.pledge(crisis_id, line, "10")
    imported = await upload(world, crisis_id, row)
    await world.pledge(crisis_id, line, "10")
    await run(world, imported)
    assert await outcomes(world, imported) == [(2, "changed", "applied", None)]


async def test_a_conflict_is_overwritten_only_by_name(world: World):
    crisis_id, _, line = await ground(world)
    row = await exported(world, line, requested="1500")
    await revise(world, line, "1200")
    imported = await upload(world, crisis_id, row, new_row(world))
    with pytest.raises(RowNotChoosable):
        await choose(world, imported, rows=(2,))
    with pytest.raises(RowNotChoosable):
        await choose(world, imported, rows=(9,))
    await run(world, imported)
    assert await outcomes(world, imported) == [(2, "conflict", None, None), (3, "new", "applied", None)]
    other = await upload(world, crisis_id, row, new_row(world))
    await run(world, other, overwrite=(2,))
    assert await outcomes(world, other) == [(2, "conflict", "applied", None), (3, "new", None, None)]
    assert await requested(world, line) == 1500
    await take_back(world, other)
    await worker(world, RUN).run_once()
    assert await requested(world, line) == 1200


async def test_an_import_is_its_organisations_own_and_asks_for_a_role(world: World):
    crisis_id, _, line = await ground(world)
    with pytest.raises(RoleMissing):
        await upload(world, crisis_id, new_row(world), by=world.pledger)
    with pytest.raises(NotFound):
        await upload(world, line, new_row(world))
    imported = await upload(world, crisis_id, new_row(world))
    with pytest.raises(NotFound):
        await choose(world, imported, by=caller("asker"))
    with pytest.raises(RoleMissing):
        await choose(world, imported, by=replace(world.asker, grants=()))


async def test_rows_are_chosen_while_nothing_runs(world: World):
    crisis_id, _, _ = await ground(world)
    imported = await upload(world, crisis_id, new_row(world))
    await choose(world, imported)
    with pytest.raises(ImportNotOpen):
        await choose(world, imported)
    with pytest.raises(ImportNotOpen):
        await take_back(world, imported)


async def test_what_was_uploaded_goes_and_what_was_done_stays(world: World):
    crisis_id, _, line = await ground(world)
    rows = [new_row(world, title="Ayşe Yılmaz, 0532 123 45 67"), await exported(world, line, requested="1,5")]
    imported = await upload(world, crisis_id, *rows)
    stored = await world.value("SELECT statement::text FROM import_rows WHERE row_no = 2")
    assert "Ayşe" in stored and "0532" not in stored
    assert await world.database.snapshot(scan) == []
    await choose(world, imported)
    assert await worker(world, SWEEP).run_once() == 1
    assert await world.value("SELECT state FROM imports") == "applying", "looked at again later"
    assert await worker(world, RUN).run_once() == 1
    assert await worker(world, SWEEP).run_once() == 1
    assert await world.value("SELECT state FROM imports") == "swept"
    texts = await world.rows("SELECT statement, issues::text FROM import_rows ORDER BY row_no")
    assert [tuple(row) for row in texts] == [(None, "[]"), (None, "[]")]
    assert [row[2] for row in await outcomes(world, imported)] == ["applied", None]
    with pytest.raises(ImportNotOpen):
        await take_back(world, imported)
    told = await world.rows("SELECT payload FROM outbox")
    assert not any("Ayşe".encode() in bytes(row["payload"]) for row in told)
