"""The states a table allows are those the code declares: a state of one alone cannot exist."""

import re

import pytest

from crisis.domain.waiting import LIVES, Life
from tests.db.crisis.world import World


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.table)
async def test_a_table_allows_exactly_the_declared_states(world: World, life: Life):
    text = await world.value(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = $1::text::regclass AND conname = 'known_state'",
        life.table,
    )
    assert set(re.findall(r"'(\w+)'", text)) == set(life.states)
