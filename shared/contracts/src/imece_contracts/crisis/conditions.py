"""What must come true before a promise may be accepted. Facts of crisis.offers.v1, keyed by condition."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from imece_contracts.crisis.parts import Urgency
from imece_contracts.event import EventData
from imece_contracts.quantities import Qty
from imece_contracts.topics import OFFERS, Topic


class ConditionEvent(EventData):
    """A condition of the allocation `root`; `item` is what would be given.

    `stated_by` is who says whether it came true; `asker` where another item stands in and the asker is asked.
    With `on_behalf_by` a desk of that organisation promised it for `pledger_org`.
    """

    topic: ClassVar[Topic] = OFFERS

    condition: UUID
    root: UUID
    need_line: UUID
    need: UUID
    pledger_org: UUID
    asker_org: UUID
    item: str
    district: str
    urgency: Urgency
    kind: str
    stated_by: Literal["pledger", "asker_side", "asker"]
    on_behalf_by: UUID | None = None


class ConditionStated(ConditionEvent):
    """The promise waits for it until `due_at`; then it has failed. `min_qty` in the line's unit."""

    type: ClassVar[str] = "crisis.condition.stated"

    deadline_ref: UUID
    due_at: datetime
    min_qty: Qty | None = None


class ConditionSettled(ConditionEvent):
    """What became of it; one that failed, also by silence, ends what waits for it.

    A least quantity is met by the accept itself, whose event says so.
    """

    type: ClassVar[str] = "crisis.condition.settled"

    outcome: Literal["met", "waived", "failed"]
    reason: str | None = None
