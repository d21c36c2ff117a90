"""A raw record is one of four things: an event, a progress mark, an unknown type, or not an event at all."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from pydantic import ValidationError

from imece_chassis.consuming.declaration import KeyEnded, Received
from imece_chassis.consuming.reader import UNREADABLE
from imece_chassis.ids import lower_bound
from imece_contracts.catalogue import UnknownEventType, parse
from imece_contracts.envelope import Envelope, MalformedEvent, from_record
from imece_contracts.progress import ProgressMark
from imece_contracts.topics import TOPICS

Headers = Sequence[tuple[str, bytes | None]]


class RawRecord(Protocol):
    """A record as the client library delivers it; `timestamp` is in milliseconds."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers


@dataclass(frozen=True, slots=True)
class Malformed:
    """Why a record is not an event: a short code and what was seen."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """An event of a type this release does not know."""

    type: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A record and what it turned out to be."""

    raw: RawRecord
    content: Received | ProgressMark | Unknown | Malformed

    @property
    def place(self) -> tuple[str, int]:
        return self.raw.topic, self.raw.partition


def classify(raw: RawRecord) -> Entry:
    """Never raises for anything a record can contain."""
    if raw.headers is UNREADABLE:
        return Entry(raw, Malformed("undecodable", "the client library cannot read this record"))
    try:
        return Entry(raw, _content(raw))
    except MalformedEvent as error:
        return Entry(raw, Malformed(error.reason, error.detail))
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        return Entry(raw, Malformed("unreadable", type(error).__name__))


def _content(raw: RawRecord) -> Received | ProgressMark | Unknown:
    topic = TOPICS.get(raw.topic)
    if topic is not None and topic.kind == "progress":
        try:
            return ProgressMark.model_validate_json(raw.value or b"")
        except ValidationError as error:
            raise MalformedEvent("progress_mark", error.errors()[0]["type"]) from None
    if raw.value is None and topic is not None and topic.kind == "state":
        return _ended(raw)
    envelope = from_record(raw.topic, raw.key, raw.value, raw.headers)
    try:
        data = parse(envelope)
    except UnknownEventType:
        return Unknown(envelope.type)
    return Received(envelope, data, raw.topic, raw.partition, raw.offset)


def _ended(raw: RawRecord) -> Received:
    """A tombstone is no CloudEvent; time and place in the log give it an id, so that it is applied once."""
    try:
        key = (raw.key or b"").decode()
    except UnicodeDecodeError:
        raise MalformedEvent("key_encoding", "the key is not UTF-8") from None
    if not key:
        raise MalformedEvent("key_null", "the record has no key")
    place = hashlib.blake2b(f"{raw.topic}/{raw.partition}/{raw.offset}".encode(), digest_size=8).digest()
    event_id = UUID(int=lower_bound(max(raw.timestamp, 0)).int | int.from_bytes(place, "big") >> 2)
    envelope = Envelope(
        id=event_id,
        type="",
        source="",
        subject=key,
        time=datetime.fromtimestamp(max(raw.timestamp, 0) / 1000, UTC),
        dataschema="",
        topic=raw.topic,
        key=key,
        sequence=0,
        data=b"",
    )
    return Received(envelope, KeyEnded(), raw.topic, raw.partition, raw.offset)


def headers_to_json(headers: Headers) -> str:
    """Headers as stored beside a dead letter: [[name, base64 value or null], …]."""
    return json.dumps(
        [[name, None if raw is None else base64.b64encode(raw).decode()] for name, raw in headers]
    )


def headers_from_json(text: str) -> list[tuple[str, bytes | None]]:
    """The inverse of `headers_to_json`."""
    pairs: list[tuple[str, str | None]] = json.loads(text)
    return [(name, None if raw is None else base64.b64decode(raw)) for name, raw in pairs]


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record read back from dead_letters or parked_events."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]


def stored(row: Any, key: bytes | None) -> StoredRecord:
    """From a row with topic, partition, record_offset, value, headers."""
    return StoredRecord(
        row["topic"],
        row["partition"],
        row["record_offset"],
        0,
        key,
        row["value"],
        headers_from_json(row["headers"]),
    )
