"""Old samples parse for ever, schemas only grow, documents equal the code, a third party reads us."""

import copy
import json
from pathlib import Path

import jsonschema
import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event

from imece_contracts.asyncapi import document, sample_of
from imece_contracts.catalogue import EVENTS, UnknownEventType, parse
from imece_contracts.compatibility import breaking_changes, frozen_schema, schema_of
from imece_contracts.crisis import AllocationEvent, ConditionEvent
from imece_contracts.documents import asyncapi_json, events_markdown
from imece_contracts.envelope import Envelope, MalformedEvent, from_record, to_headers
from imece_contracts.event import EventData, encode
from imece_contracts.topics import TOPICS

DOCS = Path(__file__).parents[2] / "docs"
MODELS = sorted(EVENTS.values(), key=lambda model: model.type)


def envelope_of(model: type[EventData]) -> Envelope:
    sample = sample_of(model)
    headers = [(name, text.encode()) for name, text in sample["headers"].items()]
    value = json.dumps(sample["value"], ensure_ascii=False).encode()
    return from_record(model.topic.name, sample["key"].encode(), value, headers)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.type)
def test_the_frozen_sample_still_parses_and_survives_a_round_trip(model: type[EventData]) -> None:
    envelope = envelope_of(model)
    data = parse(envelope)
    assert type(data) is model
    assert json.loads(encode(data)) == sample_of(model)["value"]
    again = from_record(envelope.topic, envelope.key.encode(), envelope.data, to_headers(envelope))
    assert again == envelope


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.type)
def test_the_schema_breaks_no_promise_of_the_frozen_one(model: type[EventData]) -> None:
    assert breaking_changes(frozen_schema(model), schema_of(model)) == []


def test_whoever_wrote_a_promise_is_promised_to_be_named_in_what_is_told_of_it() -> None:
    concerned = [model for model in MODELS if issubclass(model, AllocationEvent | ConditionEvent)]
    unnamed = [model.type for model in concerned if "on_behalf_by" not in frozen_schema(model)["properties"]]
    assert concerned and unnamed == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.type)
def test_a_third_party_validates_sample_and_envelope(model: type[EventData]) -> None:
    sample = sample_of(model)
    jsonschema.validate(sample["value"], frozen_schema(model))
    headers = {name: text.encode() for name, text in sample["headers"].items()}
    value = json.dumps(sample["value"]).encode()
    event = from_binary_event(KafkaMessage(headers=headers, key=sample["key"], value=value))
    assert event.get_type() == model.type
    assert event.get_extension("sequence") == sample["headers"]["ce_sequence"]


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("removed", lambda schema: schema["properties"].pop("crisis_no")),
        ("retyped", lambda schema: schema["properties"]["hazard"].update(type="integer")),
        (
            "required",
            lambda schema: (
                schema["required"].append("brand_new")
                or schema["properties"].update(brand_new={"type": "string"})
            ),
        ),
        ("narrowed", lambda schema: schema["properties"]["severity"]["enum"].remove("red")),
        ("optional", lambda schema: schema["required"].remove("crisis_no")),
    ],
)
def test_the_compatibility_check_sees_each_kind_of_break(name: str, harm) -> None:
    model = EVENTS["crisis.crisis.opened"]
    old, new = schema_of(model), copy.deepcopy(schema_of(model))
    harm(new)
    assert breaking_changes(old, new), name


def test_an_optional_addition_is_compatible() -> None:
    model = EVENTS["crisis.crisis.opened"]
    new = schema_of(model)
    new["properties"]["later"] = {"type": "string"}
    assert breaking_changes(schema_of(model), new) == []


def test_generated_documents_equal_the_code() -> None:
    assert (DOCS / "events.md").read_text(encoding="utf-8") == events_markdown()
    assert (DOCS / "asyncapi.json").read_text(encoding="utf-8") == asyncapi_json()


def test_every_example_validates_against_the_payload_beside_it() -> None:
    messages = document()["components"]["messages"]
    examples = [(m["payload"], x["payload"]) for m in messages.values() for x in m.get("examples", ())]
    assert len(examples) == len(EVENTS)
    for schema, payload in examples:
        jsonschema.validate(payload, schema)


def test_every_topic_has_an_owner_a_reader_and_an_event() -> None:
    used = {model.topic.name for model in MODELS}
    for topic in TOPICS.values():
        assert topic.owner and topic.consumers
        assert topic.kind == "progress" or topic.name in used


GOOD = envelope_of(EVENTS["crisis.crisis.opened"])


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("no_data", {"value": None}),
        ("key_null", {"key": None}),
        ("key_encoding", {"key": b"\xff"}),
        ("key", {"key": b"somebody-else"}),
        ("header_null", {"extra": ("ce_x", None)}),
        ("header_encoding", {"extra": ("ce_x", b"\xff")}),
        ("header_size", {"extra": ("ce_x", b"x" * 5000)}),
        ("specversion", {"drop": "ce_specversion"}),
        ("attribute_missing", {"drop": "ce_id"}),
        ("attribute_missing", {"drop": "ce_type"}),
        ("attribute_missing", {"drop": "ce_sequence"}),
        ("attribute", {"extra": ("ce_sequence", b"-1")}),
        ("attribute", {"extra": ("ce_id", b"nope")}),
        ("attribute", {"extra": ("ce_time", b"2026-02-06T06:12:00")}),
        ("json", {"extra": ("content-type", b"application/cloudevents+json"), "value": b"{"}),
        ("structured", {"extra": ("content-type", b"application/cloudevents+json"), "value": b"[]"}),
    ],
)
def test_what_is_not_an_event_is_refused_with_its_reason(reason: str, change: dict) -> None:
    headers = [(name, value) for name, value in to_headers(GOOD) if name != change.get("drop")]
    if "extra" in change:
        headers.append(change["extra"])
    key = change.get("key", GOOD.key.encode())
    with pytest.raises(MalformedEvent) as refused:
        from_record(GOOD.topic, key, change.get("value", GOOD.data), headers)
    assert refused.value.reason == reason


def test_a_structured_event_reads_like_a_binary_one() -> None:
    attributes = {name[3:]: raw.decode() for name, raw in to_headers(GOOD) if name.startswith("ce_")}
    document = json.dumps({**attributes, "data": json.loads(GOOD.data)}).encode()
    headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
    envelope = from_record(GOOD.topic, GOOD.key.encode(), document, headers)
    assert parse(envelope) == parse(GOOD)


def test_an_unknown_type_is_told_apart_from_a_malformed_one() -> None:
    headers = [*to_headers(GOOD), ("ce_type", b"crisis.something.new")]
    with pytest.raises(UnknownEventType):
        parse(from_record(GOOD.topic, GOOD.key.encode(), GOOD.data, headers))
    with pytest.raises(MalformedEvent, match=r"schema: crisis"):
        parse(from_record(GOOD.topic, GOOD.key.encode(), b"{}", to_headers(GOOD)))
