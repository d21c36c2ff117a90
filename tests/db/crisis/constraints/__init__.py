"""Every constraint of the crisis database, beside a row that nothing but it refuses."""

from tests.db.crisis.constraints import (
    allocations,
    audit,
    board,
    chassis,
    crises,
    desks,
    imports,
    lines,
    merges,
    needs,
    offers,
    orders,
    repeating,
    terms,
)
from tests.db.crisis.constraints.forms import Refusal

REFUSALS: tuple[Refusal, ...] = tuple(
    refusal
    for subject in (
        crises,
        needs,
        lines,
        merges,
        repeating,
        offers,
        allocations,
        terms,
        orders,
        desks,
        audit,
        imports,
        chassis,
        board,
    )
    for table in subject.TABLES
    for refusal in table
)

# Constraints that follow from others of their table, so that no row is refused by them alone.
IMPLIED = {("board.board_head", "board_head_seq_check"): "floor is not negative, and seq not less than it"}

# Tables of history, and a column of each somebody might want to rewrite.
INSERT_ONLY = {
    "allocation_entries": "at",
    "bundles": "row_count",
    "command_log": "reason",
    "command_seals": "hash",
    "corrections": "reason",
    "crisis_levels": "level",
    "crisis_settings": "settings",
    "device_times": "device_at",
    "hazard_reports": "alert",
    "merged_allocations": "due_at",
    "merged_statements": "need_line_id",
    "need_contact_attempts": "channel",
    "need_line_merges": "revision",
    "need_line_revisions": "reason",
    "offer_line_revisions": "reason",
    "organisation_thresholds": "amounts",
    "undone_line_merges": "undone_line_version",
}
