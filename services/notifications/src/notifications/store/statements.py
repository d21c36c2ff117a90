"""Statements longer than a few lines live in queries/*.sql; each begins with an English line."""

from functools import cache
from importlib import resources


@cache
def statement(name: str) -> str:
    """The SQL text of queries/<name>.sql."""
    return (
        resources.files("notifications.store").joinpath("queries", f"{name}.sql").read_text(encoding="utf-8")
    )
