"""The board's JSON as the OpenAPI document shows it.

Answers are written as bytes and never pass through here; a test reads a real board back through these shapes.
"""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field


class CardView(BaseModel):
    """One need line on the board; every quantity is decimal text in `unit`."""

    line: UUID = Field(description="Id of the line: `need_line_id` of commands")
    need: UUID = Field(description="Id of its need")
    crisis: UUID = Field(description="Crisis it belongs to")
    sequence: int = Field(description="Version of the line these figures belong to")
    parked: bool = Field(description="Not the newest figures: an event in between has not arrived")
    item: str = Field(description="Code of the item (`GET /items`)")
    unit: str = Field(description="Base unit of the item: the unit of every quantity here")
    place: str = Field(description="P-code of the place, a province or a district")
    asker: UUID = Field(description="Organisation that asks; `/board/names` has its name")
    day: date | None = Field(description="Day a line that returns every day is for")
    needed_by: datetime = Field(description="After it the line takes no pledge")
    opened_at: datetime = Field(description="When the need was verified first")
    changed_at: datetime = Field(description="When the newest event happened, by the service's clock")
    state: str = Field(description="State of the need in capitals; OPEN takes pledges")
    urgency: str = Field(description="life_saving, urgent or normal")
    verification: int = Field(description="0 none, 1 by phone, 2 on site, 3 by an authority")
    stale: bool = Field(description="Nobody said for long that it is still needed")
    needed: str = Field(description="R: what is wanted at present")
    over_cap: str = Field(description="C: agreed excess that may be accepted beyond it")
    elsewhere: str = Field(description="E: covered by others, with evidence")
    proposed: str = Field(description="P: promised and not answered; counts for nothing")
    waitlisted: str = Field(description="W: promised, waiting for room; counts for nothing")
    held: str = Field(description="H: accepted, still with the pledger")
    in_transit: str = Field(description="T: on the road")
    arrived: str = Field(description="A: there, not yet confirmed")
    delivered: str = Field(description="D: confirmed by the recipient; `good` in tables")
    lost: str = Field(description="L: lost on the way")
    room: str = Field(description="What may still be accepted: max(0, R + C − E − H − T − A − D)")
    gap: str = Field(description="What is missing: max(0, R − E − H − T − A − D)")
    surplus: str = Field(description="What is too much: max(0, H + T + A + D + E − R − C)")
    at_risk: str = Field(description="Held or on the way, and doubtful to arrive")
    label: str = Field(
        description="UNCOVERED, PARTLY_COVERED, COVERED, PARTLY_DELIVERED, MET or OVERSUPPLIED"
    )


class TotalsView(BaseModel):
    """How many lines; quantities of different items are never added together."""

    open: int = Field(description="Not closed")
    critical: int = Field(description="Life-saving with a gap")
    gaps: int = Field(description="With any gap")
    uncovered: int = Field(description="With nothing on its way")
    proposed: int = Field(description="With something proposed")
    held: int = Field(description="With something held")
    moving: int = Field(description="With something on the road or arrived")
    delivered: int = Field(description="With something delivered")
    oversupplied: int = Field(description="With a surplus")
    on_hold: int = Field(description="On hold")
    stale: int = Field(description="Not confirmed for long")
    parked: int = Field(description="Shown as incomplete")


class BoardDocument(BaseModel):
    """A board, worst lines first."""

    epoch: UUID = Field(description="Another one means: read everything anew")
    as_of: int = Field(description="Number of the newest change shown: `after` of `/board/changes`")
    fresh_at: datetime | None = Field(description="Everything that happened until then is shown")
    server_time: datetime = Field(description="The service's clock when it answered")
    scope: str = Field(description="`all`, or the p-code of a province")
    totals: TotalsView = Field(description="Lines counted")
    provinces: dict[str, int] = Field(description="Lines with a gap, by province")
    found: int | None = Field(None, description="With `page`: how many rows fit the filter")
    page: int | None = Field(None, description="With `page`: the page shown")
    pages: int | None = Field(None, description="With `page`: how many there are")
    cards: tuple[CardView, ...] = Field(description="The lines")
