"""A defect met by one pledge is answered to one; a lost database is the answer of all."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from crisis.http.views import promised_answer
from crisis.usecases.batch import Outcome
from crisis.usecases.propose_allocations import Promised, ProposeAllocations
from imece_chassis.answers import Answer
from imece_chassis.database import Database, DatabaseUnavailable
from tests.db.crisis.test_one_pledge import open_line
from tests.db.crisis.world import World


def refuses_thirteen(promised: Promised) -> Answer:
    """A defect planted behind the decision: whoever pledges 13 breaks the program."""
    if promised.pledge.allocation.qty == 13:
        raise ZeroDivisionError
    return promised_answer(promised)


async def test_a_defect_in_one_command_leaves_its_neighbours_pledged(world: World):
    crisis_id, line = await open_line(world)
    propose = ProposeAllocations(world.database, world.tools, refuses_thirteen)
    outcomes = await propose([world.pledging(crisis_id, line, quantity) for quantity in ("5", "13", "7")])
    assert [type(outcome) for outcome in outcomes] == [Outcome, ZeroDivisionError, Outcome]
    assert await world.value("SELECT proposed FROM need_line_balances") == 12


class Losing:
    """A database that loses the connection at COMMIT, before anybody knows."""

    async def unit_of_work(self, work: Callable[..., Any], *, retries: int = 3) -> Any:
        raise DatabaseUnavailable("gone")


async def test_a_lost_database_is_not_tried_command_by_command(world: World):
    crisis_id, line = await open_line(world)
    lost: Any = Losing()
    commands: Sequence[Any] = [world.pledging(crisis_id, line, "1") for _ in range(2)]
    with pytest.raises(DatabaseUnavailable):
        await ProposeAllocations(lost, world.tools, promised_answer)(commands)


async def test_an_id_nobody_knows_expires_nothing(world: World):
    from crisis.domain.states import Timer
    from crisis.usecases.end_silence import end_silence
    from imece_chassis.ids import uuid7

    database: Database = world.database
    assert not await database.unit_of_work(
        lambda tx: end_silence(tx, uuid7(), uuid7(), Timer.ANSWER, world.tools)
    )
