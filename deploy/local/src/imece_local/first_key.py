"""The secretariat's key of the local system: made once by the registry, kept in the state, shown by `up`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

KEY_FILE = "secretariat-key"


class NoKey(RuntimeError):
    """The registry's bootstrap gave no key although one was asked for."""


def saved_key(secrets: Path) -> str | None:
    """The key of an earlier start; None when there is none."""
    try:
        return (secrets / KEY_FILE).read_text().strip() or None
    except OSError:
        return None


def key_in(said: str) -> str | None:
    """The key in the bootstrap's output: one JSON object, alone or on a line of its own among log lines.

    None when it made no key because one is live. NoKey when there is no such object at all.
    """
    for text in [said, *reversed(said.splitlines())]:
        try:
            answer: object = json.loads(text)
        except ValueError:
            continue
        if isinstance(answer, dict) and "organisation_id" in answer:
            key = cast("dict[str, object]", answer).get("key")
            return str(key) if key else None
    raise NoKey(f"the registry's bootstrap printed no key:\n{said.strip()}")
