"""The fixture `lab`: one system for the whole session, made anew only after a test that failed."""

import asyncio
from collections.abc import AsyncIterator, Generator, Iterator

import pytest

from tests.faults.lab import Lab

SECONDS = 300
"""A first test also starts the system, and each waits for machines that are busy."""

_failed = pytest.StashKey[bool]()


class _Labs:
    current: Lab | None = None
    opened = 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "lab" in getattr(item, "fixturenames", ()) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(SECONDS))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[_failed] = item.stash.get(_failed, False) or report.failed
    return report


@pytest.fixture(scope="session")
def labs() -> Iterator[_Labs]:
    labs = _Labs()
    yield labs
    if labs.current is not None:
        asyncio.run(labs.current.system.stop())


@pytest.fixture
async def lab(
    labs: _Labs, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> AsyncIterator[Lab]:
    """A whole, healthy system. What happened in it before stays in it and stays under check."""
    if labs.current is None:
        labs.current = await Lab.open(tmp_path_factory.mktemp("lab"))
    lab = labs.current
    yield lab
    if request.node.stash.get(_failed, False):
        labs.current = None
        await lab.system.stop()  # its folder stays: journal, logs, databases, topics
    else:
        await lab.heal()
