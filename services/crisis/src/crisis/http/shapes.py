"""Field types of requests and answers.

Unknown members of a request are refused; quantities are decimal text.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Literal, cast
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    model_validator,
)

from imece_reference.places import PCODE_PATTERN, PROVINCE_PATTERN
from imece_reference.quantities import format_quantity, parse_quantity
from imece_reference.refusals import InvalidQuantity

_NUMBER = re.compile(r"[+-]?[\d_.]+(e[+-]?\d+)?", re.IGNORECASE)
_BARE_OFFSET = re.compile(r"\A(\d{4}-\d\d-\d\dT[\d:.]+) (\d\d:?\d\d)\Z", re.ASCII)


class NulRefused(ValueError):
    """A character no database text can hold."""

    code = "wrong_format"
    tr = "U+0000 karakteri içeremez"


def _holds_nul(given: object) -> bool:
    if isinstance(given, str):
        return "\0" in given
    if isinstance(given, Mapping):
        members = cast("Mapping[object, object]", given)
        return any(_holds_nul(each) for pair in members.items() for each in pair)
    return isinstance(given, list | tuple) and any(map(_holds_nul, cast("list[object]", given)))


class Body(BaseModel):
    """A request body."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, given: object) -> object:
        if _holds_nul(given):
            raise NulRefused("must not contain U+0000")
        return given


class View(BaseModel):
    """An answer. Answers may gain members."""

    model_config = ConfigDict(frozen=True)


class QuantityRefused(ValueError):
    """A quantity with the rule it broke, in both languages."""

    code = "quantity_invalid"

    def __init__(self, refused: InvalidQuantity) -> None:
        super().__init__(refused.facts["rule_en"])
        self.tr = refused.facts["rule_tr"]


def _quantity(text: str) -> str:
    try:
        parse_quantity(text)
    except InvalidQuantity as refused:
        raise QuantityRefused(refused) from None
    return text


class TimeRefused(ValueError):
    """A number where a time was expected; it would be read as seconds since 1970."""

    code = "wrong_format"
    tr = "farkı belirtilmiş zaman olmalı (2026-02-06T06:00:00Z)"


def _text(given: object) -> object:
    """The text of a time, its offset's + put back where a query that was not encoded made it a blank."""
    if isinstance(given, int | float) or (isinstance(given, str) and _NUMBER.fullmatch(given.strip())):
        raise TimeRefused("must be a time with offset (2026-02-06T06:00:00Z)")
    return _BARE_OFFSET.sub(r"\1+\2", given) if isinstance(given, str) else given


_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class TimeOutOfRange(ValueError):
    """A time no crisis can mean, and some programs cannot compute with."""

    code = "out_of_range"
    tr = "2000 ile 2100 yılları arasında olmalı"


def _utc(moment: datetime) -> datetime:
    try:
        universal = moment.astimezone(UTC)
    except OverflowError:
        universal = datetime.max.replace(tzinfo=UTC)
    if not _EARLIEST <= universal < _LATEST:
        raise TimeOutOfRange("must lie between the years 2000 and 2100")
    return universal


def _claimed(moment: datetime | None) -> datetime | None:
    """Nothing, for a clock out of all range: what was said without a network is not lost for it."""
    try:
        return None if moment is None else _utc(moment)
    except TimeOutOfRange:
        return None


def _shortest(text: str) -> str:
    return format_quantity(Decimal(text))


SpeltOnce = PlainSerializer(_shortest)
"""Marks decimal text: all spellings of a number are dumped as one."""

Quantity = Annotated[
    str,
    Field(max_length=64, description="Decimal text > 0, at most 15 digits and 3 decimals", examples=["200"]),
    AfterValidator(_quantity),
    SpeltOnce,
]
Unit = Annotated[
    str, Field(min_length=1, max_length=40, description="Base unit of the item or one of its packs")
]
PCode = Annotated[
    str,
    Field(
        pattern=PCODE_PATTERN, description="COD-AB p-code of a province or district, e.g. TUR018 or TUR018001"
    ),
]
ProvinceCode = Annotated[
    str, Field(pattern=PROVINCE_PATTERN, description="COD-AB p-code of a province, e.g. TUR018")
]
GivenMoment = Annotated[AwareDatetime, BeforeValidator(_text), AfterValidator(_utc)]
DeviceTime = Annotated[
    Annotated[AwareDatetime, BeforeValidator(_text)] | None,
    AfterValidator(_claimed),
    Field(
        description="When it was said by the clock of the device: a claim, shown beside the time that counts."
        " A clock that was never set claims nothing."
    ),
]
Reason = Annotated[str, Field(min_length=1, max_length=40, description="Code of the reason list")]
Cursor = Annotated[str, Field(max_length=1024)]
Urgency = Literal["life_saving", "urgent", "normal"]
Severity = Literal["yellow", "orange", "red"]


class BehalfView(View):
    """A desk of `by_org_id` wrote it down for the organisation, which may object until `object_until`."""

    by_org_id: UUID = Field(description="Organisation of the desk that wrote it down")
    object_until: datetime = Field(description="Until when the organisation may object")


class LineView(View):
    """One need line as published, all quantities decimal text in `unit`.

    R requested, C over-cap, E elsewhere, P proposed, W waitlisted, H held, T in transit, A arrived,
    D delivered, L lost.
    """

    need_line: UUID = Field(description="Id of the line: `need_line_id` of commands")
    need: UUID = Field(description="Id of its need")
    asker_org: UUID = Field(description="Organisation that asks")
    item: str = Field(description="Code of the item (`GET /items`)")
    unit: str = Field(description="Base unit of the item: the unit of every quantity here")
    district: str = Field(
        description="P-code of the place, a province where the district is not known or kept"
    )
    day: str | None = Field(None, description="Day a line that returns every day is for")
    needed_by: datetime = Field(description="After it the line takes no pledge")
    need_state: str = Field(description="State of the need; only `open` takes pledges")
    urgency: Urgency = Field(description="`life_saving` is looked at first and has the shortest times")
    verification: int = Field(description="0 none, 1 by phone, 2 on site, 3 by an authority")
    is_stale: bool = Field(description="Nobody said for long that it is still needed")
    opened_at: datetime | None = Field(description="When the need was verified first")
    R: str = Field(description="Requested: what is wanted at present")
    C: str = Field(description="Over-cap: agreed excess that may be accepted beyond R")
    E: str = Field(description="Elsewhere: covered by others, with evidence")
    P: str = Field(description="Proposed: promised and not answered; counts for nothing")
    W: str = Field(description="Waitlisted: promised, waiting for room; counts for nothing")
    H: str = Field(description="Held: accepted, still with the pledger")
    T: str = Field(description="In transit")
    A: str = Field(description="Arrived and not yet confirmed")
    D: str = Field(description="Delivered: confirmed by the recipient")
    L: str = Field(description="Lost on the way")
    room: str = Field(description="What may still be accepted: max(0, R + C − E − H − T − A − D)")
    gap: str = Field(
        description="What is missing: max(0, R − E − H − T − A − D), also of needs that nobody has verified"
    )
    surplus: str = Field(description="What is too much: max(0, H + T + A + D + E − R − C)")
    at_risk: str = Field(description="Held or on the way, and doubtful to arrive")
    label: str = Field(
        description="UNCOVERED, PARTLY_COVERED, COVERED, PARTLY_DELIVERED, MET or OVERSUPPLIED"
    )


class PackView(View):
    """A quantity as entered: `count` packs of `factor` base units."""

    pack: str = Field(description="Code of the pack, or of the base unit")
    factor: str = Field(description="Base units in one pack")
    count: str = Field(description="How many packs were entered")
