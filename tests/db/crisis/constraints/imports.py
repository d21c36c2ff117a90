"""Files of need lines, and what they said."""

from tests.db.crisis.constraints.forms import EARLIER, HASH, LATER, NEW, NO, NOW, NULL, ONE, refused, table

_PROBLEM = "'{}'"

TABLES = (
    table(
        "imports",
        {
            "import_id": NEW,
            "crisis_id": ONE,
            "is_drill": NO,
            "org_id": ONE,
            "file_kind": "'csv'",
            "digest": HASH,
            "row_count": "1",
            "unknown_columns": "0",
            "created_at": NOW,
            "keep_until": LATER,
            "sweep_deadline_id": NEW,
        },
        refused("known_state", state="'lost'"),
        refused("known_kind", file_kind="'pdf'"),
        refused("counts", row_count="0"),
        refused("counts", unknown_columns="-1"),
        refused("sweep_has_a_clock", sweep_deadline_id=NULL),
        refused("sweep_has_a_clock", state="'swept'"),
        refused("kept_for_a_while", keep_until=EARLIER),
        refused("run_has_a_clock", state="'applying'"),
        refused("run_has_a_clock", state="'applying'", run_deadline_id=NEW, run_reason="'agreed'"),
        refused("run_has_a_clock", state="'undoing'", run_deadline_id=NEW, run_key_id=ONE),
        refused("run_has_a_clock", run_deadline_id=NEW, run_key_id=ONE, run_reason="'agreed'"),
    ),
    table(
        "import_rows",
        {"import_id": ONE, "is_drill": NO, "row_no": "2", "status": "'changed'", "need_line_id": ONE},
        refused("below_the_header", row_no="1"),
        refused("known_status", status="'lost'"),
        refused("known_outcome", outcome="'lost'"),
        refused("only_differences", status="'unchanged'", outcome="'chosen'"),
        refused("refused_with_reason", outcome="'refused'"),
        refused("refused_with_reason", outcome="'applied'", problem=_PROBLEM),
        refused("applied_to_a_line", outcome="'applied'", need_line_id=NULL),
        refused("applied_to_a_line", outcome="'applied'", status="'new'"),
    ),
)
