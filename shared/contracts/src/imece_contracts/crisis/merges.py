"""Two needs turn out to be one, or not: facts of crisis.needs.v1, keyed by the need that was merged."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from imece_contracts.event import EventData
from imece_contracts.topics import NEEDS, Topic


class NeedMerged(EventData):
    """The need is closed as a duplicate; its promises count for `merged_into`. Can be undone until then."""

    type: ClassVar[str] = "crisis.need.merged"
    topic: ClassVar[Topic] = NEEDS

    need: UUID
    asker_org: UUID
    merged_into: UUID
    mode: Literal["max", "sum", "manual"]
    undo_until: datetime


class NeedUnmerged(EventData):
    """The merge was undone: the need is open again. `stayed` moved on meanwhile and remains where it is."""

    type: ClassVar[str] = "crisis.need.unmerged"
    topic: ClassVar[Topic] = NEEDS

    need: UUID
    asker_org: UUID
    merged_into: UUID
    stayed: tuple[UUID, ...] = ()
