"""Lists are read from an index that begins at their cursor, whatever is asked for, however long they are."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from crisis.store import crises, needs, pledge_lists
from imece_chassis.database import Database
from imece_chassis.ids import uuid7
from tests.db.crisis.world import World
from tests.plans import Noted, generic_plan, scan

Read = Callable[[Any], Awaitable[Any]]

COPIES = """
INSERT INTO {table} OVERRIDING SYSTEM VALUE
SELECT (jsonb_populate_record(row, jsonb_build_object({changes}))).*
FROM {table} AS row, generate_series(1, 1000) AS n, LATERAL (SELECT md5(row::text || n)::uuid AS id) AS fresh
"""
CHANGES = {
    "crises": "'crisis_id', id, 'crisis_no', 'KRZ-2027-' || n",
    "needs": "'need_id', id, 'need_no', 1000 + n",
    "allocations": "'allocation_id', id, 'root_id', id, 'pledger_org_id', gen_random_uuid()",
}
FILL = f"""
BEGIN;
{"; ".join(COPIES.format(table=table, changes=changes) for table, changes in CHANGES.items())};
INSERT INTO crisis_settings
SELECT (jsonb_populate_record(row, jsonb_build_object('crisis_id', crisis.crisis_id))).*
FROM crisis_settings AS row, crises AS crisis WHERE crisis.crisis_id <> row.crisis_id;
COMMIT;
ANALYZE crises, crisis_settings, needs, allocations
"""


def needs_of(**wanted: Any) -> Read:
    given: dict[str, Any] = {"state": None, "asker_org_id": None, **wanted}
    return lambda tx: needs.page(tx, uuid7(), **given, after=None, limit=50)


def pledges_of(**wanted: Any) -> Read:
    names = ("pledger", "state", "need_line_id", "updated_since", "after")
    given: dict[str, Any] = {**dict.fromkeys(names), **wanted}
    return lambda tx: pledge_lists.page(tx, uuid7(), **given, limit=50)


NEEDS = ("needs", "needs_of_crisis", ("crisis_id = $1", "need_id < $2"))
PLEDGES = ("allocations", "allocations_of_crisis", ("crisis_id = $1", "allocation_id < $2"))
OWN = (
    "allocations",
    "allocations_of_pledger",
    ("pledger_org_id = $3", "crisis_id = $1", "allocation_id < $2"),
)
# All rows of the copied crisis are of one line, so the crisis's own index serves as well.
OF_LINE = ("allocations", "allocations_of_need_line allocations_of_crisis", ("allocation_id < $2",))
SINCE = datetime(2026, 2, 6, tzinfo=UTC)
FURTHER = (SINCE.isoformat(), str(uuid7()))
CHANGED = ("allocations", "changes_of_crisis", ("crisis_id = $1", "changed_at >= $2"))
OWN_CHANGED = (
    "allocations",
    "changes_of_pledger",
    ("pledger_org_id = $3", "crisis_id = $1", "changed_at >= $2"),
)
CHANGED_AFTER = ("allocations", "changes_of_crisis", ("crisis_id = $1", "(changed_at, allocation_id) >"))
CRISES = ("crises", "crises_pkey", ("crisis_id < $1",))
CASES: list[tuple[Read, tuple[str, str, tuple[str, ...]]]] = [
    (needs_of(), NEEDS),
    (needs_of(state="open"), NEEDS),
    (needs_of(asker_org_id=uuid7()), NEEDS),
    (pledges_of(), PLEDGES),
    (pledges_of(state="held"), PLEDGES),
    (pledges_of(pledger=uuid7()), OWN),
    (pledges_of(pledger=uuid7(), state="held"), OWN),
    (pledges_of(need_line_id=uuid7()), OF_LINE),
    (pledges_of(updated_since=SINCE), CHANGED),
    (pledges_of(updated_since=SINCE, state="held"), CHANGED),
    (pledges_of(updated_since=SINCE, after=FURTHER), CHANGED_AFTER),
    (pledges_of(pledger=uuid7(), updated_since=SINCE), OWN_CHANGED),
    (lambda tx: crises.page(tx, limit=50), CRISES),
    (lambda tx: crises.page(tx, state="open", limit=50), CRISES),
    (lambda tx: crises.page(tx, only=uuid7()), ("crises", "crises_pkey", ("crisis_id = $2",))),
]


async def test_every_list_begins_at_its_cursor_in_an_index(crisis_db: Database) -> None:
    await _some(World(crisis_db))
    session: Any = await crisis_db.dedicated()
    try:
        await session.execute(FILL)
        for read, (table, index, bounds) in CASES:
            noted = Noted()
            await read(noted)
            used, condition = scan(await generic_plan(session, noted.statements[0]), table)
            assert used in index.split(), condition
            assert not [bound for bound in bounds if bound not in condition], condition
    finally:
        session.terminate()


async def _some(world: World) -> None:
    """A crisis with one need on two lines and a pledge for each."""
    crisis = await world.open_crisis()
    need = await world.open_need(crisis.crisis_id, *(world.tents("1000") for _ in range(2)))
    for line in need.lines:
        await world.pledge(crisis.crisis_id, line.need_line_id, "10")
