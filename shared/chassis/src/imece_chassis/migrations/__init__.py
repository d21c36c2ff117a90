"""Numbered forward-only SQL files, applied once, in order, under an advisory lock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Component:
    """A set of migrations: `name` is its key in schema_migrations, `package` is the importable folder with the files."""

    name: str
    package: str


CHASSIS = Component("chassis", "imece_chassis.migrations")


async def migrate(
    url: str, components: Sequence[Component], report: Callable[[str], None] = print
) -> None:
    raise NotImplementedError


async def status(url: str, components: Sequence[Component]) -> list[str]:
    raise NotImplementedError
