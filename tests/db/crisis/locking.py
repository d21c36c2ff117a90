"""Every lock the store takes: who holds it, and who must wait for it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from crisis.domain.desks import Watch
from crisis.domain.merging import MergeMode
from crisis.domain.tasks import Seat
from crisis.store import (
    allocations,
    crises,
    desks,
    hazards,
    import_rows,
    imports,
    line_terms,
    lines,
    merges,
    needs,
    offers,
    orders,
    organisations,
    packages,
    tasks,
    templates,
    two_keys,
    waivers,
)
from crisis.usecases.merge_need import MergeNeed, merge_need
from imece_chassis.database import Transaction
from tests.db.crisis.importing import new_row, upload
from tests.db.crisis.one_of_each import one_of_each
from tests.db.crisis.world import NOW, World

Hold = Callable[[Transaction, UUID], Awaitable[Any]]


@dataclass(frozen=True)
class Lock:
    """`holder` is in a transaction that lasts, `rival` must wait for its end; `subject` selects their id."""

    name: str
    subject: str
    holder: Hold
    rival: Hold


async def something_of_everything(world: World) -> None:
    """What there is to lock: of every list one, a merged need, an import, a standing."""
    examples = await one_of_each(world)
    twin = await world.open_need(examples.crisis_id, world.tents("10"))
    into = await world.open_need(examples.crisis_id, world.tents("10"))
    merge = MergeNeed(twin.need_id, into.need_id, MergeMode.MAX)
    await world.database.unit_of_work(lambda tx: merge_need(tx, merge, world.secretariat, world.tools))
    await upload(world, examples.crisis_id, new_row(world))
    await world.database.unit_of_work(
        lambda tx: organisations.set_standing(tx, world.pledger.organisation_id, 2, "active")
    )


def _each(name: str, subject: str, hold: Hold) -> Lock:
    """Two of the same command: the second waits for the first."""
    return Lock(name, subject, hold, hold)


def _row(table: str, read: Callable[..., Awaitable[Any]], key: str | None = None) -> Lock:
    column = key or f"{table.removesuffix('s')}_id"
    return _each(table, f"SELECT {column} FROM {table} LIMIT 1", partial(read, is_locked=True))


def _many(lock: Callable[[Transaction, list[UUID]], Awaitable[Any]]) -> Hold:
    return lambda tx, subject: lock(tx, [subject])


def _watch(tx: Transaction, desk: UUID) -> Awaitable[Any]:
    seat = Watch(desk, desk, False, Seat.DEPUTY, "person_0007", NOW, NOW + timedelta(hours=8))
    return desks.take_turn(tx, seat)


_CRISIS = "SELECT crisis_id FROM crises WHERE state = 'open' LIMIT 1"
_LINE = "SELECT need_line_id FROM allocations WHERE state = 'held' LIMIT 1"
_HELD = "SELECT allocation_id FROM allocations WHERE state = 'held' LIMIT 1"
_ORG = "SELECT org_id FROM organisation_standings LIMIT 1"
_SUBJECT = "SELECT subject_id FROM tasks WHERE state <> 'done' LIMIT 1"
_ANY_ID = "SELECT gen_random_uuid()"


def _open_tasks(tx: Transaction, subject: UUID) -> Awaitable[Any]:
    return tx.fetchval("SELECT subject_type FROM tasks WHERE subject_id = $1 LIMIT 1", subject)


async def _tasks_of(tx: Transaction, subject: UUID) -> None:
    await tasks.open_of(tx, await _open_tasks(tx, subject), subject, None)


LOCKS = (
    _each("crises", _CRISIS, crises.lock),
    Lock("crises, shared", _CRISIS, _many(crises.lock_shared), crises.lock),
    _each("ids of crises", _ANY_ID, crises.claim_id),
    _each("numbers of crises", _ANY_ID, lambda tx, _: crises.next_ordinal(tx, "KRZ", 2026)),
    _row("needs", needs.read),
    _each("need lines", _LINE, _many(lines.lock_needs)),
    _each("offer lines", "SELECT offer_line_id FROM offer_line_balances LIMIT 1", _many(lines.lock_supplies)),
    Lock("doors of need lines, entered", _LINE, _many(lines.enter), _many(lines.shut)),
    _each("doors of need lines, shut", _LINE, _many(lines.shut)),
    _row("allocations", allocations.read),
    _each("allocations, many", _HELD, _many(allocations.lock_many)),
    _each("held allocations of a line", _LINE, partial(line_terms.held, is_locked=True)),
    _each("allocations that move with their line", _LINE, _many(merges.rows_on)),
    _row("offers", offers.read),
    _each("ids of offers", _ANY_ID, offers.claim),
    _row("packages", packages.read),
    _row("need_merges", merges.latest, "need_id"),
    _row("two_keys", two_keys.read, "two_key_id"),
    _row("waivers", waivers.read),
    _row("saturation_orders", orders.read, "order_id"),
    _row("recurring_needs", templates.read_recurring, "recurring_id"),
    _row("imports", imports.read),
    _each(
        "import rows", "SELECT import_id FROM imports LIMIT 1", lambda tx, one: import_rows.lock(tx, one, 2)
    ),
    _row("tasks", tasks.read),
    _each("open tasks of a subject", _SUBJECT, _tasks_of),
    _row("desks", desks.read),
    _row("watches", desks.read_watch, "watch_id"),
    _each("seats and people of watches", "SELECT desk_id FROM desks LIMIT 1", _watch),
    _each("hazards", _ANY_ID, lambda tx, _: hazards.take_turn(tx, "flood")),
    _each("thresholds", _ORG, partial(organisations.thresholds, is_locked=True)),
    Lock(
        "standings, shared",
        _ORG,
        organisations.standing,
        lambda tx, org: organisations.set_standing(tx, org, 1, "active"),
    ),
    _each("standings", _ORG, lambda tx, org: organisations.set_standing(tx, org, 1, "active")),
)
