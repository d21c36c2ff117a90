"""May earmarked goods be used for one line? Facts of crisis.offers.v1, keyed by waiver."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from imece_contracts.crisis.parts import Urgency
from imece_contracts.event import EventData
from imece_contracts.topics import OFFERS, Topic


class WaiverEvent(EventData):
    """A desk would use `item` of an offer line for a need line its earmark leaves out."""

    topic: ClassVar[Topic] = OFFERS

    waiver: UUID
    offer_line: UUID
    need_line: UUID
    need: UUID
    pledger_org: UUID
    asked_by_org: UUID
    item: str
    district: str
    urgency: Urgency


class WaiverRequested(WaiverEvent):
    """The pledger is asked; no answer by `answer_by` is a no, and nothing that was promised changes."""

    type: ClassVar[str] = "crisis.waiver.requested"

    deadline_ref: UUID
    answer_by: datetime


class WaiverSettled(WaiverEvent):
    """The pledger's word for this line alone; `lapsed` is its silence."""

    type: ClassVar[str] = "crisis.waiver.settled"

    outcome: Literal["granted", "refused", "lapsed"]
