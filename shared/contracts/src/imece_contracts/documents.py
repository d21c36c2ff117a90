"""Writes the generated documents: `python -m imece_contracts.documents docs` → events.md, asyncapi.json.

The documents are derived, never edited; a test compares them with the code.
"""

import json
import sys
from pathlib import Path
from typing import Any

from imece_contracts.asyncapi import document, sample_of
from imece_contracts.catalogue import EVENTS
from imece_contracts.compatibility import schema_of
from imece_contracts.event import EventData
from imece_contracts.topics import TOPICS, Topic

PROGRESS = "One mark per lane every 2 s: `lane`, `lanes`, `drained_at`, `end_offsets`, `log_epoch`.\n"
HEAD = """# Events

Generated from `shared/contracts`; do not edit. CloudEvents 1.0 in Kafka binary mode: attributes are `ce_*`
headers, the value is the JSON payload. Quantities are decimal text. Readers ignore members and types they do
not know.
"""


def asyncapi_json() -> str:
    """The AsyncAPI document as text."""
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"


def events_markdown() -> str:
    """One section per topic, one table per event."""
    return "\n".join([HEAD, _topic_table(), *(_topic_section(topic) for topic in TOPICS.values())])


def _topic_table() -> str:
    lines = [
        "| topic | kind | key | owner | read by | partitions |",
        "|---|---|---|---|---|---|",
    ]
    for topic in TOPICS.values():
        readers = ", ".join(topic.consumers)
        cells = (f"`{topic.name}`", topic.kind, topic.key, topic.owner, readers, str(topic.partitions))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _topic_section(topic: Topic) -> str:
    models = [model for model in EVENTS.values() if model.topic.name == topic.name]
    lines = [f"## {topic.name}", ""]
    if topic.kind == "progress":
        lines.append(
            "One mark per relay lane every 2 s: `lane`, `lanes`, `drained_at`, `end_offsets`, `log_epoch`.\n"
        )
    for model in models:
        lines += [*_event_lines(model), ""]
    return "\n".join(lines)


def _event_lines(model: type[EventData]) -> list[str]:
    schema = schema_of(model)
    required = set(schema.get("required", ()))
    lines = [
        f"### {model.type}",
        "",
        " ".join((model.__doc__ or "").split()),
        "",
        "| member | type | always |",
    ]
    lines.append("|---|---|---|")
    for name, part in schema.get("properties", {}).items():
        lines.append(f"| `{name}` | {_type_name(part)} | {'yes' if name in required else 'no'} |")
    value = json.dumps(sample_of(model)["value"], ensure_ascii=False)
    return [*lines, "", "```json", value, "```"]


def _type_name(part: dict[str, Any]) -> str:
    if "$ref" in part:
        return str(part["$ref"]).rsplit("/", 1)[-1].lstrip("_")
    if "anyOf" in part:
        return " or ".join(_type_name(option) for option in part["anyOf"])
    if "enum" in part:
        return ", ".join(f"`{value}`" for value in part["enum"])
    if part.get("type") == "array":
        return f"list of {_type_name(part.get('items', {}))}"
    return " ".join(str(part[name]) for name in ("type", "format") if name in part) or "any"


def main(folder: Path) -> None:
    """Write both documents into `folder`."""
    (folder / "events.md").write_text(events_markdown(), encoding="utf-8")
    (folder / "asyncapi.json").write_text(asyncapi_json(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
