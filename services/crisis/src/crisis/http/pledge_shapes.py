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
from crisis.http.term_shapes import MOST_CONDITIONS, ConditionBody, OneSource, PlanBody, StandingView


class PledgeBody(Body):
    """Goods for one need line; `quantity` in the base unit of the item or in one of its packs.

    Either `origin` for goods offered by this pledge, or `offer_line_id` for goods of your own open offer.
    """

    need_line_id: UUID
    quantity: Quantity
    unit: Unit
    origin: PCode | None = None
    offer_line_id: UUID | None = None
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
            raise OneSource("either origin or offer_line_id")
        if self.offer_line_id and {"ready_within_minutes", "has_transport"} & self.model_fields_set:
            raise OneSource("ready_within_minutes and has_transport are stated on the offer")
        return self


class PledgeView(View):
    """A pledge as taken: proposed, or waitlisted when the line had no room. `line` is the line after it.

    `place` is the place on the waiting list of a pledge that waits.
    """

    allocation_id: UUID
    root_id: UUID
    offer_id: UUID
    offer_line_id: UUID
    need_line_id: UUID
    state: Literal["proposed", "waitlisted", "held"]
    quantity: str
    unit: str
    entered_as: PackView
    deadline_at: datetime
    on_behalf: BehalfView | None
    line: LineView
    place: PlaceView | None = None
    hoarding: StandingView | None = None


class PledgeListItem(View):
    """One allocation of the caller's organisation."""

    allocation_id: UUID
    root_id: UUID
    parent_id: UUID | None
    bundle_id: UUID | None
    crisis_id: UUID
    need_id: UUID
    need_line_id: UUID
    offer_line_id: UUID
    pledger_org_id: UUID
    asker_org_id: UUID
    item_code: str
    state: str
    state_since: datetime
    quantity: str
    unit: str
    initiated_by: Literal["pledger", "desk"]
    awaiting: str | None
    round: int
    given_item: str | None
    earmark: dict[str, tuple[str, ...]]
    leaves_at: datetime | None
    has_conditions: bool
    deadline_at: datetime | None
    on_behalf: BehalfView | None
    reason: str | None
    version: int


class PledgeRowView(PledgeListItem):
    """One allocation of a list."""

    changed_at: datetime


class PledgePage(ChangesPageView):
    """Allocations, newest first, or in the order of their change."""

    items: tuple[PledgeRowView, ...]
