"""What the document says of a reason: the codes of the list that the command takes, in its body's schema."""

from collections.abc import Mapping
from typing import Any

from crisis.domain.reasons import EDITION


def one_of(known: Mapping[str, str], member: str = "reason", *, may_be_null: bool = False) -> dict[str, Any]:
    """`openapi_extra` of a route whose body has `member` from the list `known`; Turkish words beside."""
    codes: list[str | None] = [*known]
    words = ", ".join(f"`{code}` ({word})" for code, word in known.items())
    described = {
        "enum": [*codes, None] if may_be_null else codes,
        "description": f"{words}. Edition {EDITION}",
    }
    return {"requestBody": {"content": {"application/json": {"schema": {"properties": {member: described}}}}}}
