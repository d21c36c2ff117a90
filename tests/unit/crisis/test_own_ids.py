"""Which ids of an organisation's own may stand in lists beside the ids made here."""

from uuid import UUID, uuid4

import pytest

from crisis.domain.own_ids import MOST_AHEAD, is_in_order
from imece_chassis.ids import lower_bound

HERE = 1_770_368_400_000
AHEAD = round(MOST_AHEAD.total_seconds() * 1000)


@pytest.mark.parametrize("said_at", [0, HERE - 1, HERE, HERE + AHEAD])
def test_a_time_gone_by_is_in_order_and_so_is_that_of_a_clock_a_little_fast(said_at: int):
    assert is_in_order(lower_bound(said_at), lower_bound(HERE))


@pytest.mark.parametrize("said_at", [HERE + AHEAD + 1, HERE * 2, (1 << 48) - 1])
def test_a_time_to_come_is_not(said_at: int):
    assert not is_in_order(lower_bound(said_at), lower_bound(HERE))


@pytest.mark.parametrize("own", [uuid4(), UUID(int=0), UUID(int=(1 << 128) - 1)])
def test_an_id_that_says_no_time_is_not(own: UUID):
    assert not is_in_order(own, lower_bound((1 << 48) - 1))
