"""The command line every service has: run, migrate, dead-letters, republish, openapi, and its own
commands.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

import uvloop
from fastapi import FastAPI

from imece_chassis import failpoints
from imece_chassis.commands import Consumers, dead_letters_command, migrate_command, republish_command
from imece_chassis.migrations import Component
from imece_chassis.operations import OperationsApp
from imece_chassis.runtime import ApiRole, OpenedRole, Role, run_roles
from imece_chassis.settings import ServiceSettings, load_settings
from imece_chassis.telemetry import logs
from imece_contracts.topics import Topic

__all__ = ["Service", "main"]

NOWHERE = "postgresql://nowhere"

OpenRole = Callable[[Any], AbstractAsyncContextManager[Role]]
Command = Callable[[Any, Sequence[str]], Awaitable[int]]
ReadyChecks = Callable[[Any], Mapping[str, Callable[[], Awaitable[None]]]]


@dataclass(frozen=True)
class Service:
    """One service as the command line sees it.

    `roles` are all but "api", which serves `app(settings)`; that application opens what it needs in its
    lifespan. `redrive` are the consumers whose dead letters can be replayed, or a function (settings,
    database) that makes them. `checks` are asked by /readyz of processes without an API. `refuse` raises when
    the service, as it is written, must not run: a role that raised would only be started again and again.
    """

    name: str
    settings_class: type[ServiceSettings]
    components: Sequence[Component]
    roles: Mapping[str, OpenRole] = field(default_factory=dict[str, OpenRole])
    app: Callable[[Any], FastAPI] | None = None
    commands: Mapping[str, Command] = field(default_factory=dict[str, Command])
    progress_topic: Topic | None = None
    redrive: Consumers = ()
    checks: ReadyChecks | None = None
    refuse: Callable[[], None] | None = None


def main(service: Service, argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. Settings are read only by commands that need them."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and arguments[0] in service.commands:
        settings = _settings(service, arguments[0])
        return _run(_own(service.commands[arguments[0]], settings, arguments[1:]))
    options = _parser(service).parse_args(arguments)
    if options.command == "openapi":
        return _openapi(service)
    settings = _settings(service, "+".join(options.roles) if options.command == "run" else options.command)
    if options.command == "run":
        return _run(_run_command(service, settings, options.roles))
    if options.command == "migrate":
        return _run(migrate_command(settings.database_url, service.components, only_status=options.status))
    if options.command == "dead-letters":
        return _run(dead_letters_command(settings, service, options))
    return _run(republish_command(settings, service, options))


def _parser(service: Service) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {service.name}")
    commands = parser.add_subparsers(dest="command", required=True)
    roles = [*(["api"] if service.app else []), *service.roles]
    run = commands.add_parser("run", help="run one or more roles in this process")
    run.add_argument("roles", nargs="+", choices=roles, metavar=f"ROLE ({', '.join(roles)})")
    migrate = commands.add_parser("migrate", help="apply migrations")
    migrate.add_argument(
        "--status", action="store_true", help="only show what is applied and what is pending"
    )
    _dead_letter_arguments(commands.add_parser("dead-letters", help="records that could not be applied"))
    if service.progress_topic is not None:
        republish = commands.add_parser(
            "republish", help="send published events again after a loss of the log"
        )
        republish.add_argument("--since", required=True, metavar="TIME", help="RFC 3339 time with offset")
        republish.add_argument("--dry-run", action="store_true", help="only count")
        republish.add_argument(
            "--older-than-inbox", action="store_true", help="allow times consumers have forgotten"
        )
    commands.add_parser("openapi", help="print the OpenAPI document")
    for name in service.commands:
        commands.add_parser(name, add_help=False)
    return parser


def _dead_letter_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list")
    listing.add_argument("--all", action="store_true", help="include those settled already")
    listing.add_argument("--limit", type=int, default=100)
    for name in ("show", "replay", "discard"):
        actions.add_parser(name).add_argument("id", type=int)


def _settings(service: Service, role: str) -> ServiceSettings:
    settings = load_settings(service.settings_class)
    logs.configure(service.name, role, settings.log_level)
    failpoints.arm(settings.failpoints, env=settings.env)
    return settings


def _run(work: Coroutine[Any, Any, int]) -> int:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


async def _own(command: Command, settings: ServiceSettings, argv: Sequence[str]) -> int:
    return await command(settings, argv)


async def _run_command(service: Service, settings: ServiceSettings, names: Sequence[str]) -> int:
    return await run_roles(roles_of(service, settings, names))


def roles_of(service: Service, settings: ServiceSettings, names: Sequence[str]) -> list[Role]:
    """The roles of a process. With OPS_PORT it answers the operator there, and its API has no /metrics."""
    if service.refuse is not None:
        service.refuse()
    roles: list[Role] = []
    checks = (service.checks or no_checks)(settings)
    for name in dict.fromkeys(names):
        if name == "api" and service.app is not None:
            app = service.app(settings)
            app.state.is_scraped_elsewhere = settings.ops_port > 0
            checks = app.state.checks
            roles.append(ApiRole(app, settings.http_host, settings.http_port))
        else:
            open_role = service.roles[name]
            roles.append(OpenedRole(name, lambda open_role=open_role: open_role(settings)))
    if settings.ops_port:
        roles.append(ApiRole(OperationsApp(checks), settings.http_host, settings.ops_port))
    return roles


def no_checks(_settings: Any) -> Mapping[str, Callable[[], Awaitable[None]]]:
    """Nothing to ask: ready as soon as it answers."""
    return {}


def _openapi(service: Service) -> int:
    """The document is the same wherever it is printed: no variable of the environment is read."""
    if service.app is None:
        print(f"{service.name} has no HTTP API", file=sys.stderr)  # noqa: T201
        return 2
    settings = service.settings_class.model_validate({"env": "test", "database_url": NOWHERE})
    print(json.dumps(service.app(settings).openapi(), ensure_ascii=False, indent=2))  # noqa: T201
    return 0
