"""The list of organisations is read from the index in its order, beginning at the cursor."""

from typing import Any

import pytest

from imece_chassis.database import Database
from imece_chassis.ids import uuid7
from registry.store.organisations import Filter, page
from tests.db.registry.given import organisation
from tests.plans import Noted, generic_plan, scan

COPIES = """
INSERT INTO organisations
SELECT (jsonb_populate_record(row, jsonb_build_object(
    'organisation_id', gen_random_uuid(), 'sort_key', 'o' || n, 'state_basis', 'karar',
    'state', CASE n % 3 WHEN 0 THEN 'active' WHEN 1 THEN 'suspended' ELSE 'dissolved' END,
    'kind', 'kind' || n % 5))).*
FROM organisations AS row, generate_series(1, 4000) AS n;
ANALYZE organisations
"""
WANTED = (
    Filter(),
    Filter(state="active"),
    Filter(province="31"),
    Filter(kind="dernek"),
    Filter(text="x"),
    Filter(seen_by=uuid7()),
)


@pytest.mark.parametrize("wanted", WANTED, ids=lambda wanted: wanted.state or wanted.province or "other")
async def test_every_page_begins_at_its_cursor_in_the_index(registry_db: Database, wanted: Filter) -> None:
    await organisation(registry_db)
    noted: Any = Noted()
    await page(noted, wanted, ("orn", uuid7()), 50)
    session: Any = await registry_db.dedicated()
    try:
        await session.execute(COPIES)
        index, condition = scan(await generic_plan(session, noted.statements[0]), "organisations")
    finally:
        session.terminate()
    assert index == "organisations_in_order" and "sort_key" in condition
