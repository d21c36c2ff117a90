"""Within a major version a schema may only grow by optional members.

The frozen schema of each event lies in schemas/; `breaking_changes` names every promise a new schema breaks.
"""

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any, cast

from imece_contracts.event import EventData

Schema = Mapping[str, Any]


def schema_of(model: type[EventData]) -> dict[str, Any]:
    """JSON Schema 2020-12 of a payload as it travels, with its stable identifier."""
    body = model.model_json_schema(mode="serialization", by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": model.dataschema(), **body}


def file_name(model: type[EventData]) -> str:
    """Name of the frozen schema and sample of a model: type and major version."""
    return f"{model.type}.v{model.version}.json"


def frozen_schema(model: type[EventData]) -> dict[str, Any]:
    """The schema as published. FileNotFoundError for an event that was never frozen."""
    path = resources.files("imece_contracts") / "schemas" / file_name(model)
    return json.loads(path.read_text(encoding="utf-8"))


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """Every removed, retyped, narrowed or newly required member, as sentences; empty means compatible."""
    return list(_compare("payload", old, new, old, new))


def _compare(path: str, old: Schema, new: Schema, old_root: Schema, new_root: Schema) -> list[str]:
    old, new = _resolve(old, old_root), _resolve(new, new_root)
    found: list[str] = []
    if _shape(old) != _shape(new):
        return [f"{path} was {_shape(old)} and is now {_shape(new)}"]
    gone = set(_values(old)) - set(_values(new))
    added = set(_values(new)) - set(_values(old))
    if gone or (added and _values(old)):
        found.append(f"{path} lost the values {sorted(gone)} or gained {sorted(added)}")
    old_properties, new_properties = _properties(old), _properties(new)
    for name, member in old_properties.items():
        if name not in new_properties:
            found.append(f"{path}.{name} was removed")
        else:
            found += _compare(f"{path}.{name}", member, new_properties[name], old_root, new_root)
    for name in sorted(set(_required(new)) - set(_required(old))):
        if name not in old_properties:
            found.append(f"{path}.{name} is new and required: readers of old events would fail")
    for name in sorted(set(_required(old)) - set(_required(new))):
        found.append(f"{path}.{name} is no longer always there")
    for keyword in ("items", "additionalProperties"):
        if isinstance(old.get(keyword), Mapping) and isinstance(new.get(keyword), Mapping):
            found += _compare(f"{path}[]", old[keyword], new[keyword], old_root, new_root)
    return found


def _resolve(schema: Schema, root: Schema) -> Schema:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    return cast(Schema, root["$defs"][str(reference).rsplit("/", 1)[-1]])


def _shape(schema: Schema) -> str:
    if "anyOf" in schema:
        return " | ".join(sorted(_shape(option) for option in schema["anyOf"]))
    if "$ref" in schema:
        return "object"
    return ":".join(str(schema[part]) for part in ("type", "format") if part in schema) or "any"


def _values(schema: Schema) -> list[str]:
    if "const" in schema:
        return [str(schema["const"])]
    return [str(value) for value in schema.get("enum", ())]


def _properties(schema: Schema) -> Mapping[str, Schema]:
    return schema.get("properties", {})


def _required(schema: Schema) -> list[str]:
    return list(schema.get("required", ()))
