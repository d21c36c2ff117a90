"""From what a command decided to the events it publishes: where domain words become wire words.

Payloads are JSON bytes built once (a vector goes into event and answer alike); a test holds them against the
models. Every event of a line carries the whole vector after it; its sequence is the line's version.
"""

from crisis.events.allocations import allocation_moved, pledge_made
from crisis.events.conditions import condition_settled, condition_stated
from crisis.events.corrections import allocation_corrected
from crisis.events.crises import (
    area_changed,
    crisis_closed,
    crisis_dismissed,
    crisis_opened,
    crisis_proposed,
    crisis_reactivated,
    crisis_reopened,
    crisis_stood_down,
    level_changed,
    settings_changed,
)
from crisis.events.desks import watch_changed
from crisis.events.line_terms import need_line_revised
from crisis.events.lines import need_line_changed, need_line_opened, vector
from crisis.events.merges import need_merged, need_unmerged, rows_moved
from crisis.events.need_workflow import (
    need_answers_delegated,
    need_appeal_decided,
    need_appealed,
    need_closed,
    need_delegation_ended,
    need_heartbeat,
    need_on_hold,
    need_relocated,
    need_reminder_due,
    need_reopened,
    need_resumed,
    need_returned,
    need_stale,
    need_verification_raised,
)
from crisis.events.needs import need_opened, need_submitted
from crisis.events.offers import (
    offer_closed,
    offer_opened,
    offer_resumed,
    offer_revised,
    offer_suspended,
)
from crisis.events.orders import order_moved
from crisis.events.packages import package_stale, package_verified
from crisis.events.queue import allocation_promoted, reminder_due
from crisis.events.story import Story, json_bytes, moment, quantity
from crisis.events.tasks import task_done, task_escalated, task_opened
from crisis.events.terms import allocation_countered, hold_extended, release_refused, release_requested
from crisis.events.waivers import waiver_requested, waiver_settled

__all__ = [
    "Story",
    "allocation_corrected",
    "allocation_countered",
    "allocation_moved",
    "allocation_promoted",
    "area_changed",
    "condition_settled",
    "condition_stated",
    "crisis_closed",
    "crisis_dismissed",
    "crisis_opened",
    "crisis_proposed",
    "crisis_reactivated",
    "crisis_reopened",
    "crisis_stood_down",
    "hold_extended",
    "json_bytes",
    "level_changed",
    "moment",
    "need_answers_delegated",
    "need_appeal_decided",
    "need_appealed",
    "need_closed",
    "need_delegation_ended",
    "need_heartbeat",
    "need_line_changed",
    "need_line_opened",
    "need_line_revised",
    "need_merged",
    "need_on_hold",
    "need_opened",
    "need_relocated",
    "need_reminder_due",
    "need_reopened",
    "need_resumed",
    "need_returned",
    "need_stale",
    "need_submitted",
    "need_unmerged",
    "need_verification_raised",
    "offer_closed",
    "offer_opened",
    "offer_resumed",
    "offer_revised",
    "offer_suspended",
    "order_moved",
    "package_stale",
    "package_verified",
    "pledge_made",
    "quantity",
    "release_refused",
    "release_requested",
    "reminder_due",
    "rows_moved",
    "settings_changed",
    "task_done",
    "task_escalated",
    "task_opened",
    "vector",
    "waiver_requested",
    "waiver_settled",
    "watch_changed",
]
