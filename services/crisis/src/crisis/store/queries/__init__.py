"""Statements longer than a few lines, one file each; its first line says in English what it does."""

from functools import cache
from importlib import resources


@cache
def query(name: str) -> str:
    """The statement in `<name>.sql`."""
    return (resources.files(__name__) / f"{name}.sql").read_text(encoding="utf-8")
