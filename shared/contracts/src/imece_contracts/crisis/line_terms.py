"""What is asked on a line changes, or the line takes over another one's rows: facts of crisis.lines.v1."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from imece_contracts.crisis.lines import LineEvent
from imece_contracts.crisis.parts import Part
from imece_contracts.quantities import Qty


class LineTerms(Part):
    """What stands beside the buckets: R requested, C over-cap, E elsewhere, and until when it is needed."""

    R: Qty
    C: Qty
    E: Qty
    needed_by: datetime


class NeedLineRevised(LineEvent):
    """Somebody entitled to it said that more, less, earlier or later is needed; `cause` says in which way.

    Holds released by it were told one by one before.
    """

    type: ClassVar[str] = "crisis.need_line.revised"

    cause: Literal["revised", "elsewhere_stated", "elsewhere_revoked", "over_cap"]
    before: LineTerms
    after: LineTerms
    reason: str


class NeedLineMergedIn(LineEvent):
    """Rows of another line came here with their quantities and states; what left there is here."""

    type: ClassVar[str] = "crisis.need_line.merged_in"

    other_line: UUID
    other_need: UUID
    rows: int
    is_undo: bool = False
    before: LineTerms
    after: LineTerms


class NeedLineMergedOut(LineEvent):
    """The line's rows went to another line with their quantities and states."""

    type: ClassVar[str] = "crisis.need_line.merged_out"

    other_line: UUID
    other_need: UUID
    rows: int
    is_undo: bool = False
    before: LineTerms
    after: LineTerms
