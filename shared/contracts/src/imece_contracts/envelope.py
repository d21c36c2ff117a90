"""CloudEvents 1.0 on Kafka: one envelope, written in binary mode, read in binary or structured mode.

Reading never trusts a record: whatever cannot be an event raises MalformedEvent with a reason, nothing else.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn, cast
from uuid import UUID

CONTENT_TYPE = "application/json"
STRUCTURED_PREFIX = "application/cloudevents+json"
MAX_HEADER_BYTES = 4096


class MalformedEvent(ValueError):
    """The record is not an event. `reason` is a short code, `detail` says what was seen."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event. `time` is when it happened (UTC), `sequence` the version of the keyed aggregate."""

    id: UUID
    type: str
    source: str
    subject: str
    time: datetime
    dataschema: str
    topic: str
    key: str
    sequence: int
    data: bytes
    crisis_id: UUID | None = None
    is_drill: bool = False
    command_id: UUID | None = None
    actor_org: UUID | None = None
    actor_role: str | None = None
    traceparent: str | None = None


def rfc3339(moment: datetime) -> str:
    """UTC time with microseconds and Z, as written into headers."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def header_texts(envelope: Envelope) -> dict[str, str]:
    """Kafka headers of binary mode as text; the value of the record is `envelope.data`."""
    texts = {
        "content-type": CONTENT_TYPE,
        "ce_specversion": "1.0",
        "ce_id": str(envelope.id),
        "ce_source": envelope.source,
        "ce_type": envelope.type,
        "ce_subject": envelope.subject,
        "ce_time": rfc3339(envelope.time),
        "ce_dataschema": envelope.dataschema,
        "ce_partitionkey": envelope.key,
        "ce_sequence": str(envelope.sequence),
        "ce_drill": "true" if envelope.is_drill else "false",
    }
    optional = (
        ("ce_crisisid", envelope.crisis_id),
        ("ce_commandid", envelope.command_id),
        ("ce_actororg", envelope.actor_org),
        ("ce_actorrole", envelope.actor_role),
        ("ce_traceparent", envelope.traceparent),
    )
    for name, value in optional:
        if value is not None:
            texts[name] = str(value)
    return texts


def to_headers(envelope: Envelope) -> list[tuple[str, bytes]]:
    """Kafka headers of binary mode."""
    return [(name, text.encode()) for name, text in header_texts(envelope).items()]


def from_record(
    topic: str,
    key: bytes | None,
    value: bytes | None,
    headers: Sequence[tuple[str, bytes | None]],
) -> Envelope:
    """Read a record. MalformedEvent for anything that is not a complete CloudEvent with data and key."""
    texts = _texts(headers)
    if value is None:
        _refuse("no_data", "the record has no value")
    if texts.get("content-type", "").lower().startswith(STRUCTURED_PREFIX):
        attributes, data = _structured(value)
    else:
        attributes = {name[3:]: text for name, text in texts.items() if name.startswith("ce_")}
        data = value
    if attributes.get("specversion") != "1.0":
        _refuse("specversion", f"{attributes.get('specversion')!r} is not 1.0")
    return Envelope(
        id=_uuid(attributes, "id"),
        type=_text(attributes, "type"),
        source=_text(attributes, "source"),
        subject=attributes.get("subject", ""),
        time=_time(attributes),
        dataschema=attributes.get("dataschema", ""),
        topic=topic,
        key=_key(key, attributes),
        sequence=_sequence(attributes),
        data=data,
        crisis_id=_optional_uuid(attributes, "crisisid"),
        is_drill=attributes.get("drill") == "true",
        command_id=_optional_uuid(attributes, "commandid"),
        actor_org=_optional_uuid(attributes, "actororg"),
        actor_role=attributes.get("actorrole"),
        traceparent=attributes.get("traceparent"),
    )


def _refuse(reason: str, detail: str) -> NoReturn:
    raise MalformedEvent(reason, detail)


def _texts(headers: Sequence[tuple[str, bytes | None]]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, raw in headers:
        if raw is None:
            _refuse("header_null", f"header {name[:64]!r} has no value")
        if len(raw) > MAX_HEADER_BYTES:
            _refuse("header_size", f"header {name[:64]!r} has {len(raw)} bytes")
        try:
            texts[name] = raw.decode()
        except UnicodeDecodeError:
            _refuse("header_encoding", f"header {name[:64]!r} is not UTF-8")
    return texts


def _structured(value: bytes) -> tuple[dict[str, str], bytes]:
    try:
        document: Any = json.loads(value)
    except ValueError as error:
        _refuse("json", str(error)[:200])
    if not isinstance(document, dict) or "data" not in document:
        _refuse("structured", "a structured event is an object with data")
    members = cast(Mapping[str, Any], document)
    attributes = {name: str(item) for name, item in members.items() if name != "data"}
    return attributes, json.dumps(members["data"], ensure_ascii=False, separators=(",", ":")).encode()


def _text(attributes: Mapping[str, str], name: str) -> str:
    value = attributes.get(name)
    if not value:
        _refuse("attribute_missing", f"ce_{name} is missing")
    return value


def _uuid(attributes: Mapping[str, str], name: str) -> UUID:
    try:
        return UUID(_text(attributes, name))
    except ValueError as error:
        if isinstance(error, MalformedEvent):
            raise
        raise MalformedEvent("attribute", f"ce_{name} is not a UUID") from None


def _optional_uuid(attributes: Mapping[str, str], name: str) -> UUID | None:
    return _uuid(attributes, name) if attributes.get(name) else None


def _time(attributes: Mapping[str, str]) -> datetime:
    text = _text(attributes, "time")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        _refuse("attribute", "ce_time is not an RFC 3339 time with offset")
    return moment


def _sequence(attributes: Mapping[str, str]) -> int:
    text = _text(attributes, "sequence")
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        _refuse("attribute", "ce_sequence is not a whole number")
    return int(text)


def _key(key: bytes | None, attributes: Mapping[str, str]) -> str:
    if key is None:
        _refuse("key_null", "the record has no key")
    try:
        text = key.decode()
    except UnicodeDecodeError:
        _refuse("key_encoding", "the key is not UTF-8")
    if attributes.get("partitionkey", text) != text:
        _refuse("key", "ce_partitionkey differs from the record's key")
    return text
