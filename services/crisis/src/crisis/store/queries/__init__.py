"""Statements longer than a few lines, one file each; its first line says in English what it does."""

from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def query(name: str) -> str:
    """The statement in `<name>.sql`."""
    return (resources.files(__name__) / f"{name}.sql").read_text(encoding="utf-8")


def narrowed(name: str, first: int, wanted: Mapping[str, object]) -> tuple[str, list[object]]:
    """The statement with one more equation per wanted value that is not None, and these values.

    A plan made once for all values uses an index only for conditions that are always there. `wanted` names
    columns, nothing a caller sent; the values are the parameters from number `first` on.
    """
    given = {column: value for column, value in wanted.items() if value is not None}
    equations = "".join(f"\n   AND {column} = ${number}" for number, column in enumerate(given, first))
    return query(name).replace("\n   -- and what is asked for", equations), list(given.values())
