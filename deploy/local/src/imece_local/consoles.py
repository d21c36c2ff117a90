"""Commands that open something of the running system: a database, the list of topics, the demonstration."""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from imece_local.first_key import saved_key
from imece_local.postgres import PostgresNotStarted, binaries
from imece_local.services import SERVICES
from imece_local.state import State, read_json

# ruff: noqa: PLC0415


def psql(state: State, argv: Sequence[str]) -> int:  # noqa: RET503 # exec does not return
    """Become psql on a service's database, as the service's own role; further arguments go to psql."""
    names = [service.name for service in SERVICES]
    if not argv or argv[0] not in names:
        print(f"usage: ./imece psql {'|'.join(names)} [PSQL OPTIONS]", file=sys.stderr)
        return 2
    service = next(service for service in SERVICES if service.name == argv[0])
    url = os.environ.get(service.database_variable)
    if not url:
        if state.who_runs() is None:
            return _does_not_run()
        url = embedded_url(state, service.name)
    try:
        program = binaries() / "psql"
    except PostgresNotStarted as failure:
        print(f"no psql here: {failure}", file=sys.stderr)
        return 1
    target = urlsplit(url)
    where = ["-h", target.hostname or "127.0.0.1", "-p", str(target.port or 5432),
             "-U", unquote(target.username or service.name), "-d", target.path.strip("/")]  # fmt: skip
    environment = {
        **os.environ,
        "PGPASSWORD": unquote(target.password or ""),
    }  # arguments are visible to others
    sys.stdout.flush()
    os.execve(program, [str(program), *where, *argv[1:]], environment)  # noqa: S606


def embedded_url(state: State, name: str) -> str:
    """URL of a service's database in the embedded server, as the service's own role."""
    from imece_local.postgres import EmbeddedPostgres

    return EmbeddedPostgres(state.postgres, int(read_json(state.ports)["postgres"])).url(name, name)


def topics(state: State) -> int:
    """Print every topic: owner, kind, partitions, records, offsets."""
    from imece_local.topics import list_topics

    bootstrap = os.environ.get("KAFKA_BOOTSTRAP") or (state.who_runs() or {}).get("bootstrap")
    if not bootstrap:
        return _does_not_run()
    print(
        f"{'topic':<28} {'owner':<10} {'kind':<10} {'partitions':>10} {'records':>8}  end offsets; consumers"
    )
    for line in asyncio.run(list_topics(bootstrap)):
        offsets = " ".join(str(offset) for offset in line.end_offsets)
        print(
            f"{line.name:<28} {line.owner:<10} {line.kind:<10} {line.partitions:>10} {line.records:>8}"
            f"  {offsets}; {', '.join(line.consumers) or '-'}"
        )
    return 0


def demo(state: State, argv: Sequence[str]) -> int:  # noqa: RET503 # exec does not return
    """Become the demonstration, told where the running system is."""
    running = state.who_runs()
    environment = dict(os.environ)
    if running and running.get("is_up"):
        environment |= {f"IMECE_{name.upper()}_URL": url for name, url in running["urls"].items()}
        environment["IMECE_KEY"] = saved_key(state.secrets) or ""
    elif not ({"-h", "--help"} & set(argv)):
        return _does_not_run()
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "imece_local.demo", *argv], environment)  # noqa: S606


def env(state: State) -> int:
    """Print shell lines that export the addresses and the ready key: eval "$(./imece env)"."""
    running = state.who_runs()
    if running is None:
        return _does_not_run()
    if not running.get("is_up"):
        print("the system is still starting: try again once ./imece up says “up in”", file=sys.stderr)
        return 3
    for name in (service.name for service in SERVICES):
        print(f"export {name.upper()}={shlex.quote(running['urls'][name])}")
    print(f"export KEY={shlex.quote(saved_key(state.secrets) or '')}")
    return 0


def _does_not_run() -> int:
    print(
        "the system is not running: start it with ./imece up, then try again in a second terminal",
        file=sys.stderr,
    )
    return 3
