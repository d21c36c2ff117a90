"""A whole small system as real processes on a durable PostgreSQL and Kafka of its own, made to be broken.

    async with System(tmp_path) as system:                  # everything is ready
        scenario = await prepare(system)                    # organisations, keys, a crisis, an open need
        load = Load(system, scenario, seed=7)
        async with load.running(clients=4):                 # journalled commands, retried until decided
            system.env("crisis-relay", FP="relay.after_publish:crash@1/50")
            await system.restart("crisis-relay")
            await system.crashed("crisis-relay")            # the failpoint fired: SIGKILL
            await system.restart("crisis-relay", FP="")
        await system.quiet()                                # outbox empty, consumers at the end
        await assert_invariants(system, load.journal)       # I1-I7, by checkers with their own eyes

Parts: registry, crisis-api, crisis-relay, crisis-consume, notifications; `add` makes more of a kind.
Ports and folders belong to this system alone and stay the same over restarts. A failed test keeps its folder.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import asyncpg

from imece_chassis.failpoints import CRASH_STATUS
from imece_local.children import free_port
from imece_local.jars import ensure_jars
from imece_local.kafka import EmbeddedKafka
from imece_local.postgres import EmbeddedPostgres
from imece_local.topics import create_topics
from tests.faults.processes import NotReady, ServiceProcess
from tests.faults.quiet import wait_for_quiet
from tests.platform.fixtures import STATE

__all__ = ["PARTS", "SERVICES", "NotReady", "ServiceProcess", "System"]

SERVICES = ("registry", "crisis", "notifications")
PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "registry": ("registry", ("api", "relay")),
    "crisis-api": ("crisis", ("api",)),
    "crisis-relay": ("crisis", ("relay",)),
    "crisis-consume": ("crisis", ("consume", "board", "timers")),
    "notifications": ("notifications", ("api", "relay", "consume", "deliver")),
}
"""Part → (service, roles): what runs in one process."""
PARTITIONS = 2


class System:
    """Databases, broker and service processes below `folder`. `parts` narrows what is started."""

    def __init__(self, folder: Path, parts: Sequence[str] = tuple(PARTS)) -> None:
        self.folder = folder
        self.postgres = EmbeddedPostgres(folder / "postgres" / "cluster", port=free_port(), durable=True)
        libs = STATE / "kafka-libs"
        self.kafka = EmbeddedKafka(folder / "kafka" / "broker", libs, free_port(), free_port())
        self.processes: dict[str, ServiceProcess] = {}
        self._ports = {service: free_port() for service in SERVICES}
        self._smtp_port = free_port()
        self.parts = tuple(parts)

    # Life

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Servers, databases, topics, migrations, then every part, all of them ready."""
        await self.start_servers()
        await self.start_parts()

    async def start_servers(self) -> None:
        """Everything but the services; their processes are defined, so that a test may still change them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        ensure_jars(self.kafka.libs)
        await asyncio.gather(asyncio.to_thread(self.postgres.start), asyncio.to_thread(self.kafka.start))
        for service in SERVICES:
            self.postgres.create_role(service)
            self.postgres.create_database(service, owner=service)
        await create_topics(self.kafka.bootstrap, partitions=PARTITIONS)
        await asyncio.gather(*(self.command(service, "migrate") for service in SERVICES))
        for name in self.parts:
            self.add(name, *PARTS[name])

    async def start_parts(self) -> None:
        """Start every part; returns when all are ready."""
        await asyncio.gather(*(process.start() for process in self.processes.values()))

    async def stop(self) -> None:
        """End everything at once; nothing is deleted."""
        living = [process for process in self.processes.values() if process.is_alive]
        for process in living:
            process.thaw()
        await asyncio.gather(*(process.kill() for process in living))
        await asyncio.gather(asyncio.to_thread(self.kafka.kill), asyncio.to_thread(self.postgres.stop))

    # Processes

    def add(self, name: str, service: str, roles: Sequence[str]) -> ServiceProcess:
        """Define one more process (not started). With the role api it takes the service's own port."""
        port = self._ports[service] if "api" in roles else free_port()
        environment = self.environment(service) | ({} if "api" in roles else {"OPS_PORT": str(port)})
        log = self.folder / "logs" / f"{name}.log"
        self.processes[name] = ServiceProcess(name, service, roles, port, environment, log)
        return self.processes[name]

    def part(self, name: str) -> tuple[str, tuple[str, ...]]:
        """Service and roles of a part, for `add`ing another of its kind."""
        return PARTS[name]

    async def remove(self, name: str) -> None:
        """Kill the part and forget it."""
        process = self.processes.pop(name)
        if process.is_alive:
            await process.kill()

    def env(self, name: str, **variables: str) -> None:
        """Variables of the part's next start; an empty text takes one away. FP arms failpoints."""
        extra = self.processes[name].extra
        extra.update(variables)
        for variable in [variable for variable, value in extra.items() if not value]:
            del extra[variable]

    async def kill(self, name: str) -> None:
        """SIGKILL."""
        await self.processes[name].kill()

    async def restart(self, name: str, **variables: str) -> None:
        """Kill the part if it lives, start it with these further variables, wait until it is ready."""
        process = self.processes[name]
        if process.is_alive:
            await process.kill()
        self.env(name, **variables)
        await process.start()

    async def crashed(self, name: str, timeout: float = 60.0) -> None:
        """Wait until a failpoint has ended the part. Raises AssertionError for any other end."""
        code = await self.processes[name].ended(timeout)
        assert code == CRASH_STATUS, f"{name} ended with {code}"

    # Servers

    async def kill_postgres(self) -> None:
        """SIGKILL the postmaster; what was committed is there after the next start."""
        await asyncio.to_thread(self.postgres.kill)

    async def start_postgres(self) -> None:
        await asyncio.to_thread(self.postgres.start)

    async def kill_kafka(self) -> None:
        """SIGKILL the broker; what it acknowledged survives, since the machine does not fail."""
        await asyncio.to_thread(self.kafka.kill)

    async def start_kafka(self) -> None:
        await asyncio.to_thread(self.kafka.start)

    async def end_backends(self, service: str) -> int:
        """Terminate every session of the service inside its database; how many there were."""
        async with self.checker(service) as connection:
            return await connection.fetchval(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = $1", service
            )

    # What tests and checkers ask

    def url(self, service: str) -> str:
        """Base URL of a service's HTTP API."""
        return f"http://127.0.0.1:{self._ports[service]}"

    @asynccontextmanager
    async def checker(self, service: str) -> AsyncIterator[asyncpg.Connection]:
        """A superuser session in a service's database: for looking, and for planting what must be found."""
        connection = await asyncpg.connect(self.postgres.url(service), timeout=10)
        try:
            yield connection
        finally:
            await connection.close()

    async def quiet(self, timeout: float = 60.0) -> None:
        """Wait until no outbox row is unsent and every consumer has applied its topics to the end."""
        await wait_for_quiet(self, timeout)

    async def attempt(
        self, service: str, *arguments: str, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run `python -m <service> <arguments>` with further variables, to whatever end."""
        environment = {**self.environment(service), **variables}

        def run() -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, "-m", service, *arguments],
                env=ServiceProcess("", service, (), 0, environment, Path()).environment(),
                capture_output=True,
                text=True,
                check=False,
            )

        return await asyncio.to_thread(run)

    async def command(self, service: str, *arguments: str) -> str:
        """Run `python -m <service> <arguments>`; its standard output. Raises AssertionError when it fails."""
        done = await self.attempt(service, *arguments)
        assert done.returncode == 0, f"{service} {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    async def bootstrap(self) -> dict[str, Any]:
        """The secretariat: {organisation_id, key, …}."""
        return json.loads((await self.command("registry", "bootstrap", "--json")).splitlines()[-1])

    def environment(self, service: str) -> dict[str, str]:
        """Settings of one service's processes."""
        return {
            "IMECE_ENV": "test",
            "KAFKA_BOOTSTRAP": self.kafka.bootstrap,
            f"DATABASE_URL_{service.upper()}": self.postgres.url(service, service),
            f"{service.upper()}_HTTP_HOST": "127.0.0.1",
            f"{service.upper()}_HTTP_PORT": str(self._ports[service]),
            "CRISIS_BOARD_ACCESS": "open",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self._smtp_port),
            "WEBHOOK_ALLOW_HTTP": "true",
            "WEBHOOK_ALLOWED_SUBNETS": "127.0.0.0/8",
            "PUBLIC_BOARD_URL": self.url("crisis"),
            "PYTHONUNBUFFERED": "1",
        }
