"""Needs that were found to be the same."""

from tests.db.crisis.constraints.forms import LATER, NEW, NO, NOW, ONE, TWO, refused, table, twice

_TOO_LATE = "now() + interval '2 days'"

TABLES = (
    table(
        "need_merges",
        {
            "merge_id": NEW,
            "crisis_id": ONE,
            "is_drill": NO,
            "need_id": ONE,
            "into_need_id": TWO,
            "mode": "'max'",
            "by_org_id": ONE,
            "command_id": ONE,
            "merged_at": NOW,
            "undo_until": LATER,
        },
        refused("known_mode", mode="'min'"),
        refused("two_needs", into_need_id=ONE),
        refused("undone_in_time", undone_at=_TOO_LATE, undo_command_id=NEW),
        refused("undone_by_a_command", undone_at=NOW),
        refused("undone_by_a_command", undo_command_id=NEW),
        twice("one_merge_of_a_need", command_id=NEW),
        twice("need_merges_command_id_key", need_id=NEW),
    ),
    table(
        "need_merges",
        {
            "merge_id": NEW,
            "crisis_id": ONE,
            "is_drill": NO,
            "need_id": ONE,
            "into_need_id": TWO,
            "mode": "'max'",
            "by_org_id": ONE,
            "command_id": NEW,
            "merged_at": NOW,
            "undo_until": LATER,
            "undone_at": NOW,
            "undo_command_id": ONE,
        },
        twice("need_merges_undo_command_id_key"),
    ),
    table(
        "need_line_merges",
        {
            "merge_id": ONE,
            "is_drill": NO,
            "need_line_id": NEW,
            "into_line_id": TWO,
            "requested_before": "10",
            "revision": "2",
        },
        refused("two_lines", need_line_id=TWO),
        twice("need_line_merges_merge_id_is_drill_into_line_id_key"),
    ),
    table(
        "undone_line_merges",
        {"merge_id": ONE, "is_drill": NO, "need_line_id": NEW, "undone_line_version": "3"},
        refused("undone_by_an_event", undone_line_version="0"),
    ),
)
