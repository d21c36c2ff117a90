"""The rows of an import are worked off beside everything else, with the rights of whoever chose them."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from crisis.consumers.imports import mirrored
from crisis.consumers.timers import effects, workers
from crisis.domain.imports import RUN
from crisis.domain.refusals import RowNotApplied
from crisis.usecases.reading_imports import one_import
from crisis.usecases.run_import import run_import
from imece_chassis.access.caller import Caller
from imece_chassis.access.deny import DenyList
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, DeadlineWorker
from tests.db.crisis.importing import choose, ground, new_row, outcomes, run, take_back, upload
from tests.db.crisis.world import World


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
