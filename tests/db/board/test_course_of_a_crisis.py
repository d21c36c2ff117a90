"""The top of a board follows its crisis: level and area as declared, and whether it still takes needs."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from crisis.board.source import Crisis, DatabaseSource
from imece_chassis.database import Database
from imece_contracts.crisis import (
    CrisisAreaChanged,
    CrisisClosed,
    CrisisLevelChanged,
    CrisisReactivated,
    CrisisSettingsChanged,
    CrisisStoodDown,
    Declared,
    Extent,
)
from tests.boards.lines import opened, then
from tests.boards.serving import apply

CRISIS = UUID(int=31)
NOW = datetime(2026, 2, 6, 12, tzinfo=UTC)
BY_AFAD = {"declared_by": "afad", "declared_at": NOW}
STORY = [
    opened(CRISIS),
    then(
        CRISIS,
        2,
        CrisisLevelChanged(
            crisis=CRISIS, before=Declared(severity="red"), after=Declared(severity="orange"), **BY_AFAD
        ),
    ),
    then(
        CRISIS,
        3,
        CrisisAreaChanged(
            crisis=CRISIS,
            before=Extent(area=("TUR031",)),
            after=Extent(area=("TUR031", "TUR046")),
            **BY_AFAD,
        ),
    ),
    then(
        CRISIS,
        4,
        CrisisSettingsChanged(crisis=CRISIS, settings_version=2, changed=("is_public",), is_public=True),
    ),
    then(CRISIS, 5, CrisisStoodDown(crisis=CRISIS, reason="handed_over", wind_down_until=NOW)),
]


@pytest.fixture
async def db(database: Callable[[str], str]) -> AsyncIterator[Database]:
    connected = await Database.connect(database("crisis"), application="test", max_size=4)
    yield connected
    await connected.close()


async def shown(db: Database) -> Crisis:
    (crisis,) = (await DatabaseSource(db).overview()).crises
    return crisis


async def test_level_area_and_state_are_those_last_declared(db: Database):
    await apply(db, STORY[:1])
    assert ((await shown(db)).state, (await shown(db)).level) == ("open", "S3")
    await apply(db, STORY[1:])
    crisis = await shown(db)
    assert (crisis.severity, crisis.level, crisis.area) == ("orange", None, ("TUR031", "TUR046"))
    assert crisis.state == "stood_down"


async def test_an_old_event_that_comes_again_changes_nothing(db: Database):
    await apply(db, STORY)
    again = CrisisReactivated(
        crisis=CRISIS,
        crisis_no="KRZ-2026-0007",
        hazard="earthquake",
        severity="red",
        area=("TUR031",),
        reason="new_needs",
    )
    await apply(db, [*STORY[:3], then(CRISIS, 4, again)])
    assert ((await shown(db)).state, (await shown(db)).severity) == ("stood_down", "orange")
    await apply(db, [then(CRISIS, 6, again)])
    assert (await shown(db)).state == "open"
    await apply(db, [then(CRISIS, 7, CrisisClosed(crisis=CRISIS, closed_at=NOW))])
    assert (await shown(db)).state == "closed"
