"""Event kinds that notify, and how urgent each is. Urgency belongs to the kind, never to the sender."""

from enum import StrEnum


class Channel(StrEnum):
    """A way to reach a recipient."""

    INBOX = "inbox"
    MAIL = "mail"
    WEBHOOK = "webhook"


class NoticeClass(StrEnum):
    """How soon a person is expected to act; `rank` orders the queue, lower first."""

    ACT_NOW = "act_now"
    ACT_TODAY = "act_today"

    @property
    def rank(self) -> int:
        return 0 if self is NoticeClass.ACT_NOW else 1


CRISIS_OPENED = "crisis.opened"
NEED_LINE_OPENED = "need_line.opened"
ALLOCATION_PROPOSED = "allocation.proposed"
ALLOCATION_HELD = "allocation.held"
ALLOCATION_WITHDRAWN = "allocation.withdrawn"
ALLOCATION_PROMOTED = "allocation.promoted"
ALLOCATION_REMINDER_DUE = "allocation.reminder_due"
ALLOCATION_COUNTERED = "allocation.countered"
ALLOCATION_RELEASE_REQUESTED = "allocation.release_requested"
SATURATION_ORDER_ISSUED = "saturation_order.issued"
SATURATION_ORDER_LAPSED = "saturation_order.lapsed"
WAIVER_REQUESTED = "waiver.requested"
WAIVER_SETTLED = "waiver.settled"
CONDITION_STATED = "condition.stated"
CONDITION_SETTLED = "condition.settled"
ENDPOINT_DISABLED = "endpoint.disabled"

SUBSCRIBABLE: tuple[str, ...] = (
    CRISIS_OPENED,
    NEED_LINE_OPENED,
    ALLOCATION_PROPOSED,
    ALLOCATION_HELD,
    ALLOCATION_WITHDRAWN,
    ALLOCATION_PROMOTED,
    ALLOCATION_REMINDER_DUE,
    ALLOCATION_COUNTERED,
    ALLOCATION_RELEASE_REQUESTED,
    SATURATION_ORDER_ISSUED,
    SATURATION_ORDER_LAPSED,
    WAIVER_REQUESTED,
    WAIVER_SETTLED,
    CONDITION_STATED,
    CONDITION_SETTLED,
)
"""What a rule may choose from; a rule that chooses nothing hears all of them."""

BETWEEN_PARTIES = frozenset(
    {
        ALLOCATION_PROPOSED,
        ALLOCATION_HELD,
        ALLOCATION_WITHDRAWN,
        ALLOCATION_PROMOTED,
        ALLOCATION_REMINDER_DUE,
        ALLOCATION_COUNTERED,
        ALLOCATION_RELEASE_REQUESTED,
        WAIVER_REQUESTED,
        WAIVER_SETTLED,
        CONDITION_STATED,
        CONDITION_SETTLED,
    }
)
"""Kinds that tell who promised what to whom: for the two parties and the desks that cover them."""

DESK_ROLES = ("secretariat", "provincial_desk", "regional_desk", "duty_officer")
"""Roles of the registry whose holders follow the agreements of others in their area."""

SHIFT_ROLES = ("duty_officer",)
"""Those of them held for a shift: a grant without an end counts for nothing."""

# (kind, is the line life-saving) -> class; a kind that does not depend on urgency stands in both rows
_CLASSES: dict[tuple[str, bool], NoticeClass] = {
    (CRISIS_OPENED, True): NoticeClass.ACT_NOW,
    (CRISIS_OPENED, False): NoticeClass.ACT_NOW,
    (NEED_LINE_OPENED, True): NoticeClass.ACT_NOW,
    (NEED_LINE_OPENED, False): NoticeClass.ACT_TODAY,
    (ALLOCATION_PROPOSED, True): NoticeClass.ACT_NOW,
    (ALLOCATION_PROPOSED, False): NoticeClass.ACT_TODAY,
    (ALLOCATION_HELD, True): NoticeClass.ACT_TODAY,
    (ALLOCATION_HELD, False): NoticeClass.ACT_TODAY,
    (ALLOCATION_WITHDRAWN, True): NoticeClass.ACT_TODAY,
    (ALLOCATION_WITHDRAWN, False): NoticeClass.ACT_TODAY,
    (ALLOCATION_PROMOTED, True): NoticeClass.ACT_NOW,
    (ALLOCATION_PROMOTED, False): NoticeClass.ACT_TODAY,
    (ALLOCATION_REMINDER_DUE, True): NoticeClass.ACT_NOW,
    (ALLOCATION_REMINDER_DUE, False): NoticeClass.ACT_TODAY,
    (ALLOCATION_COUNTERED, True): NoticeClass.ACT_NOW,
    (ALLOCATION_COUNTERED, False): NoticeClass.ACT_TODAY,
    (ALLOCATION_RELEASE_REQUESTED, True): NoticeClass.ACT_NOW,
    (ALLOCATION_RELEASE_REQUESTED, False): NoticeClass.ACT_TODAY,
    (SATURATION_ORDER_ISSUED, True): NoticeClass.ACT_NOW,
    (SATURATION_ORDER_ISSUED, False): NoticeClass.ACT_NOW,
    (SATURATION_ORDER_LAPSED, True): NoticeClass.ACT_TODAY,
    (SATURATION_ORDER_LAPSED, False): NoticeClass.ACT_TODAY,
    (WAIVER_REQUESTED, True): NoticeClass.ACT_NOW,
    (WAIVER_REQUESTED, False): NoticeClass.ACT_TODAY,
    (WAIVER_SETTLED, True): NoticeClass.ACT_NOW,
    (WAIVER_SETTLED, False): NoticeClass.ACT_TODAY,
    (CONDITION_STATED, True): NoticeClass.ACT_NOW,
    (CONDITION_STATED, False): NoticeClass.ACT_TODAY,
    (CONDITION_SETTLED, True): NoticeClass.ACT_NOW,
    (CONDITION_SETTLED, False): NoticeClass.ACT_TODAY,
    (ENDPOINT_DISABLED, True): NoticeClass.ACT_TODAY,
    (ENDPOINT_DISABLED, False): NoticeClass.ACT_TODAY,
}

KINDS: frozenset[str] = frozenset(kind for kind, _ in _CLASSES)


def class_of(kind: str, urgency: str | None) -> NoticeClass:
    """Class of a kind for a line of this urgency (None where the event has no line). KeyError: not a kind."""
    return _CLASSES[kind, urgency == "life_saving"]
