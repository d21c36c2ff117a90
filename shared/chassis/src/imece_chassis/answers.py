"""One HTTP answer as plain data: status, bytes, headers. Stored and replayed byte for byte."""

import json
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is sent as it stands; `headers` are (name, value) pairs beside length and date."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


JSON_HEADERS = (("content-type", "application/json"),)


def json_answer(
    content: BaseModel | dict[str, Any] | bytes, status: int = 200, headers: tuple[tuple[str, str], ...] = ()
) -> Answer:
    """An Answer with a JSON object: a model, a dict of JSON values, or bytes that are JSON already."""
    if isinstance(content, BaseModel):
        body = content.model_dump_json().encode()
    elif isinstance(content, bytes):
        body = content
    else:
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, body, JSON_HEADERS + headers)
