"""The unit suite as a whole takes at most 10 s of processor time; a run that takes more fails.

Beside other levels it may take half as much again: two lanes share caches, and the same work costs more.
"""

import time
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import strategies as st

from tests.platform.budget import Budget

HERE = Path(__file__).parent
ALONE, BESIDE = 10.0, 15.0
BUDGET = Budget(limit=ALONE)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Hypothesis makes its tables of Unicode once per checkout: two seconds that are no test's."""
    if not all(item.path.is_relative_to(HERE) for item in session.items):
        BUDGET.limit = BESIDE
    st.text().validate()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    before = time.process_time()
    outcome = yield
    if item.path.is_relative_to(HERE):  # the hook sees the items of every folder
        BUDGET.add(item.nodeid, time.process_time() - before)
    return outcome


def pytest_sessionfinish(session: pytest.Session) -> None:
    if BUDGET.complaint() and not session.config.getoption("cov_source", None):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    complaint = BUDGET.complaint()
    if complaint:
        terminalreporter.section("THE UNIT SUITE IS TOO SLOW", sep="!", red=True, bold=True)
        terminalreporter.line(complaint)
