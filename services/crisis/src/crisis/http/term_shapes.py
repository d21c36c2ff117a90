"""Terms of an allocation in requests and answers: plans, conditions, and what comes with a no."""

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field

from crisis.domain.allocations import Plan, Transport
from crisis.domain.conditions import Condition, ConditionRequest, ConditionType
from crisis.domain.units import plain
from crisis.events import moment
from crisis.http.shapes import Body, GivenMoment, Quantity, Urgency, View

MOST_CONDITIONS = 5


class OneSource(ValueError):
    """Goods come from one place."""

    code = "one_source"
    member = "origin"
    tr = (
        "yeni mallar için origin (bulundukları yer) ya da açık bir teklifinizin malları için offer_line_id"
        " gönderin; ikisinden biri zorunlu, ikisi birden olmaz"
    )

    def __init__(self) -> None:
        super().__init__(
            "send origin (where new goods are) or offer_line_id (goods of your own open offer):"
            " one is required, both are too many"
        )


class StatedOnOffer(ValueError):
    """How goods of an offer are made ready and moved stands on the offer."""

    code = "stated_on_offer"

    def __init__(self, member: str) -> None:
        super().__init__("is stated on the offer; leave it out with offer_line_id")
        self.member = member
        self.tr = "teklifte yazılıdır; offer_line_id ile göndermeyin"


class PlanBody(Body):
    """When the goods leave; `transport` says how and makes it a dispatch plan."""

    leaves_at: GivenMoment
    transport: Literal["own", "carrier", "pickup"] | None = None

    def plan(self) -> Plan:
        """In words of the domain."""
        return Plan(self.leaves_at, Transport(self.transport) if self.transport else None)


class DispatchPlanBody(Body):
    """When the goods leave and how."""

    leaves_at: GivenMoment
    transport: Literal["own", "carrier", "pickup"]

    def plan(self) -> Plan:
        """In words of the domain."""
        return Plan(self.leaves_at, Transport(self.transport))


class ConditionBody(Body):
    """What must come true by `due_at`; `min_quantity` in the line's unit for type min_qty alone."""

    type: Literal[
        "funding_arrives", "transport_found", "permit", "min_qty", "named_site", "publicity", "other"
    ]
    due_at: GivenMoment
    min_quantity: Quantity | None = None

    def request(self) -> ConditionRequest:
        """In words of the domain."""
        least = None if self.min_quantity is None else Decimal(self.min_quantity)
        return ConditionRequest(ConditionType(self.type), self.due_at, least)


class ConditionView(View):
    """One condition; while it is open the row cannot be accepted."""

    condition_id: UUID
    allocation_id: UUID
    type: str
    min_quantity: str | None
    due_at: datetime
    state: Literal["open", "met", "waived", "failed"]
    stated_by: Literal["pledger", "asker_side", "asker"]
    waiver_reason: str | None


class AlternativeView(View):
    """A line that misses the item; `distance_km` between province centres."""

    need_line: UUID = Field(description="Id of the line: `need_line_id` of a pledge")
    need: UUID = Field(description="Id of its need")
    district: str = Field(description="P-code of the place")
    room: str = Field(description="What it may still take, decimal text in `unit`")
    unit: str = Field(description="Base unit of the item")
    needed_by: datetime = Field(description="After it the line takes no pledge")
    urgency: Urgency = Field(description="Urgency of the need")
    distance_km: int = Field(description="Between the centres of the provinces")


class StandingView(View):
    """Lines held, and how many of what was concluded in 30 days was closed: above the hoarding limit."""

    open_held: int = Field(description="Lines the organisation holds goods for")
    closed: int = Field(description="Of those concluded, how many were brought to an end")
    concluded: int = Field(description="Promises concluded in 30 days")


def condition_view(condition: Condition) -> dict[str, object]:
    """One condition."""
    return {
        "condition_id": condition.condition_id,
        "allocation_id": condition.allocation_id,
        "type": condition.type.value,
        "min_quantity": None if condition.min_qty is None else plain(condition.min_qty),
        "due_at": moment(condition.due_at),
        "state": condition.state.value,
        "stated_by": condition.stated_by.value,
        "waiver_reason": condition.waiver_reason,
    }
