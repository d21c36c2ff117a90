"""What the relay reads while much is unsent: its slots' first rows, from the index, no closed topics."""

from typing import Any

import pytest

from imece_chassis.database import Database
from imece_chassis.outbox import SLOTS
from imece_chassis.relay import statements
from tests.plans import generic_plan, scan

FILL = """
INSERT INTO outbox (event_id, slot, topic, key, type, headers, payload, published_at)
SELECT gen_random_uuid(), n % 16, CASE WHEN n % 10 = 0 THEN 'flowing.v1' ELSE 'closed.v1' END, n::text, 't',
       '{}', 'p', CASE WHEN n <= 20000 THEN now() END
FROM generate_series(1, 40000) AS n
"""


@pytest.mark.parametrize("held", [0, 10_000])
async def test_unsent_rows_are_read_from_their_index_in_order_whatever_is_closed_or_held(
    chassis_db: Database, held: int
) -> None:
    await chassis_db.unit_of_work(lambda tx: tx.execute(FILL))
    session: Any = await chassis_db.dedicated()
    try:
        await session.execute(statements.PREPARE)
        slots, positions = list(range(SLOTS)), list(range(20_001, 20_001 + held))
        arguments = (slots, positions, 128, ["closed.v1"])
        index, condition = scan(await generic_plan(session, statements.READ), "outbox")
        rows = await session.fetch(statements.READ, *arguments)
    finally:
        session.terminate()
    assert index == "outbox_unpublished" and "slot" in condition
    assert {row["topic"] for row in rows} == {"flowing.v1"}
    for slot in slots:
        found = [row["position"] for row in rows if row["slot"] == slot]
        assert found == sorted(found) and all(position > 20_000 + held for position in found)
