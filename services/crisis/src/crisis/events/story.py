"""What all events of one command have in common, and how a payload is sealed into an envelope."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from crisis.domain.units import plain
from imece_chassis.ids import uuid7
from imece_contracts.envelope import Envelope
from imece_contracts.event import EventData

SOURCE = "//imece.example/crisis"


@dataclass(frozen=True, slots=True)
class Story:
    """What every event of one command has in common. Standing desks and packages belong to no crisis."""

    command_id: UUID
    crisis_id: UUID | None
    is_drill: bool
    actor_org_id: UUID | None
    actor_role: str
    at: datetime
    traceparent: str | None = None


def json_bytes(document: Any) -> bytes:
    """JSON of plain values, ids and prepared fragments; the driver's ids are a subclass of UUID."""
    return orjson.dumps(document, default=str, option=orjson.OPT_UTC_Z)


def moment(at: datetime) -> str:
    """RFC 3339 in UTC with Z."""
    return at.isoformat().replace("+00:00", "Z")


def quantity(value: Decimal) -> str:
    """Decimal text; zero is by far the most frequent."""
    return plain(value) if value else "0"


_dataschemas: dict[type[EventData], str] = {}


def sealed(
    model: type[EventData], document: dict[str, Any], subject: str, key: UUID, sequence: int, story: Story
) -> Envelope:
    schema = _dataschemas.get(model)
    if schema is None:
        schema = _dataschemas[model] = model.dataschema()
    return Envelope(
        id=uuid7(),
        type=model.type,
        source=SOURCE,
        subject=subject,
        time=story.at,
        dataschema=schema,
        topic=model.topic.name,
        key=str(key),
        sequence=sequence,
        data=json_bytes(document),
        crisis_id=story.crisis_id,
        is_drill=story.is_drill,
        command_id=story.command_id,
        actor_org=story.actor_org_id,
        actor_role=story.actor_role,
        traceparent=story.traceparent,
    )
