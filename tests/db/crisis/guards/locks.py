"""What makes commands on one row come one after the other."""

from tests.db.crisis.guards.forms import DB, QUERIES, STEP, STORE, Guard

_ROW = ' + (" FOR UPDATE" if is_locked else "")'
_WAITS = DB + "test_locks.py::test_who_asks_for_what_another_has_locked_waits"
_BEFORE = DB + "test_rows_before_clocks.py::test_a_row_is_locked_before_its_clock"


def _lock(case: str, file: str, find: str, instead: str) -> Guard:
    return Guard(f"lock: {case}", "lock", STORE + file, find, instead, f"{_WAITS}[{case}]")


def _turn(case: str, file: str, key: str) -> Guard:
    return _lock(case, file, f"pg_advisory_xact_lock({key})", key)


def _before_clock(query: str, lock: str = "FOR UPDATE\n") -> Guard:
    return Guard(
        f"row before clock: {query}", "lock", f"{QUERIES}{query}.sql", lock, "\n", f"{_BEFORE}[{query}]"
    )


GUARDS = (
    Guard(
        "row lock of the need line",
        "lock",
        STORE + "lines.py",
        'WHERE need_line_id = ANY ($1::uuid[]) ORDER BY need_line_id FOR UPDATE"',
        'WHERE need_line_id = ANY ($1::uuid[]) ORDER BY need_line_id"',
        DB + "test_races.py::test_a1_fifty_accepts_at_once_hold_exactly_what_is_needed_and_queue_the_rest",
    ),
    Guard(
        "row lock of the offer line",
        "lock",
        STORE + "lines.py",
        'WHERE offer_line_id = ANY ($1::uuid[]) ORDER BY offer_line_id FOR UPDATE"',
        'WHERE offer_line_id = ANY ($1::uuid[]) ORDER BY offer_line_id"',
        DB + "test_calls.py::test_a2_two_desks_calling_the_same_stock_share_what_there_is",
    ),
    Guard(
        "lock of the allocation's own lines before it is read again",
        "lock",
        STEP,
        "    rows = await allocations.lock_many(tx, [row.allocation_id for row in seen_rows])\n",
        "    rows = {row.allocation_id: row for row in seen_rows}\n",
        DB + "test_races.py::test_answers_to_one_row_from_every_side_at_once_leave_one_ending",
    ),
    _lock("crises", "crises.py", "WHERE crisis_id = $1 FOR UPDATE", "WHERE crisis_id = $1"),
    _lock("crises, shared", "crises.py", " FOR SHARE OF crisis", ""),
    _turn("ids of crises", "crises.py", "hashtextextended($1, 0)"),
    _lock("needs", "needs.py", "WHERE need_id = $1 FOR UPDATE", "WHERE need_id = $1"),
    _lock("doors of need lines, entered", "lines.py", "pg_advisory_xact_lock_shared(door.key)", "door.key"),
    _turn("doors of need lines, shut", "lines.py", "door.key"),
    _lock("allocations", "allocations.py", ' + (" FOR UPDATE OF allocation" if is_locked else "")', ""),
    _lock("allocations, many", "allocations.py", "allocation_id FOR UPDATE OF allocation", "allocation_id"),
    _lock(
        "held allocations of a line",
        "line_terms.py",
        '" ORDER BY allocation_id FOR UPDATE" if is_locked else ""',
        '""',
    ),
    _lock(
        "allocations that move with their line",
        "merges.py",
        "ORDER BY allocation_id FOR UPDATE",
        "ORDER BY allocation_id",
    ),
    _before_clock("move_line_deadlines"),
    _before_clock("hasten_deadlines"),
    _before_clock("let_wait", "FOR UPDATE OF allocation\n"),
    _lock("offers", "offers.py", "ORDER BY offer_id FOR UPDATE", "ORDER BY offer_id"),
    _turn("ids of offers", "offers.py", "hashtextextended('offer ' || $1::text, 0)"),
    _lock("packages", "packages.py", "WHERE package_id = $1 FOR UPDATE", "WHERE package_id = $1"),
    _lock("need_merges", "merges.py", '_LATEST + "FOR UPDATE"', "_LATEST"),
    _lock("two_keys", "two_keys.py", _ROW, ""),
    _lock("waivers", "waivers.py", '" FOR UPDATE" if is_locked else ""', '""'),
    _lock("saturation_orders", "orders.py", "WHERE order_id = $1 FOR UPDATE", "WHERE order_id = $1"),
    _lock("recurring_needs", "templates.py", _ROW, ""),
    _lock("imports", "imports.py", '" FOR UPDATE" if is_locked else ""', '""'),
    _lock("import rows", "import_rows.py", "row_no = $2 FOR UPDATE", "row_no = $2"),
    _lock("tasks", "tasks.py", _ROW, ""),
    _lock("open tasks of a subject", "tasks.py", "ORDER BY task_id FOR UPDATE", "ORDER BY task_id"),
    _lock("desks", "desks.py", '"WHERE desk_id = $1"' + _ROW, '"WHERE desk_id = $1"'),
    _lock("watches", "desks.py", '"WHERE watch_id = $1"' + _ROW, '"WHERE watch_id = $1"'),
    _turn("seats and people of watches", "desks.py", "key"),
    _turn("hazards", "hazards.py", "hashtextextended($1, 0)"),
    _turn("thresholds", "organisations.py", "hashtextextended('thresholds ' || $1::text, 0)"),
    _lock("standings, shared", "organisations.py", "WHERE org_id = $1 FOR SHARE", "WHERE org_id = $1"),
    _lock("standings", "organisations.py", "WHERE org_id = $1 FOR UPDATE", "WHERE org_id = $1"),
)

# Locks that are taken once more on rows that are locked already, so that nothing changes without them.
AGAIN = {"crises.py": " ORDER BY crisis_id FOR SHARE"}
