"""Operator commands of the chassis: migrate, dead-letters, republish."""

import argparse
import json
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Protocol

from imece_chassis import dead_letters
from imece_chassis.clock import SystemClock
from imece_chassis.consumer import Consumer
from imece_chassis.database import Database
from imece_chassis.migrations import (
    ChangedAfterApplied,
    Component,
    LockTimeout,
    MigrationOrder,
    migrate,
    status,
)
from imece_chassis.republish import LeadersStayed, TooOld, republish
from imece_chassis.settings import ServiceSettings

Consumers = Sequence[Consumer] | Callable[[Any, Database], Sequence[Consumer]]


class ServiceFacts(Protocol):
    """What the commands need to know of a service."""

    @property
    def name(self) -> str: ...
    @property
    def redrive(self) -> Consumers: ...


async def migrate_command(url: str, components: Sequence[Component], *, only_status: bool) -> int:
    """Apply migrations or show their status; 1 when something is pending or refused."""
    if only_status:
        lines = await status(url, components)
        say(*lines)
        return 1 if any(line.endswith("pending") for line in lines) else 0
    try:
        await migrate(url, components, say)
    except (ChangedAfterApplied, MigrationOrder, LockTimeout) as error:
        complain(f"{error.__doc__} ({error})")
        return 1
    return 0


async def dead_letters_command(
    settings: ServiceSettings, service: ServiceFacts, options: argparse.Namespace
) -> int:
    """List, show, replay or discard dead letters; 1 when the named one cannot be treated so."""
    async with _database(settings, service) as database:
        if options.action == "list":
            letters = await dead_letters.listing(database, include_settled=options.all, limit=options.limit)
            say(*(letter.line() for letter in letters))
            return 0
        try:
            return await _one_dead_letter(database, settings, service, options)
        except dead_letters.NotReplayable as error:
            complain(f"{error.__doc__} ({error})")
            return 1


async def _one_dead_letter(
    database: Database, settings: ServiceSettings, service: ServiceFacts, options: argparse.Namespace
) -> int:
    if options.action == "show":
        shown = await dead_letters.show(database, options.id)
        if shown is None:
            complain(f"no dead letter {options.id}")
            return 1
        say(json.dumps(shown, ensure_ascii=False, indent=2))
        return 0
    consumers = service.redrive(settings, database) if callable(service.redrive) else service.redrive
    if options.action == "discard":
        count = await dead_letters.discard(database, options.id, consumers)
        say(f"{options.id} discarded, {count} event(s) behind it applied")
    else:
        count = await dead_letters.replay(database, consumers, options.id)
        say(f"{options.id} replayed, {count} event(s) applied")
    return 0


async def republish_command(
    settings: ServiceSettings, service: ServiceFacts, options: argparse.Namespace
) -> int:
    """Send events again; 2 for an unreadable time, 1 when refused."""
    try:
        since = datetime.fromisoformat(options.since)
    except ValueError:
        since = None
    if since is None or since.tzinfo is None:
        complain("--since needs an RFC 3339 time with offset, for instance 2026-02-06T06:12:00+03:00")
        return 2
    async with _database(settings, service) as database:
        try:
            result = await republish(
                database, since, now=SystemClock().now(),
                dry_run=options.dry_run, older_than_inbox=options.older_than_inbox,
            )  # fmt: skip
        except (TooOld, LeadersStayed) as error:
            complain(f"{error.__doc__} ({error})")
            return 1
    verb = "would be sent" if options.dry_run else f"will be sent in epoch {result.epoch}"
    say(f"{result.total} events {verb} again ({result.archived} of them from the archive)")
    return 0


@asynccontextmanager
async def _database(settings: ServiceSettings, service: ServiceFacts) -> AsyncGenerator[Database]:
    database = await Database.connect(
        settings.database_url, application=f"{service.name}.command", min_size=1, max_size=2,
        statement_timeout_ms=60_000,
    )  # fmt: skip
    try:
        yield database
    finally:
        await database.close()


def say(*lines: str) -> None:
    """Print lines for the operator."""
    for line in lines:
        print(line, flush=True)  # noqa: T201


def complain(line: str) -> None:
    """Say on stderr why a command did not do its work."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201
