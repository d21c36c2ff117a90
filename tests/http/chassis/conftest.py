"""Fixtures of the edge's own tests."""

from datetime import UTC, datetime

import pytest

from imece_chassis.clock import FixedClock
from tests.http.chassis.edge_app import EdgeService


@pytest.fixture
def service() -> EdgeService:
    return EdgeService(FixedClock(datetime(2026, 2, 6, 6, 0, tzinfo=UTC)))
