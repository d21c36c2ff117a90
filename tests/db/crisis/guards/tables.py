"""Rules of the tables, taken out of the migrations.

One of each sort. All of them stand in constraints/, and every run removes each from the migrated table.
"""

from tests.db.crisis.guards.forms import CRISIS, DB, Guard

_MIGRATIONS = CRISIS + "migrations/"
_RULES = DB + "test_every_constraint.py::"
_REFUSED = _RULES + "test_a_constraint_refuses_what_nothing_else_does"

GUARDS = (
    Guard(
        "CHECK cap",
        "rule of a table",
        _MIGRATIONS + "0001_crises_and_needs.sql",
        "CONSTRAINT cap CHECK (held",
        "CONSTRAINT cap CHECK (true OR held",
        f"{_REFUSED}[need_line_balances-cap0]",
    ),
    Guard(
        "CHECK two_parties on the audit row",
        "rule of a table",
        _MIGRATIONS + "0006_need_workflow.sql",
        "ADD CONSTRAINT two_parties CHECK (command NOT IN",
        "ADD CONSTRAINT two_parties CHECK (true OR command NOT IN",
        f"{_REFUSED}[command_log-two_parties0]",
    ),
    Guard(
        "one merge of a need",
        "rule of a table",
        _MIGRATIONS + "0007_need_quantities.sql",
        "CREATE UNIQUE INDEX one_merge_of_a_need",
        "CREATE INDEX one_merge_of_a_need",
        f"{_REFUSED}[need_merges-one_merge_of_a_need]",
    ),
    Guard(
        "insert-only history",
        "rule of a table",
        _MIGRATIONS + "0002_offers_and_allocations.sql",
        "BEFORE UPDATE OR DELETE OR TRUNCATE ON allocation_entries",
        "BEFORE TRUNCATE ON allocation_entries",
        _RULES + "test_history_is_insert_only",
    ),
    Guard(
        "marks of pieces an older process cuts",
        "mark kept by the database",
        _MIGRATIONS + "0032_marks_of_rows.sql",
        "keep_marks BEFORE INSERT ON allocations FOR EACH ROW",
        "keep_marks BEFORE UPDATE ON allocations FOR EACH ROW",
        DB + "test_older_processes.py::test_a_piece_an_older_process_cuts_is_of_the_bundle",
    ),
    Guard(
        "delegation of a need an older process closes or moves",
        "mark kept by the database",
        _MIGRATIONS + "0032_marks_of_rows.sql",
        "WHEN (NEW.delegated_until IS NOT NULL AND (NEW.state = 'closed' OR",
        "WHEN (false AND (NEW.state = 'closed' OR",
        DB + "test_older_processes.py::test_a_delegation_ends_where_an_older_process_moves_the_need",
    ),
    Guard(
        "delegation of a need an older process merges into",
        "mark kept by the database",
        _MIGRATIONS + "0032_marks_of_rows.sql",
        "WHEN (NEW.merged_into IS NOT NULL AND OLD.merged_into",
        "WHEN (false AND OLD.merged_into",
        DB + "test_older_processes.py::test_a_delegation_ends_where_an_older_process_merges_a_need_into_it",
    ),
)
