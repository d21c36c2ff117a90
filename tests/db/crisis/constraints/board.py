"""The board beside the ledger."""

from tests.db.crisis.constraints.forms import NEW, NO, NOW, ONE, YES, refused, table

TABLES = (
    table(
        "board.board_crisis",
        {
            "crisis_id": NEW,
            "crisis_no": "'KRZ-2026-0001'",
            "sequence": "1",
            "title": "'{}'",
            "hazard": "'earthquake'",
            "severity": "'red'",
            "area": "'{TUR031}'",
            "is_drill": NO,
            "opened_at": NOW,
        },
        refused("board_crisis_sequence_check", sequence="0"),
        refused("board_crisis_severity_check", severity="'green'"),
        refused("board_crisis_state_check", state="'proposed'"),
    ),
    table(
        "board.board_head",
        {"crisis_id": NEW, "seq": "1", "floor": "1"},
        refused("board_head_check", seq="0"),
        refused("board_head_floor_check", floor="-1"),
    ),
    table(
        "board.board_card",
        {"line_id": NEW, "crisis_id": ONE, "sequence": "0", "is_parked": NO, "body": "'{}'"},
        refused("board_card_sequence_check", sequence="-1"),
    ),
    table("board.board_rebuild", {"is_only": YES}, refused("board_rebuild_is_only_check", is_only=NO)),
)
