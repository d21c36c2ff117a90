"""Operator commands of the chassis: migrate, dead-letters, republish."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any, Protocol

from imece_chassis.migrations import (
    ChangedAfterApplied,
    Component,
    LockTimeout,
    MigrationOrder,
    migrate,
    status,
)
from imece_chassis.settings import ServiceSettings
from imece_contracts.topics import Topic


class ServiceFacts(Protocol):
    """What the commands need to know of a service."""

    @property
    def name(self) -> str: ...
    @property
    def progress_topic(self) -> Topic | None: ...
    @property
    def redrive(self) -> Any: ...


async def migrate_command(url: str, components: Sequence[Component], *, only_status: bool) -> int:
    """Apply migrations or show their status; 1 when something is pending or refused."""
    if only_status:
        lines = await status(url, components)
        say(*lines)
        return 1 if any(line.endswith("pending") for line in lines) else 0
    try:
        await migrate(url, components, say)
    except (ChangedAfterApplied, MigrationOrder, LockTimeout) as error:
        print(f"{error.__doc__} ({error})", file=sys.stderr)  # noqa: T201
        return 1
    return 0


async def dead_letters_command(settings: ServiceSettings, service: ServiceFacts, options: argparse.Namespace) -> int:
    raise NotImplementedError


async def republish_command(settings: ServiceSettings, service: ServiceFacts, options: argparse.Namespace) -> int:
    raise NotImplementedError


def say(*lines: str) -> None:
    """Print lines for the operator."""
    for line in lines:
        print(line, flush=True)  # noqa: T201
