"""The base of every event model: frozen, additive, encoded once.

Producers refuse unknown members when they build an event; readers ignore members a newer producer added.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from imece_contracts.envelope import Envelope
from imece_contracts.topics import Topic

SCHEMA_ROOT = "https://imece.example/schemas"


class EventData(BaseModel):
    """Payload of one event type; subclasses set `type` ("crisis.allocation.held") and `topic`."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    type: ClassVar[str]
    topic: ClassVar[Topic]
    version: ClassVar[int] = 1

    @classmethod
    def dataschema(cls) -> str:
        """Stable URI of the payload's schema; ends in the major version."""
        service, _, name = cls.type.partition(".")
        return f"{SCHEMA_ROOT}/{service}/{name}/v{cls.version}"


def encode(data: EventData) -> bytes:
    """JSON bytes of a payload, exactly as they travel and are stored."""
    return data.model_dump_json(by_alias=True, exclude_none=True).encode()


def seal(  # noqa: PLR0913 # one keyword per attribute of an event
    data: EventData,
    *,
    id: UUID,
    source: str,
    subject: str,
    key: str,
    sequence: int,
    time: datetime,
    crisis_id: UUID | None = None,
    is_drill: bool = False,
    command_id: UUID | None = None,
    actor_org: UUID | None = None,
    actor_role: str | None = None,
    traceparent: str | None = None,
    payload: bytes | None = None,
) -> Envelope:
    """Put a payload into its envelope. `payload` replaces encoding `data` where bytes exist already."""
    return Envelope(
        id=id,
        type=data.type,
        source=source,
        subject=subject,
        time=time,
        dataschema=data.dataschema(),
        topic=data.topic.name,
        key=key,
        sequence=sequence,
        data=encode(data) if payload is None else payload,
        crisis_id=crisis_id,
        is_drill=is_drill,
        command_id=command_id,
        actor_org=actor_org,
        actor_role=actor_role,
        traceparent=traceparent,
    )
