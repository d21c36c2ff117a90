"""No term ends before its time: not by the worker, not by an effect that was begun too soon."""

from datetime import UTC, datetime

import pytest

from crisis.consumers.terms import Lapse
from crisis.domain import conditions, release_requests, waivers
from crisis.usecases.answer_release import lapse_release
from crisis.usecases.settle_condition import lapse_condition
from crisis.usecases.waive_earmark import lapse_waiver
from tests.db.crisis.terms import run, state_of, term_worker, the_deadline
from tests.db.crisis.test_holding import ask as ask_to_let_go
from tests.db.crisis.test_holding import held_row
from tests.db.crisis.test_terms_of_use import ask as ask_to_waive
from tests.db.crisis.test_terms_of_use import conditional, hatay_only
from tests.db.crisis.world import World


@pytest.fixture
def today(world: World) -> World:
    """The world at the database's own time, so that nothing is due at its birth."""
    world.clock.instant = datetime.now(UTC)
    return world


async def test_a22_a_condition_does_not_fail_before_its_date(today: World):
    _, row = await conditional(today)
    await _ends_nothing(today, conditions.DUE, lapse_condition)
    assert await today.value("SELECT state FROM conditions") == "open"
    assert await state_of(today, row) == "proposed"


async def test_a24_a_hold_is_not_let_go_before_its_holder_had_its_time(today: World):
    _, _, row = await held_row(today)
    await ask_to_let_go(today, row)
    await _ends_nothing(today, release_requests.LAPSE, lapse_release)
    assert await today.value("SELECT state FROM release_requests") == "pending"
    assert await state_of(today, row) == "held"


async def test_a9_silence_is_no_answer_before_its_time(today: World):
    _, _, there, offer_line = await hatay_only(today)
    await ask_to_waive(today, there, offer_line)
    await _ends_nothing(today, waivers.LAPSE, lapse_waiver)
    assert await today.value("SELECT state FROM waivers") == "pending"


async def _ends_nothing(world: World, kind: str, lapse: Lapse) -> None:
    deadline = await the_deadline(world, kind)
    assert await term_worker(world).run_once() == 0
    assert not await run(world, lambda tx: lapse(tx, deadline.deadline_id, deadline.subject_id, world.tools))
    assert await the_deadline(world, kind) == deadline
