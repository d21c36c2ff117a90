"""Fixtures on real servers. A server starts when the first test of the session asks for it.

database("crisis") -> url     a fresh migrated database, dropped after the test; as many as the test wants
crisis_db registry_db notifications_db chassis_db     the same, as a connected imece_chassis Database
kafka -> bootstrap            the broker; says nothing about what its topics hold
topics -> TestTopics          every topic of the contracts, empty; .create(prefix), .end_offsets(name)
"""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.platform.databases import Databases
from tests.platform.kafka import TestTopics, running_kafka
from tests.platform.postgres import TestPostgres, running_postgres

ROOT = Path(__file__).parents[2]
STATE = Path(os.environ.get("IMECE_STATE", ROOT / ".imece"))

_origins: dict[str, str] = {}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for part, origin in _origins.items():
        terminalreporter.line(f"{part}: {origin}")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestPostgres]:
    """The PostgreSQL server of this session."""
    folder = tmp_path_factory.mktemp("postgres") / "cluster"
    with running_postgres(folder, os.environ.get("DATABASE_URL_TEST")) as server:
        _origins["PostgreSQL"] = server.origin
        yield server


@pytest.fixture(scope="session")
def _databases(postgres: TestPostgres) -> Iterator[Databases]:
    databases = Databases(postgres)
    yield databases
    databases.close()


@pytest.fixture
def database(_databases: Databases) -> Iterator[Callable[[str], str]]:
    """Factory: service → URL of a fresh database with its migrations ("chassis"; "" for an empty one)."""
    yield _databases.create
    _databases.drop_all()


@asynccontextmanager
async def _connected(url: str):
    from imece_chassis.database import Database

    connected = await Database.connect(url, application="test", min_size=1)
    try:
        yield connected
    finally:
        await connected.close()


@pytest.fixture
async def crisis_db(database: Callable[[str], str]) -> AsyncIterator[object]:
    async with _connected(database("crisis")) as connected:
        yield connected


@pytest.fixture
async def registry_db(database: Callable[[str], str]) -> AsyncIterator[object]:
    async with _connected(database("registry")) as connected:
        yield connected


@pytest.fixture
async def notifications_db(database: Callable[[str], str]) -> AsyncIterator[object]:
    async with _connected(database("notifications")) as connected:
        yield connected


@pytest.fixture
async def chassis_db(database: Callable[[str], str]) -> AsyncIterator[object]:
    async with _connected(database("chassis")) as connected:
        yield connected


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Bootstrap servers of the broker of this session."""
    folder = tmp_path_factory.mktemp("kafka") / "broker"
    with running_kafka(folder, STATE / "kafka-libs", os.environ.get("KAFKA_BOOTSTRAP_TEST")) as (
        bootstrap,
        origin,
    ):
        _origins["Kafka"] = origin
        yield bootstrap


@pytest.fixture
def topics(kafka: str) -> TestTopics:
    """Every topic of the contracts, empty, with no offsets of any group."""
    topics = TestTopics(kafka)
    topics.fresh()
    return topics
