"""Rows of an import become commands one by one, once each, and are taken back while nobody built on them."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from crisis.consumers.imports import mirrored
from crisis.consumers.timers import effects, workers
from crisis.domain.imports import RUN, SWEEP, Import, Raw, said_of
from crisis.domain.merging import MergeMode
from crisis.domain.needs import Need
from crisis.domain.refusals import ImportNotOpen, NotFound, RoleMissing, RowNotApplied, RowNotChoosable
from crisis.store import import_rows
from crisis.store.personal_data import scan
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.choose_rows import ApplyImport, UndoImport, apply_import, undo_import
from crisis.usecases.merge_need import MergeNeed, merge_need
from crisis.usecases.reading_imports import one_import
from crisis.usecases.revise_need_line import ReviseNeedLine, revise_need_line
from crisis.usecases.run_import import run_import
from crisis.usecases.state_elsewhere import StateElsewhere, state_elsewhere
from crisis.usecases.upload_import import UploadImport, compare_rows, upload_import
from crisis.usecases.verify_need import VerifyNeed, verify_need
from imece_chassis.access.caller import Caller
from imece_chassis.access.deny import DenyList
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, DeadlineWorker
from tests.db.crisis.world import TENT, World, caller

ALL = (RUN, SWEEP)


def new_row(world: World, requested: str = "40", **changes: Raw) -> dict[str, Raw]:
    needed_by = (world.clock.now() + timedelta(days=2)).isoformat()
    row: dict[str, Raw] = {
        "district": "TUR031005",
        "item_code": TENT,
        "unit": "adet",
        "urgency": "urgent",
        "requested": requested,
        "needed_by": needed_by,
    }
    return {**row, **changes}


async def exported(world: World, line: UUID, **changes: Raw) -> dict[str, Raw]:
    sequence = await world.value("SELECT version FROM need_line_balances WHERE need_line_id = $1", line)
    return {"need_line_id": str(line), "sequence": str(sequence), **changes}


async def upload(world: World, crisis_id: UUID, *rows: Mapping[str, Raw], by: Caller | None = None) -> Import:
    who = by or world.asker
    read = [said_of(number, row) for number, row in enumerate(rows, start=2)]
    said = [row for row in read if row is not None]
    compared = await compare_rows(world.database, crisis_id, said, who, world.tools)
    command = UploadImport(crisis_id, "csv", repr(rows).encode(), 0, compared)
    done = await world.database.unit_of_work(lambda tx: upload_import(tx, command, who, world.tools))
    return done.imported


async def choose(world: World, imported: Import, by: Caller | None = None, **which: Any) -> Import:
    command = ApplyImport(imported.import_id, "counted_again", **which)
    return await world.database.unit_of_work(
        lambda tx: apply_import(tx, command, by or world.asker, world.tools)
    )


async def take_back(world: World, imported: Import, *rows: int) -> Import:
    command = UndoImport(imported.import_id, rows or None)
    return await world.database.unit_of_work(lambda tx: undo_import(tx, command, world.asker, world.tools))


def worker(world: World, *kinds: str, holder: Caller | None = None) -> DeadlineWorker:
    """Works off what was chosen by the asker's key, or by the one given."""

    async def found(tx: Transaction, key_id: UUID) -> Caller | None:
        who = holder or world.asker
        return who if who.key_id == key_id else None

    known = effects(world.database, world.tools, holder=found)
    return DeadlineWorker(world.database, {kind: known[kind] for kind in kinds or ALL})


async def run(world: World, imported: Import, **which: Any) -> None:
    await choose(world, imported, **which)
    assert await worker(world, RUN).run_once() == 1


async def outcomes(world: World, imported: Import) -> list[tuple[int, str, str | None, str | None]]:
    rows = await world.database.snapshot(lambda tx: import_rows.page(tx, imported.import_id, limit=100))
    return [
        (row.number, row.status.value, row.outcome, row.problem.code if row.problem else None) for row in rows
    ]


async def requested(world: World, line: UUID) -> Decimal:
    return await world.value("SELECT requested FROM need_line_balances WHERE need_line_id = $1", line)


async def ground(world: World) -> tuple[UUID, Need, UUID]:
    crisis = await world.open_crisis()
    need = await world.open_need(crisis.crisis_id)
    return crisis.crisis_id, need, need.lines[0].need_line_id


async def revise(world: World, line: UUID, quantity: str) -> None:
    command = ReviseNeedLine(line, "counted_again", quantity, "adet")
    await world.database.unit_of_work(
        lambda tx: revise_need_line(tx, command, world.secretariat, world.tools)
    )


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


async def test_two_workers_do_no_row_twice(world: World):
    crisis_id, _, _ = await ground(world)
    imported = await upload(world, crisis_id, *(new_row(world, str(n + 1)) for n in range(12)))
    begun = await choose(world, imported)
    work = effects(world.database, world.tools, holder=_asker(world))[RUN]
    deadline = await world.rows(
        "SELECT deadline_id, subject_type, subject_id, kind, due_at FROM deadlines WHERE deadline_id = $1",
        begun.run_deadline_id,
    )
    await asyncio.gather(*(work(Deadline(*deadline[0].values())) for _ in range(3)))
    assert await world.value("SELECT count(*) FROM needs") == 13
    assert {row[2] for row in await outcomes(world, imported)} == {"applied"}
    assert await world.value("SELECT state FROM imports") == "open"


def _asker(world: World) -> Any:
    async def holder(tx: Transaction, key_id: UUID) -> Caller | None:
        return world.asker

    return holder


async def test_a_run_goes_on_where_it_stopped_and_shows_how_far_it_is(world: World):
    crisis_id, _, _ = await ground(world)
    imported = await upload(world, crisis_id, *(new_row(world, str(n + 1)) for n in range(5)))
    begun = await choose(world, imported)
    deadline = begun.run_deadline_id
    assert deadline is not None

    async def go_on() -> int:
        return await run_import(
            world.database, deadline, imported.import_id, world.tools, _asker(world), rows_at_once=3
        )

    assert await go_on() == 3
    shown = await world.database.snapshot(lambda tx: one_import(tx, imported.import_id, world.asker))
    assert (shown.imported.state, shown.outcomes) == ("applying", {"applied": 3, "chosen": 2})
    assert await world.value("SELECT state FROM deadlines WHERE deadline_id = $1", deadline) == "pending"
    assert await go_on() == 2
    shown = await world.database.snapshot(lambda tx: one_import(tx, imported.import_id, world.asker))
    assert (shown.imported.state, shown.outcomes) == ("open", {"applied": 5})
    assert await go_on() == 0
    assert await world.value("SELECT count(*) FROM needs") == 6


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


async def test_no_other_clock_waits_for_the_rows_of_an_import(world: World):
    crisis_id, _, _ = await ground(world)
    sweeping = await upload(world, crisis_id, new_row(world))
    imported = await upload(world, crisis_id, *(new_row(world, str(n + 1)) for n in range(3)))
    await choose(world, imported)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(tx: Transaction, key_id: UUID) -> Caller | None:
        begun.set()
        await go_on.wait()
        return world.asker

    working = workers(world.database, world.tools, holder=slow)
    rows = asyncio.create_task(working.imports.run_once())
    await begun.wait()
    await working.clocks.run_once()
    state = "SELECT state FROM imports WHERE import_id = $1"
    assert await world.value(state, sweeping.import_id) == "swept"
    assert await world.value(state, imported.import_id) == "applying"
    go_on.set()
    assert await rows == 1
    assert await world.value(state, imported.import_id) == "open"


async def test_whom_an_operator_shut_out_no_import_goes_on_for(world: World):
    crisis_id, _, _ = await ground(world)
    who = world.asker
    await know(world, who)
    for denied in (who.key_id, who.integration_id, who.organisation_id):
        imported = await upload(world, crisis_id, new_row(world, str(denied.int % 97 + 1)))
        await choose(world, imported)
        holder = mirrored(world.tools, DenyList([str(denied)]))
        await workers(world.database, world.tools, holder=holder).imports.run_once()
        assert await outcomes(world, imported) == [(2, "new", "refused", "importer_gone")]
    known = await world.database.snapshot(lambda tx: mirrored(world.tools, DenyList())(tx, who.key_id))
    assert known is not None and known.organisation_id == who.organisation_id


async def test_a_row_that_fails_unforeseen_keeps_no_other_waiting(world: World):
    crisis_id, _, _ = await ground(world)
    imported = await upload(world, crisis_id, new_row(world), new_row(world, "50"))
    await choose(world, imported)
    asked: list[UUID] = []

    async def broken_once(tx: Transaction, key_id: UUID) -> Caller | None:
        asked.append(key_id)
        if len(asked) == 1:
            raise RuntimeError("nobody foresaw this")
        return world.asker

    await workers(world.database, world.tools, holder=broken_once).imports.run_once()
    assert await outcomes(world, imported) == [
        (2, "new", "refused", "row_failed"),
        (3, "new", "applied", None),
    ]


async def know(world: World, who: Caller) -> None:
    """The registry told of the key."""
    await world.database.unit_of_work(
        lambda tx: tx.execute(
            "INSERT INTO credentials_mirror (key_id, sequence, integration_id, organisation_id, digest,"
            " scopes, is_test, expires_on) VALUES ($1, 1, $2, $3, $4, $5, false, current_date + 90)",
            who.key_id,
            who.integration_id,
            who.organisation_id,
            bytes(32),
            sorted(who.scopes),
        )
    )


async def test_a_key_that_may_no_longer_write_stops_its_rows(world: World):
    crisis_id, _, _ = await ground(world)
    imported = await upload(world, crisis_id, new_row(world), new_row(world, "50"))
    await choose(world, imported)
    known = effects(world.database, world.tools)  # the registry never told of this key
    assert await DeadlineWorker(world.database, {RUN: known[RUN]}).run_once() == 1
    assert [row[3] for row in await outcomes(world, imported)] == ["importer_gone", "importer_gone"]
    assert await world.value("SELECT state FROM imports") == "open"
    with pytest.raises(RowNotApplied):
        await take_back(world, imported, 2)
    await run(world, imported, rows=(3,))
    assert [row[2] for row in await outcomes(world, imported)] == ["refused", "applied"]


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
