"""Lists are read from an index that begins at their cursor, whatever is asked for, however long they are."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from crisis.store import (
    candidates,
    crises,
    desks,
    hazards,
    line_lists,
    line_terms,
    need_lists,
    offer_lists,
    orders,
    packages,
    pledge_lists,
    release_requests,
    tasks,
    templates,
    two_keys,
    waivers,
)
from crisis.store.line_lists import LineFilter
from crisis.store.need_lists import NeedFilter
from crisis.store.offer_lists import MatchFilter, OfferFilter
from crisis.store.orders import OrderFilter
from crisis.store.pledge_lists import PledgeFilter
from crisis.store.tasks import TaskFilter
from imece_chassis.database import Database
from imece_chassis.ids import uuid7
from tests.bench.copies import COLUMNS, Copies, id_sql, insert_sql
from tests.db.crisis.one_of_each import one_of_each
from tests.db.crisis.world import World
from tests.plans import Noted, generic_plan, indexes, scans

Read = Callable[[Any], Awaitable[Any]]
LOOKED_AT = 100
"""Far fewer rows than there are, as in a long list."""
LAST_LOOKED_AT = f"OFFSET {LOOKED_AT - 1}"

COPIES = """
INSERT INTO {table} OVERRIDING SYSTEM VALUE
SELECT (jsonb_populate_record(row, jsonb_build_object({changes}))).*
FROM {table} AS row, generate_series(1, 1000) AS n, LATERAL (SELECT md5(row::text || n)::uuid AS id) AS fresh
"""
SETTLED = "'deadline_id', NULL"
ONE_OF_TWO = "md5((n % 2)::text)::uuid"
PLACE = "'TUR0' || lpad((n % 80 + 1)::text, 2, '0')"
BY_TWO = f"'asked_by_org', {ONE_OF_TWO}"
AN_HOUR = "tstzrange(now() + n * interval '1 hour', now() + (n + 1) * interval '1 hour')::text"
CHANGES = {
    "crises": "'crisis_id', id, 'crisis_no', 'KRZ-2027-' || id, 'changed_at', now() - n * interval '1 hour'",
    "needs": "'need_id', id, 'need_no', 1000 + n, 'changed_at', now() - n * interval '1 hour'",
    "allocations": (
        "'allocation_id', id, 'root_id', id, 'deadline_id', id, 'pledger_org_id', gen_random_uuid(),"
        " 'bundle_id', id, 'behalf_org_id', id, 'object_until', now()"
    ),
    "offers": f"'offer_id', id, 'offer_no', 1000 + n, 'org_id', gen_random_uuid(), 'origin', {PLACE}",
    "desks": "'desk_id', id",
    "watches": f"'watch_id', id, 'person_ref', 'person_' || id, 'period', {AN_HOUR}",
    "tasks": (
        "'task_id', id, 'subject_id', id, 'due_at', now() + n * interval '1 hour',"
        f" 'place', {PLACE}, 'item_group', 'group-' || n % 80,"
        " 'changed_at', now() - n * interval '1 hour'"
    ),
    "packages": "'package_id', id, 'org_id', gen_random_uuid()",
    "saturation_orders": "'order_id', id, 'changed_at', now() - n * interval '1 hour'",
    "release_requests": (
        f"'request_id', id, 'holder_org', {ONE_OF_TWO}, {BY_TWO}, 'state', 'agreed', {SETTLED}"
    ),
    "waivers": f"'waiver_id', id, 'asked_of_org', {ONE_OF_TWO}, {BY_TWO}, 'state', 'refused', {SETTLED}",
    "two_keys": "'two_key_id', id, 'subject_id', id",
    "need_templates": "'template_id', id, 'org_id', gen_random_uuid()",
    "recurring_needs": "'recurring_id', id, 'org_id', gen_random_uuid()",
    "hazard_reports": "'report_id', id, 'external_id', id",
    "elsewhere_statements": "'statement_id', id",
    "need_line_revisions": "'version', 1 + n",
}
FILL = f"""
BEGIN;
{"; ".join(COPIES.format(table=table, changes=changes) for table, changes in CHANGES.items())};
INSERT INTO crisis_settings
SELECT (jsonb_populate_record(row, jsonb_build_object('crisis_id', crisis.crisis_id))).*
FROM crisis_settings AS row, crises AS crisis WHERE crisis.crisis_id <> row.crisis_id
ON CONFLICT DO NOTHING;
INSERT INTO deadlines (deadline_id, subject_type, subject_id, kind, due_at)
SELECT deadline_id, 'allocation', allocation_id, 'copied', now() + row_number() OVER () * interval '1 hour'
FROM allocations WHERE deadline_id = allocation_id;
COMMIT
"""
A_LINE = id_sql(1, "n")
AN_HOUR_EACH = "now() - n * interval '1 hour'"
A_NEED = "(SELECT need_id FROM needs ORDER BY need_id OFFSET n LIMIT 1)"
LINES = (
    Copies(
        "need_lines",
        1000,
        {
            "need_line_id": A_LINE,
            "position": "1000 + n",
            "need_id": A_NEED,
            "tamp_group": "'group-' || n % 80",
        },
    ),
    Copies("need_line_balances", 1000, {"need_line_id": A_LINE, "changed_at": AN_HOUR_EACH}),
)
LONG = {*CHANGES, *(copies.table for copies in LINES), "deadlines"}
NOW = datetime(2026, 2, 6, 9, 0, tzinfo=UTC)


def needs_of(after: Any = None, **wanted: Any) -> Read:
    return lambda tx: need_lists.page(tx, NeedFilter(uuid7(), uuid7(), **wanted), after, 50, LOOKED_AT)


def pledges_of(after: Any = None, **wanted: Any) -> Read:
    return lambda tx: pledge_lists.page(tx, PledgeFilter(uuid7(), **wanted), after, 50, LOOKED_AT)


def offers_of(after: Any = None, **wanted: Any) -> Read:
    return lambda tx: offer_lists.page(tx, OfferFilter(uuid7(), **wanted), after, 50, LOOKED_AT)


def packages_of(**wanted: Any) -> Read:
    given: dict[str, Any] = {"org_id": None, "item_code": None, **wanted}
    return lambda tx: packages.page(tx, **given, now=NOW, after=None, limit=50)


def tasks_of(**wanted: Any) -> Read:
    after = wanted.pop("after", (NOW.isoformat(), str(uuid7())))
    filtered = TaskFilter(**{"host_org_id": uuid7(), "plates": frozenset({"31"}), **wanted})
    return lambda tx: tasks.page(tx, filtered, after, 50, LOOKED_AT)


def orders_of(after: Any = None, **wanted: Any) -> Read:
    return lambda tx: orders.page(tx, OrderFilter(uuid7(), **wanted), after, 50)


def crises_of(**wanted: Any) -> Read:
    return lambda tx: crises.page(tx, **wanted, limit=50)


def two_keys_of(crisis: Any) -> Read:
    return lambda tx: two_keys.pending(tx, ["set_over_cap"], uuid7(), [], crisis, None, 50)


# Where all copies are of one crisis, line or organisation, an index without it begins at the cursor as well.
NEEDS = ("needs", "needs_of_crisis needs_in_state needs_of_asker", ("crisis_id = $1", "need_id < $"))
PLACED = ("needs", "needs_of_province", ("crisis_id = $1", "need_id < $", ", 6) = $"))
PLEDGES = ("allocations", "allocations_of_crisis", ("crisis_id = $1", "allocation_id < $2"))
IN_STATE = (
    "allocations",
    "allocations_in_state allocations_of_crisis",
    ("crisis_id = $1", "allocation_id < $2"),
)
OWN = (
    "allocations",
    "allocations_of_pledger",
    ("pledger_org_id = $3", "crisis_id = $1", "allocation_id < $2"),
)
OF_LINE = ("allocations", "allocations_of_need_line allocations_of_crisis", ("allocation_id < $2",))
SINCE = datetime(2026, 2, 6, tzinfo=UTC)
FURTHER = (SINCE.isoformat(), str(uuid7()))
OF_BUNDLE = ("allocations", "rows_of_bundle", ("bundle_id = $3", "allocation_id < $2"))
WRITTEN = (
    "allocations",
    "written_for_others",
    ("behalf_org_id = $3", "crisis_id = $1", "allocation_id < $2"),
)
CHANGED = ("allocations", "changes_of_crisis", ("crisis_id = $1", "changed_at >= $2"))
OWN_CHANGED = (
    "allocations",
    "changes_of_pledger",
    ("pledger_org_id = $3", "crisis_id = $1", "changed_at >= $2"),
)
CHANGED_AFTER = ("allocations", "changes_of_crisis", ("crisis_id = $1", "(changed_at, allocation_id) >"))
CRISES = ("crises", "crises_pkey", ("crisis_id < $1",))
CRISES_CHANGED = ("crises", "crises_in_order_of_change", ("changed_at >= $1",))
CRISES_FURTHER = ("crises", "crises_in_order_of_change", ("(changed_at, crisis_id) >",))
OFFERS = ("offers", "offers_of_crisis offers_in_state", ("crisis_id = $1", "offer_id < $2"))
OWN_OFFERS = ("offers", "offers_of_organisation", ("org_id = $3", "crisis_id = $1", "offer_id < $2"))
OFFERS_CHANGED = ("offers", "offers_in_order_of_change", ("crisis_id = $1", "changed_at >= $2"))
PACKAGES = ("packages", "packages_pkey", ("package_id < $1",))
OWN_PACKAGES = ("packages", "packages_of_organisation", ("org_id = $2", "package_id < $1"))
WAITING = ("tasks", "tasks_waiting", ("ROW(due_at, task_id) >",))
ANY_TASK = ("tasks", "tasks_by_due tasks_of_crisis tasks_of_desk", ("ROW(due_at, task_id) >",))
OF_CRISIS = ("tasks", "tasks_of_crisis tasks_by_due", ("ROW(due_at, task_id) >",))
OF_DESK = ("tasks", "tasks_of_desk tasks_by_due", ("ROW(due_at, task_id) >",))
TASKS_CHANGED = ("tasks", "tasks_in_order_of_change", ("changed_at >= $1",))
TASKS_FURTHER = ("tasks", "tasks_in_order_of_change", ("changed_at >= $1", "(changed_at, task_id) >"))
ORDERS_CHANGED = ("saturation_orders", "orders_in_order_of_change", ("crisis_id = $1", "changed_at >= $2"))
ORDERS_FURTHER = (
    "saturation_orders",
    "orders_in_order_of_change",
    ("crisis_id = $1", "(changed_at, order_id) >"),
)
ORDERS = ("saturation_orders", "orders_of_crisis", ("crisis_id = $1", "order_id < $2"))
REQUESTS = ("release_requests", "requests_of_holder requests_of_asker", ("request_id < $2", "_org = $1"))
WAIVERS = ("waivers", "waivers_of_pledger waivers_of_desk", ("waiver_id < $2", "_org = $1"))
TWO_KEYS = ("two_keys", "pending_two_keys", ("two_key_id < $5",))
CASES: dict[str, tuple[Read, tuple[str, str, tuple[str, ...]]]] = {
    "needs": (needs_of(), NEEDS),
    "needs in a state": (needs_of(state="open"), NEEDS),
    "needs of an asker": (needs_of(is_mine=True), NEEDS),
    "needs of a province": (needs_of(province="TUR031"), PLACED),
    "needs of a province in a state": (needs_of(province="TUR031", state="open"), PLACED),
    "needs by urgency": (needs_of(urgency="urgent"), NEEDS),
    "needs for an item group": (needs_of(item_group="BAR", due_before=NOW), NEEDS),
    "pledges": (pledges_of(), PLEDGES),
    "pledges in a state": (pledges_of(state="held"), IN_STATE),
    "own pledges": (pledges_of(pledger=uuid7()), OWN),
    "own pledges in a state": (pledges_of(pledger=uuid7(), state="held"), OWN),
    "pledges for a line": (pledges_of(need_line_id=uuid7()), OF_LINE),
    "pledges of a bundle": (pledges_of(bundle_id=uuid7()), OF_BUNDLE),
    "pledges of a root changed since": (pledges_of(updated_since=SINCE, root_id=uuid7()), CHANGED),
    "pledges written for others": (pledges_of(writer=uuid7()), WRITTEN),
    "pledges written for others in a province": (pledges_of(writer=uuid7(), province="TUR031"), WRITTEN),
    "pledges written for others changed since": (pledges_of(updated_since=SINCE, writer=uuid7()), CHANGED),
    "pledges changed since": (pledges_of(updated_since=SINCE), CHANGED),
    "pledges in a state changed since": (pledges_of(updated_since=SINCE, state="held"), CHANGED),
    "pledges changed since, further": (pledges_of(updated_since=SINCE, after=FURTHER), CHANGED_AFTER),
    "own pledges changed since": (pledges_of(pledger=uuid7(), updated_since=SINCE), OWN_CHANGED),
    "pledges of a province": (pledges_of(province="TUR031"), PLEDGES),
    "pledges of a province in a state": (pledges_of(province="TUR031", state="held"), IN_STATE),
    "pledges for an item group": (pledges_of(item_group="BAR"), PLEDGES),
    "pledges by urgency": (pledges_of(urgency="urgent"), PLEDGES),
    "own pledges of a province": (pledges_of(pledger=uuid7(), province="TUR031"), OWN),
    "pledges of a province changed since": (pledges_of(updated_since=SINCE, province="TUR031"), CHANGED),
    "pledges due changed since, further": (
        pledges_of(FURTHER, updated_since=SINCE, due_before=NOW),
        CHANGED_AFTER,
    ),
    "crises": (crises_of(), CRISES),
    "crises in a state": (crises_of(state="open"), CRISES),
    "crises changed since": (crises_of(updated_since=SINCE), CRISES_CHANGED),
    "crises changed since, further": (crises_of(updated_since=SINCE, after=FURTHER), CRISES_FURTHER),
    "one crisis": (
        lambda tx: crises.document(tx, uuid7()),
        ("crises", "crises_pkey", ("crisis_id = $1",)),
    ),
    "offers": (offers_of(), OFFERS),
    "offers in a state": (offers_of(state="open"), OFFERS),
    "offers of a province": (offers_of(province="TUR006"), OFFERS),
    "offers of items due before": (offers_of(items=["SHL-TENT-FAM"], due_before=NOW), OFFERS),
    "offers changed since": (offers_of(updated_since=SINCE), OFFERS_CHANGED),
    "offers changed since, further": (offers_of(FURTHER, updated_since=SINCE), OFFERS_CHANGED),
    "own offers": (offers_of(org_id=uuid7()), OWN_OFFERS),
    "own offers in a state": (offers_of(org_id=uuid7(), state="open"), OWN_OFFERS),
    "packages": (packages_of(), PACKAGES),
    "own packages": (packages_of(org_id=uuid7()), OWN_PACKAGES),
    "tasks that wait": (tasks_of(state=tasks.WAITING), WAITING),
    "tasks that wait everywhere": (tasks_of(state=tasks.WAITING, plates=None), WAITING),
    "tasks": (tasks_of(), ANY_TASK),
    "tasks in a state": (tasks_of(state="done", is_mine=True), ANY_TASK),
    "tasks of a crisis": (tasks_of(crisis_id=uuid7(), kind="appeal", due_before=NOW), OF_CRISIS),
    "tasks of a desk": (tasks_of(desk_id=uuid7()), OF_DESK),
    "tasks that wait in a province": (
        tasks_of(state=tasks.WAITING, province="TUR031", plates=None, crisis_id=uuid7()),
        WAITING,
    ),
    "tasks for an item group": (tasks_of(item_group="BAR", urgency="urgent", plates=None), ANY_TASK),
    "tasks changed since": (tasks_of(after=None, updated_since=SINCE), TASKS_CHANGED),
    "tasks of a crisis changed since, further": (
        tasks_of(after=FURTHER, updated_since=SINCE, crisis_id=uuid7(), state=tasks.WAITING),
        TASKS_FURTHER,
    ),
    "orders": (orders_of(), ORDERS),
    "orders in a state": (orders_of(state="active"), ORDERS),
    "orders changed since": (orders_of(updated_since=SINCE), ORDERS_CHANGED),
    "orders changed since, further": (orders_of(FURTHER, updated_since=SINCE), ORDERS_FURTHER),
    "release requests": (lambda tx: release_requests.page(tx, uuid7(), None, None, 50), REQUESTS),
    "release requests in a state": (
        lambda tx: release_requests.page(tx, uuid7(), "pending", None, 50),
        REQUESTS,
    ),
    "waivers": (lambda tx: waivers.page(tx, uuid7(), None, None, 50), WAIVERS),
    "waivers in a state": (lambda tx: waivers.page(tx, uuid7(), "pending", None, 50), WAIVERS),
    "two keys": (two_keys_of(None), TWO_KEYS),
    "two keys of a crisis": (two_keys_of(uuid7()), TWO_KEYS),
    "templates": (
        lambda tx: templates.page(tx, uuid7(), None, 50),
        ("need_templates", "templates_of_org", ("org_id = $1", "template_id < $2")),
    ),
    "recurring needs": (
        lambda tx: templates.recurring_of(tx, uuid7(), uuid7(), None, 50),
        ("recurring_needs", "recurring_of_org", ("crisis_id = $1", "org_id = $2", "recurring_id < $3")),
    ),
    "desks": (
        lambda tx: desks.page(tx, uuid7(), None, 50),
        ("desks", "desks_pkey", ("desk_id > $1",)),
    ),
    "hazard reports": (
        lambda tx: hazards.of_crisis(tx, uuid7(), None, 50),
        ("hazard_reports", "reports_in_order hazard_reports_pkey", ("report_id > $2",)),
    ),
    "statements": (
        lambda tx: line_terms.statements_after(tx, uuid7(), None, 50),
        (
            "elsewhere_statements",
            "statements_in_order elsewhere_statements_pkey",
            ("statement_id > $2",),
        ),
    ),
    "revisions": (
        lambda tx: line_terms.revisions(tx, uuid7(), 3, 50),
        ("need_line_revisions", "need_line_revisions_pkey", ("need_line_id = $1", "version > $2")),
    ),
}


async def test_every_list_begins_at_its_cursor_in_an_index(crisis_db: Database) -> None:
    await one_of_each(World(crisis_db))
    session: Any = await crisis_db.dedicated()
    try:
        await session.execute("SET statement_timeout = 0")
        await session.execute(FILL)
        for copies in LINES:
            columns = [row[0] for row in await session.fetch(COLUMNS, copies.table)]
            await session.execute(insert_sql(copies, columns))
        await session.execute("ANALYZE")
        for name, (read, (table, index, bounds)) in CASES.items():
            for statement in await statements_of(read):
                nodes = await generic_plan(session, statement)
                for used, condition in scans(nodes, table):
                    assert used in index.split(), f"{name}: {used} {condition}"
                    assert not [bound for bound in bounds if bound not in condition], f"{name}: {condition}"
                assert is_short(nodes), name
        await _pieces_are_found_by_their_root(session)
        await _watches_are_found_by_their_time(session)
        await _the_match_queue_begins_at_its_cursor(session)
        await _candidates_are_found_row_by_row(session)
        await _what_is_due_begins_at_its_moment(session)
        await _changed_lines_begin_at_their_moment(session)
        await _changed_needs_begin_at_their_moment(session)
    finally:
        session.terminate()


async def statements_of(read: Read) -> list[str]:
    """The list, and where a filtered one looks for the place at which it stopped."""
    noted: Any = Noted()
    await read(noted)
    return [text for at, text in enumerate(noted.statements) if at == 0 or text.endswith(LAST_LOOKED_AT)]


def is_short(nodes: list[dict[str, Any]]) -> bool:
    """No long table is read whole: what a filter looks up is found row by row."""
    return not [node for node in nodes if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LONG]


async def _pieces_are_found_by_their_root(session: Any) -> None:
    """However long the list is; the few that one promise was cut into are sorted."""
    for wanted in ({}, {"pledger": uuid7(), "state": "held"}):
        for statement in await statements_of(pledges_of(root_id=uuid7(), **wanted)):
            nodes = await generic_plan(session, statement)
            assert "pieces_of_root" in indexes(nodes) and is_short(nodes)
            of_rows = [node for node in nodes if node.get("Index Name", "").startswith("allocations")]
            assert of_rows and all("allocation_id = ANY" in node["Index Cond"] for node in of_rows)


async def _watches_are_found_by_their_time(session: Any) -> None:
    """They are shown by desk and seat, so those on duty, and only those, are sorted."""
    for host in (None, uuid7()):
        noted: Any = Noted()
        await desks.on_duty(noted, NOW, None, host, None, 50)
        assert "watches_at" in indexes(await generic_plan(session, noted.statements[0]))


async def _the_match_queue_begins_at_its_cursor(session: Any) -> None:
    """What is free of an offer is looked up beside it."""
    wanted = MatchFilter(uuid7(), NOW, province="TUR006", items=["SHL-TENT-FAM"], due_before=NOW)
    for each in (MatchFilter(uuid7(), NOW), wanted):
        for statement in await statements_of(
            lambda tx, each=each: offer_lists.to_match(tx, each, None, 50, LOOKED_AT)
        ):
            nodes = await generic_plan(session, statement)
            ((index, condition),) = scans(nodes, "offers")
            assert index == "offers_to_match" and is_short(nodes)
            assert "crisis_id = $1" in condition and "offer_id > $2" in condition


async def _changed_needs_begin_at_their_moment(session: Any) -> None:
    """An index of the time alone will do where all needs are of one crisis; few have the same."""
    for read in (needs_of(updated_since=SINCE), needs_of(FURTHER, updated_since=SINCE, province="TUR031")):
        for statement in await statements_of(read):
            nodes = await generic_plan(session, statement)
            (found,) = [node for node in nodes if node.get("Relation Name") == "needs"]
            assert found["Index Name"] in {"needs_in_order_of_change", "needs_changed"}
            assert "changed_at >= $3" in found["Index Cond"]
            assert "Sort" not in {node["Node Type"] for node in nodes}


async def _candidates_are_found_row_by_row(session: Any) -> None:
    """Offers in the order of the match queue with their lines beside them, packages row by row."""
    noted: Any = Noted()
    await candidates.offered(noted, uuid7(), ["SHL-TENT-FAM"], NOW, LOOKED_AT)
    for statement in noted.statements:
        nodes = await generic_plan(session, statement)
        ((index, condition),) = scans(nodes, "offers")
        assert index == "offers_to_match" and "crisis_id = $1" in condition and is_short(nodes)
    noted = Noted()
    await candidates.kept_ready(noted, "SHL-TENT-FAM", NOW, is_drill=False)
    for statement in noted.statements:
        assert is_short(await generic_plan(session, statement)), statement
    assert "packages_pkey" in indexes(await generic_plan(session, noted.statements[0]))


async def _what_is_due_begins_at_its_moment(session: Any) -> None:
    """Clocks are walked in their order from the cursor on; each leads to its allocation."""
    narrowed: dict[str, Any] = {"province": "TUR031", "state": "proposed"}
    for wanted in ({}, narrowed):
        for statement in await statements_of(pledges_of(FURTHER, due_before=NOW, **wanted)):
            nodes = await generic_plan(session, statement)
            found = {node["Index Name"]: node.get("Index Cond", "") for node in nodes if "Index Name" in node}
            assert "due_at < $" in found["deadlines_due"] and "due_at >= $" in found["deadlines_due"]
            assert is_short(nodes) and "Sort" not in {node["Node Type"] for node in nodes}


async def _changed_lines_begin_at_their_moment(session: Any) -> None:
    """By the time of the line or of its need, whichever is later, each in the order of an index."""
    for after in (None, FURTHER):
        noted: Any = Noted()
        await line_lists.page(noted, LineFilter(uuid7(), uuid7(), updated_since=SINCE), after, 50)
        nodes = await generic_plan(session, noted.statements[0])
        found = {node["Index Name"]: node for node in nodes if node["Node Type"] == "Index Scan"}
        assert "changed_minute >= " in found["balances_in_order_of_change"]["Index Cond"]
        assert "changed_at >= $" in found["needs_changed"]["Index Cond"]
        sorts = [node["Presorted Key"] for node in nodes if node["Node Type"] == "Incremental Sort"]
        begun = sorted(key for keys in sorts for key in keys)
        assert begun == ["balance.changed_minute", "need_1.changed_at"]
