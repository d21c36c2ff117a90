"""Offers as requests and answers."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from crisis.http.shapes import BehalfView, Body, GivenMoment, PackView, PCode, Quantity, Unit, View

State = Literal["draft", "internal_approval", "open", "suspended", "closed"]
ItemCode = Annotated[str, Field(min_length=1, max_length=40, examples=["SHL-TENT-FAM"])]
Minutes = Annotated[int, Field(ge=0, le=60 * 24 * 90)]
Amount = Annotated[str, Field(pattern=r"^\d{1,15}(\.\d{1,2})?$", examples=["1250000.50"])]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217", examples=["TRY"])]


class DayRefused(ValueError):
    """A number where a day was expected; it would be read as days since 1970."""

    code = "wrong_format"
    tr = "gün olmalı (2026-09-30)"


def _text(given: object) -> object:
    if isinstance(given, int | float):
        raise DayRefused("must be a day (2026-09-30)")
    return given


GivenDay = Annotated[date, BeforeValidator(_text)]


class MoneyBody(Body):
    """What the goods are worth, for reports; never turned into a quantity."""

    amount: Amount
    currency: Currency


class EarmarkBody(Body):
    """What the goods may be used for: every set that is given must hold, one member of it is enough."""

    places: Annotated[tuple[PCode, ...], Field(max_length=100)] = ()
    items: Annotated[tuple[ItemCode, ...], Field(max_length=50)] = ()
    tamp_groups: Annotated[tuple[Annotated[str, Field(max_length=40)], ...], Field(max_length=30)] = ()
    asker_orgs: Annotated[tuple[UUID, ...], Field(max_length=100)] = ()
    populations: Annotated[
        tuple[Annotated[str, Field(max_length=40, examples=["children"])], ...], Field(max_length=20)
    ] = ()


class OfferLineBody(Body):
    """One item; `quantity` in the base unit of the item or one of its packs, `step` in the base unit."""

    item_code: ItemCode
    quantity: Quantity
    unit: Unit
    step: Quantity | None = None
    lot: Annotated[str, Field(max_length=64)] | None = None
    best_before: GivenDay | None = None
    value: MoneyBody | None = None
    earmark: EarmarkBody | None = None
    ready_within_minutes: Minutes | None = None


class OfferBody(Body):
    """What an organisation can give; without `available_until` for as long as the crisis sets (14 days)."""

    crisis_id: UUID
    origin: PCode
    available_from: GivenMoment | None = None
    available_until: GivenMoment | None = None
    has_transport: bool = False
    lines: Annotated[list[OfferLineBody], Field(min_length=1, max_length=50)]


class MoneyView(View):
    """An amount in its original currency."""

    amount: str
    currency: str


class OfferLineView(View):
    """A line; `shelf_mark` is yellow below nine months, red below three. No figures before it opens."""

    offer_line_id: UUID
    item_code: str
    quantity: str
    unit: str
    entered_as: PackView
    step: str
    lot: str | None
    best_before: date | None
    shelf_mark: Literal["yellow", "red"] | None
    value: MoneyView | None
    earmark: dict[str, list[str]]
    ready_within_minutes: int | None
    free: str | None
    reserved: str | None
    committed: str | None
    consumed: str | None


class OfferFacts(View):
    """An offer without its lines; `deadline_at` is when it ends, or must be approved or decided."""

    offer_id: UUID
    crisis_id: UUID
    is_drill: bool
    org_id: UUID
    origin: str
    available_from: datetime
    available_until: datetime
    has_transport: bool
    state: State
    reason: str | None
    suspended_by: Literal["organisation", "desk"] | None
    is_unsolicited: bool
    package_id: UUID | None
    on_behalf: BehalfView | None
    deadline_at: datetime | None
    version: int


class OfferView(OfferFacts):
    """An offer."""

    lines: tuple[OfferLineView, ...]
