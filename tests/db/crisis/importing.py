"""Imports for tests on a database: uploaded, chosen, run and taken back as one would ask for it."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from crisis.consumers.timers import effects
from crisis.domain.imports import RUN, SWEEP, Import, Raw, said_of
from crisis.domain.needs import Need
from crisis.store import import_rows
from crisis.usecases.choose_rows import ApplyImport, UndoImport, apply_import, undo_import
from crisis.usecases.revise_need_line import ReviseNeedLine, revise_need_line
from crisis.usecases.upload_import import UploadImport, compare_rows, upload_import
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import DeadlineWorker
from tests.db.crisis.world import TENT, World

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
