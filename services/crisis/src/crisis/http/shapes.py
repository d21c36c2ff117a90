"""Field types of requests and answers.

Unknown members of a request are refused; quantities are decimal text.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal, cast
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from imece_reference.places import PCODE_PATTERN, PROVINCE_PATTERN
from imece_reference.quantities import parse_quantity
from imece_reference.refusals import InvalidQuantity

_NUMBER = re.compile(r"[+-]?[\d_.]+(e[+-]?\d+)?", re.IGNORECASE)


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
    tr = "farkı belirtilmiş zaman olmalı (2026-02-06T09:00:00+03:00)"


def _text(given: object) -> object:
    if isinstance(given, int | float) or (isinstance(given, str) and _NUMBER.fullmatch(given.strip())):
        raise TimeRefused("must be a time with offset (2026-02-06T09:00:00+03:00)")
    return given


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


Quantity = Annotated[
    str,
    Field(max_length=64, description="Decimal text > 0, at most 15 digits and 3 decimals", examples=["200"]),
    AfterValidator(_quantity),
]
Unit = Annotated[
    str, Field(min_length=1, max_length=40, description="Base unit of the item or one of its packs")
]
PCode = Annotated[str, Field(pattern=PCODE_PATTERN, description="COD-AB p-code of a province or district")]
ProvinceCode = Annotated[str, Field(pattern=PROVINCE_PATTERN, description="COD-AB p-code of a province")]
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

    by_org_id: UUID
    object_until: datetime


class LineView(View):
    """One need line as published, all quantities decimal text in `unit`.

    R requested, C over-cap, E elsewhere, P proposed, W waitlisted, H held, T in transit, A arrived,
    D delivered, L lost.
    """

    need_line: UUID
    need: UUID
    asker_org: UUID
    item: str
    unit: str
    district: str
    day: str | None = None
    needed_by: datetime
    need_state: str
    urgency: Urgency
    verification: int
    is_stale: bool
    opened_at: datetime | None
    R: str
    C: str
    E: str
    P: str
    W: str
    H: str
    T: str
    A: str
    D: str
    L: str
    room: str
    gap: str
    surplus: str
    at_risk: str
    label: str


class PackView(View):
    """A quantity as entered: `count` packs of `factor` base units."""

    pack: str
    factor: str
    count: str
