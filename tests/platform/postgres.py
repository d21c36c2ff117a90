"""A real PostgreSQL for tests: one that is named by DATABASE_URL_TEST, or a container, or the embedded one.

Databases belong to a role without superuser rights, as in production, except on a server given from outside.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from tests.platform import docker
from tests.platform.loops import BackgroundLoop
from tests.platform.memory import in_memory

OWNER = "imece_owner"
IMAGE = "postgres:18"
_THROW_AWAY = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


class TestPostgres:
    """One server for the whole test session; creates and drops databases on it."""

    __test__ = False

    def __init__(self, url: str, origin: str, *, has_owner_role: bool, is_durable: bool = False) -> None:
        self.url = url
        self.origin = origin
        self._loop = BackgroundLoop()
        self._password = secrets.token_urlsafe(16)
        self._admin: asyncpg.Connection | None = None
        self._has_owner_role = has_owner_role
        self._strategy = "" if is_durable else " STRATEGY FILE_COPY"  # by the log it takes longer
        if has_owner_role:
            self.sql(f"CREATE ROLE {OWNER} LOGIN PASSWORD '{self._password}'")
            # Tests that play thousands of stories empty their tables without the tables' own guards.
            self.sql(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}")

    def sql(self, statement: str) -> None:
        """Run one statement as the administrator, outside any transaction."""
        self._loop.run(self._sql(statement))

    def create(self, name: str, template: str | None = None) -> str:
        """Create a database (a copy of `template` if given) and return its URL."""
        copy = f" TEMPLATE {_plain(template)}{self._strategy}" if template else ""
        owner = f" OWNER {OWNER}" if self._has_owner_role else ""
        self.sql(f"CREATE DATABASE {_plain(name)}{owner}{copy}")
        return self.database_url(name)

    def drop(self, name: str) -> None:
        """Drop a database, ending the sessions inside it."""
        self.sql(f"DROP DATABASE IF EXISTS {_plain(name)} WITH (FORCE)")

    def database_url(self, name: str) -> str:
        parts = urlsplit(self.url)
        netloc = parts.netloc
        if self._has_owner_role:
            netloc = f"{OWNER}:{self._password}@{parts.netloc.rpartition('@')[2]}"
        return urlunsplit(parts._replace(netloc=netloc, path=f"/{name}"))

    def close(self) -> None:
        if self._admin is not None:
            self._loop.run(self._admin.close())
        self._loop.close()

    async def _sql(self, statement: str) -> None:
        if self._admin is None:
            self._admin = await asyncpg.connect(self.url)
        await self._admin.execute(statement)


@contextmanager
def running_postgres(folder: Path, given: str | None) -> Iterator[TestPostgres]:
    """The server for this session; `folder` is for the embedded one, `given` the URL of one that exists."""
    with ExitStack() as stack:
        if given:
            server = TestPostgres(given, "DATABASE_URL_TEST", has_owner_role=False, is_durable=True)
        elif docker.has_image(IMAGE):
            server = TestPostgres(stack.enter_context(_container()), IMAGE, has_owner_role=True)
        else:
            server = TestPostgres(stack.enter_context(_embedded(folder)), "embedded", has_owner_role=True)
        stack.callback(server.close)
        yield server


@contextmanager
def _embedded(folder: Path) -> Iterator[str]:
    from imece_local.postgres import EmbeddedPostgres

    with in_memory(folder) as place:
        server = EmbeddedPostgres(place, durable=False)
        server.start()
        try:
            yield server.url("postgres")
        finally:
            server.stop()


@contextmanager
def _container() -> Iterator[str]:
    password = secrets.token_urlsafe(16)
    with docker.container(IMAGE, 5432, {"POSTGRES_PASSWORD": password}, ["postgres", *_THROW_AWAY]) as port:
        url = f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
        docker.wait_for_postgres(url)
        yield url


def _plain(name: str) -> str:
    assert re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name), name
    return name
