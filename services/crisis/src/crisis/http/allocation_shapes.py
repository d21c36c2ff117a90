"""Allocations in answers: after a step, and with their history."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from crisis.http.corrections import CorrectionView
from crisis.http.places import PlaceView
from crisis.http.pledge_shapes import PledgeListItem
from crisis.http.shapes import LineView, View
from crisis.http.term_shapes import AlternativeView, StandingView


class MovedView(PledgeListItem):
    """The row as it is now, the part cut off from it, and the line after it; `place` of what now waits."""

    rest: tuple[PledgeListItem, ...] = Field(description="What was cut off from it")
    line: LineView = Field(description="The line after the step")
    alternatives: tuple[AlternativeView, ...] | None = Field(
        None, description="Where else the goods are missing, to a pledger who hears no"
    )
    hoarding: StandingView | None = Field(
        None, description="Told when the organisation holds much and closes little"
    )
    place: PlaceView | None = Field(None, description="Place on the waiting list of what waits now")


class EntryView(View):
    """One ledger entry; `from_state` is null for a row as first proposed and `split` for a piece.

    `is_correction` marks what compensates an entry that was wrong. `device_time` is when it was said by the
    clock of the sender's device, a claim; `at` is the time that counts.
    """

    command_id: UUID = Field(description="The command that posted it")
    allocation_id: UUID = Field(description="Row whose quantity moved")
    line_version: int = Field(description="`sequence` of the line after it")
    from_state: str | None = Field(description="Null for a row as first proposed, `split` for a piece")
    to_state: str = Field(description="State the quantity is in after it")
    quantity: str = Field(description="What moved, decimal text in the line's unit")
    at: datetime = Field(description="The time that counts, of the server")
    device_time: datetime | None = Field(description="The time the sender's device claims")
    is_correction: bool = Field(description="It compensates an entry that was wrong")


class SuccessorView(View):
    """A part of a cut allocation: what it holds and whose answer it waits for until when."""

    allocation_id: UUID = Field(description="Id of the part; answer it by this")
    state: str = Field(description="State of the part")
    quantity: str = Field(description="What the part holds, decimal text in `unit`")
    unit: str = Field(description="Base unit of the item")
    awaiting: str | None = Field(description="Whose answer is due: pledger or desk; null when nobody's is")
    deadline_at: datetime | None = Field(description="End of its clock")


class AllocationView(PledgeListItem):
    """An allocation with every entry and correction under its root, oldest first.

    `successors` are what a `split` one became, by a counter-offer or an answer in part: answer those.

    `place` is its place on the waiting list while it waits; `is_not_reached` says that its clock stands still
    because a notice did not reach anybody.
    """

    line: LineView = Field(description="The line now")
    successors: tuple[SuccessorView, ...] = Field(description="What a `split` one became: answer those")
    history: tuple[EntryView, ...] = Field(description="Every entry under its root, oldest first")
    corrections: tuple[CorrectionView, ...] = Field(
        description="Every correction under its root, oldest first"
    )
    is_not_reached: bool = Field(description="Its clock stands still: a notice has not reached anybody")
    place: PlaceView | None = Field(description="Its place on the waiting list while it waits")
