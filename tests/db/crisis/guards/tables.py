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
)
