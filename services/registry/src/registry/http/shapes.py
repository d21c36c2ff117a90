"""Field types shared by requests and answers. Unknown members of a request are refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from imece_reference.places import PLATE_PATTERN

PROVINCES_LIMIT = 81


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Plate = Annotated[
    str,
    Field(pattern=PLATE_PATTERN, description="Province by plate, 01–81 (GET /provinces)", examples=["31"]),
]
Plates = Annotated[tuple[Plate, ...], Field(max_length=PROVINCES_LIMIT)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", description="BCP 47 tag")]
Moment = Annotated[
    datetime,
    PlainSerializer(_rfc3339, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
GivenMoment = Annotated[AwareDatetime, AfterValidator(_utc)]


class Body(BaseModel):
    """A request body."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class View(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True)
