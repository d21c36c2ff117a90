"""Offers as requests and answers."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from crisis.http.shapes import BehalfView, Body, GivenMoment, PackView, PCode, Quantity, SpeltOnce, Unit, View

State = Literal["draft", "internal_approval", "open", "suspended", "closed"]
ItemCode = Annotated[str, Field(min_length=1, max_length=40, examples=["SHL-TENT-FAM"])]
Minutes = Annotated[int, Field(ge=0, le=60 * 24 * 90)]
Amount = Annotated[str, Field(pattern=r"^\d{1,15}(\.\d{1,2})?$", examples=["1250000.50"]), SpeltOnce]
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

    amount: str = Field(description="Decimal text in `currency`")
    currency: str = Field(description="ISO 4217")


class OfferLineView(View):
    """A line; `shelf_mark` is yellow below nine months, red below three. No figures before it opens."""

    offer_line_id: UUID = Field(description="Id of the line: `offer_line_id` of a pledge")
    item_code: str = Field(description="Code of the item (`GET /items`)")
    quantity: str = Field(description="All that was offered, decimal text in `unit`")
    unit: str = Field(description="Base unit of the item: the unit of every quantity here")
    entered_as: PackView = Field(description="The quantity as it was sent")
    step: str = Field(description="Smallest part given away; promises are multiples of it")
    lot: str | None = Field(description="Mark of the batch, as the giver writes it")
    best_before: date | None = Field(description="Last day the goods are good")
    shelf_mark: Literal["yellow", "red"] | None = Field(
        description="`yellow` below nine months left, `red` below three"
    )
    value: MoneyView | None = Field(description="What it is worth, for reports only")
    earmark: dict[str, list[str]] = Field(description="What the goods are bound to; empty when to nothing")
    ready_within_minutes: int | None = Field(description="How soon the goods can leave")
    free: str | None = Field(
        description="What may still be promised: quantity − reserved − committed − consumed"
    )
    reserved: str | None = Field(description="Promised and not answered; what waits for room takes nothing")
    committed: str | None = Field(description="Accepted and not there yet")
    consumed: str | None = Field(description="Delivered, lost or written off: gone for good")


class OfferFacts(View):
    """An offer without its lines; `deadline_at` is when it ends, or must be approved or decided."""

    offer_id: UUID = Field(description="Id of the offer")
    crisis_id: UUID = Field(description="Crisis it was made for")
    is_drill: bool = Field(description="Of an exercise, apart from live data")
    org_id: UUID = Field(description="Organisation that offers")
    origin: str = Field(description="P-code of where the goods are")
    available_from: datetime = Field(description="From when the goods can be had")
    available_until: datetime = Field(description="Until when; the offer ends then by itself")
    has_transport: bool = Field(description="The giver brings the goods")
    state: State = Field(description="Only an `open` one gives goods")
    reason: str | None = Field(description="Code given with the newest step")
    suspended_by: Literal["organisation", "desk"] | None = Field(
        description="Who suspended it; null while it is not"
    )
    is_unsolicited: bool = Field(description="Nobody asked for it: it waits in the match queue of a desk")
    package_id: UUID | None = Field(description="Standing package it was made from")
    on_behalf: BehalfView | None = Field(description="The desk that wrote it down for the organisation")
    deadline_at: datetime | None = Field(description="When it ends, or must be approved or decided")
    version: int = Field(description="Grows with every change; `If-Match` takes it")


class OfferView(OfferFacts):
    """An offer."""

    lines: tuple[OfferLineView, ...] = Field(description="The goods")
