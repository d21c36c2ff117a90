"""Templates, and needs that are stated again and again."""

from tests.db.crisis.constraints.forms import LATER, NEW, NO, NOW, NULL, ONE, refused, table

TABLES = (
    table(
        "need_templates",
        {
            "template_id": NEW,
            "org_id": ONE,
            "title": "'Su'",
            "district": "'TUR031'",
            "urgency": "'urgent'",
            "needed_within_hours": "48",
            "lines": "'[{}]'",
            "from_need_id": ONE,
            "created_at": NOW,
        },
        refused("known_place", district="'HATAY'"),
        refused("known_urgency", urgency="'soon'"),
        refused("contact_is_opaque", contact_ref="'Ali Yılmaz'"),
        refused("text_is_short", title="repeat('x', 201)"),
        refused("needed_soon", needed_within_hours="0"),
        refused("needed_soon", needed_within_hours="2161"),
        refused("asks_for_something", lines="'[]'"),
    ),
    table(
        "recurring_needs",
        {
            "recurring_id": NEW,
            "crisis_id": ONE,
            "is_drill": NO,
            "template_id": ONE,
            "org_id": ONE,
            "district": "'TUR031'",
            "every_days": "3",
            "is_draft": NO,
            "next_at": NOW,
            "until": LATER,
            "deadline_id": NEW,
        },
        refused("known_state", state="'lost'", deadline_id=NULL, end_reason="'until'"),
        refused("days_apart", every_days="0"),
        refused("days_apart", every_days="31"),
        refused("silence_has_a_rule", deadline_id=NULL),
        refused("silence_has_a_rule", state="'stopped'", end_reason="'stopped'"),
        refused("silence_has_a_rule", state="'stopped'", deadline_id=NULL),
    ),
)
