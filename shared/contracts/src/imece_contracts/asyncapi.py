"""The AsyncAPI 3.0 document of all topics, built from the models; docs/asyncapi.json must equal it."""

import json
from importlib import resources
from typing import Any, cast

from imece_contracts.catalogue import EVENTS
from imece_contracts.compatibility import file_name, schema_of
from imece_contracts.event import EventData
from imece_contracts.progress import ProgressMark
from imece_contracts.topics import TOPICS, Topic

BINDING_VERSION = "0.5.0"

HEADERS: dict[str, Any] = {
    "type": "object",
    "required": ["content-type", "ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "ce_sequence"],
    "properties": {
        "content-type": {"type": "string", "const": "application/json"},
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid", "description": "minted with the outbox row"},
        "ce_source": {"type": "string"},
        "ce_type": {"type": "string"},
        "ce_subject": {"type": "string"},
        "ce_time": {"type": "string", "format": "date-time", "description": "when it happened, UTC"},
        "ce_dataschema": {"type": "string", "format": "uri"},
        "ce_partitionkey": {"type": "string"},
        "ce_sequence": {"type": "string", "pattern": "^[0-9]{1,18}$", "description": "version of the key"},
        "ce_crisisid": {"type": "string", "format": "uuid"},
        "ce_drill": {"type": "string", "enum": ["true", "false"]},
        "ce_commandid": {"type": "string", "format": "uuid"},
        "ce_actororg": {"type": "string", "format": "uuid"},
        "ce_actorrole": {"type": "string"},
        "ce_traceparent": {"type": "string", "description": "start of the story, W3C Trace Context"},
    },
}


def sample_of(model: type[EventData]) -> dict[str, Any]:
    """The frozen sample of an event: {headers, key, value}."""
    path = resources.files("imece_contracts") / "samples" / file_name(model)
    return json.loads(path.read_text(encoding="utf-8"))


def document() -> dict[str, Any]:
    """The whole document as plain data."""
    messages = {name: _message(model) for name, model in EVENTS.items()}
    for topic in TOPICS.values():
        if topic.kind == "progress":
            messages[topic.name] = _progress(topic)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Imece events",
            "version": "1.0.0",
            "description": "Facts the three services tell each other. CloudEvents 1.0, Kafka binary mode.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic) for topic in TOPICS.values()},
        "operations": dict(_operations()),
        "components": {"messages": messages, "schemas": {"headers": HEADERS}},
    }


def _names_on(topic: Topic) -> list[str]:
    if topic.kind == "progress":
        return [topic.name]
    return [name for name, model in EVENTS.items() if model.topic.name == topic.name]


def _reference(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _channel(topic: Topic) -> dict[str, Any]:
    configuration = {
        "cleanup.policy": ["compact" if topic.is_compacted else "delete"],
        "retention.ms": topic.retention_ms,
    }
    return {
        "address": topic.name,
        "description": f"{topic.kind} of {topic.owner}; key: {topic.key}",
        "messages": {name: _reference("messages", name) for name in _names_on(topic)},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": configuration,
                "bindingVersion": BINDING_VERSION,
            }
        },
    }


def _operations() -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for topic in TOPICS.values():
        channel = {"$ref": f"#/channels/{topic.name}"}
        found.append((f"{topic.owner}.send.{topic.name}", {"action": "send", "channel": channel}))
        found += [
            (f"{reader}.receive.{topic.name}", {"action": "receive", "channel": channel})
            for reader in topic.consumers
        ]
    return found


def _message(model: type[EventData]) -> dict[str, Any]:
    sample = sample_of(model)
    schema = {name: part for name, part in schema_of(model).items() if name not in ("$schema", "$id")}
    return {
        "name": model.type,
        "title": (model.__doc__ or model.type).strip().splitlines()[0],
        "headers": _reference("schemas", "headers"),
        "payload": _inline(schema, schema.get("$defs", {})),
        "bindings": {"kafka": {"key": {"type": "string"}, "bindingVersion": BINDING_VERSION}},
        "examples": [{"name": "sample", "headers": sample["headers"], "payload": sample["value"]}],
    }


def _progress(topic: Topic) -> dict[str, Any]:
    return {
        "name": topic.name,
        "title": f"Progress mark of a relay lane of {topic.owner}",
        "payload": ProgressMark.model_json_schema(mode="serialization"),
        "bindings": {"kafka": {"key": {"type": "string"}, "bindingVersion": BINDING_VERSION}},
    }


def _inline(schema: Any, definitions: dict[str, Any]) -> Any:
    """Definitions written out where they are used: local references do not survive embedding."""
    if isinstance(schema, dict):
        members = cast(dict[str, Any], schema)
        if "$ref" in members:
            return _inline(definitions[str(members["$ref"]).rsplit("/", 1)[-1]], definitions)
        return {name: _inline(part, definitions) for name, part in members.items() if name != "$defs"}
    if isinstance(schema, list):
        parts = cast(list[Any], schema)
        return [_inline(part, definitions) for part in parts]
    return schema
