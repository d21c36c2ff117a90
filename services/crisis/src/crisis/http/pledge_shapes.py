"""Pledges in requests and answers, and allocations as lists show them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from crisis.http.lists import ChangesPageView
from crisis.http.places import PlaceView
from crisis.http.shapes import (
    BehalfView,
    Body,
    DeviceTime,
    LineView,
    PackView,
    PCode,
    Quantity,
    Unit,
    View,
)
from crisis.http.term_shapes import (
    MOST_CONDITIONS,
    ConditionBody,
    OneSource,
    PlanBody,
    StandingView,
    StatedOnOffer,
)

_ORIGIN = "Where the goods are: p-code of a province or district. Required without `offer_line_id`"
_OFFER_LINE = "A line of your own open offer that gives the goods. Required without `origin`"


class PledgeBody(Body):
    """Goods for one need line; `quantity` in the base unit of the item or in one of its packs.

    Either `origin` for goods offered by this pledge, or `offer_line_id` for goods of your own open offer.
    """

    need_line_id: UUID
    quantity: Quantity
    unit: Unit
    origin: Annotated[PCode | None, Field(description=_ORIGIN)] = None
    offer_line_id: Annotated[UUID | None, Field(description=_OFFER_LINE)] = None
    plan: PlanBody | None = None
    conditions: Annotated[tuple[ConditionBody, ...], Field(max_length=MOST_CONDITIONS)] = ()
    ready_within_minutes: Annotated[int, Field(ge=0, le=60 * 24 * 90)] | None = None
    has_transport: bool = False
    on_behalf_of: Annotated[
        UUID | None, Field(description="Desks only: the organisation without access that promises it")
    ] = None
    device_time: DeviceTime = None

    @model_validator(mode="after")
    def _one_source(self) -> "PledgeBody":
        if (self.origin is None) == (self.offer_line_id is None):
            raise OneSource
        stated = sorted({"ready_within_minutes", "has_transport"} & self.model_fields_set)
        if self.offer_line_id and stated:
            raise StatedOnOffer(stated[0])
        return self


class PledgeView(View):
    """A pledge as taken: proposed, or waitlisted when the line had no room. `line` is the line after it.

    `place` is the place on the waiting list of a pledge that waits.
    """

    allocation_id: UUID = Field(description="The promise; commands name it")
    root_id: UUID = Field(description="As first proposed: here the promise itself")
    offer_id: UUID = Field(description="Offer that gives the goods")
    offer_line_id: UUID = Field(description="Its line")
    need_line_id: UUID = Field(description="Line the goods are for")
    state: Literal["proposed", "waitlisted", "held"] = Field(
        description="`waitlisted` where the line had no room, `held` where it was accepted by itself"
    )
    quantity: str = Field(description="Decimal text in `unit`")
    unit: str = Field(description="Base unit of the item")
    entered_as: PackView = Field(description="The quantity as it was sent")
    deadline_at: datetime = Field(
        description="End of the present state's clock; what happens then happens by itself"
    )
    on_behalf: BehalfView | None = Field(description="The desk that promised it for the pledger")
    version: int = Field(description="Grows with every change of this row")
    line: LineView = Field(description="The line after it")
    place: PlaceView | None = Field(None, description="Its place on the waiting list while it waits")
    hoarding: StandingView | None = Field(
        None, description="Told when the organisation holds much and closes little"
    )


class PledgeListItem(View):
    """One allocation of the caller's organisation."""

    allocation_id: UUID = Field(description="This row; commands name it")
    root_id: UUID = Field(
        description="As first proposed: counter-offers and splits make rows with new ids and the same root"
    )
    parent_id: UUID | None = Field(description="The row it was split from or countered")
    bundle_id: UUID | None = Field(description="The bundle it was promised in")
    crisis_id: UUID = Field(description="Crisis it belongs to")
    need_id: UUID = Field(description="Need it answers")
    need_line_id: UUID = Field(description="Line of that need")
    offer_line_id: UUID = Field(description="Offer line that gives the goods")
    pledger_org_id: UUID = Field(description="Organisation that promises")
    asker_org_id: UUID = Field(description="Organisation that asks")
    item_code: str = Field(description="Item asked for (`GET /items`)")
    state: str = Field(
        description="`split` carries nothing any more: what became of it are the rows with the same root"
    )
    state_since: datetime = Field(description="When it came into this state")
    quantity: str = Field(description="Decimal text in `unit`; 0 once it is split")
    unit: str = Field(description="Base unit of the item")
    initiated_by: Literal["pledger", "desk"] = Field(
        description="`desk`: goods of an open offer were called for"
    )
    awaiting: str | None = Field(
        description="Whose answer is due before `deadline_at`: pledger or desk; null when nobody's is"
    )
    round: int = Field(description="Counter-offers so far")
    given_item: str | None = Field(description="What is given instead of the item asked for")
    earmark: dict[str, tuple[str, ...]] = Field(
        description="What the goods are bound to; empty when to nothing"
    )
    leaves_at: datetime | None = Field(description="When the goods leave, as the plan says")
    has_conditions: bool = Field(
        description="Conditions were stated; while one is open it cannot be accepted"
    )
    on_behalf: BehalfView | None = Field(description="The desk that promised it for the pledger")
    deadline_at: datetime | None = Field(
        description="End of the present state's clock; what happens then happens by itself"
    )
    reason: str | None = Field(description="Code given with the newest step")
    version: int = Field(description="Grows with every change of this row")


class PledgeRowView(PledgeListItem):
    """One allocation of a list."""

    changed_at: datetime = Field(description="When it changed last: what `updated_since` compares")


class PledgePage(ChangesPageView):
    """Allocations, newest first, or in the order of their change."""

    items: tuple[PledgeRowView, ...]
