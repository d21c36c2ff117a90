"""Every state of every object is counted where it carries quantity, and ends its silence by a clock."""

import importlib
import pkgutil
from dataclasses import replace
from enum import StrEnum

import pytest

from crisis import domain
from crisis.consumers.timers import batches, effects
from crisis.domain.states import UnfinishedState
from crisis.domain.waiting import LIVES, Life, refuse_unfinished_lives
from crisis.settings import Settings
from crisis.usecases.tools import Tools
from crisis.wiring import app
from imece_chassis.clock import FixedClock
from tests.unit.crisis.examples import NOW

TOOLS = Tools(FixedClock(NOW))
KINDS = frozenset({*effects(None, TOOLS), *batches(None, TOOLS)})  # type: ignore[arg-type]
SETTINGS = Settings.model_validate({"database_url": "postgresql://nowhere/crisis", "env": "test"})


def with_a_new_state(life: Life, **changes: object) -> tuple[Life, ...]:
    states = life.states | {"invented"}
    return tuple(replace(each, states=states, **changes) if each is life else each for each in LIVES)


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.table)
def test_a45_a_state_without_timer_stops_the_service_and_is_named(life: Life):
    with pytest.raises(UnfinishedState, match=f"{life.table} invented"):
        app(SETTINGS, lives=with_a_new_state(life))


def test_a45_a_state_without_bucket_stops_the_service_and_is_named():
    (rows,) = (life for life in LIVES if life.counted is not None)
    planted = with_a_new_state(rows, ends=rows.ends | {"invented"})
    with pytest.raises(UnfinishedState, match="no bucket is declared for: allocations invented"):
        app(SETTINGS, lives=planted)


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.table)
def test_a45_a_waiting_state_whose_clock_is_taken_away_is_named(life: Life):
    waiting = next(state for state in sorted(life.waiting) if state not in life.ends)
    silent = {state: kinds for state, kinds in life.waiting.items() if state != waiting}
    planted = tuple(replace(each, waiting=silent) if each is life else each for each in LIVES)
    with pytest.raises(UnfinishedState, match=f"{life.table} {waiting}"):
        refuse_unfinished_lives(planted)


def test_every_kind_of_state_the_domain_knows_is_declared():
    declared = {life.states for life in LIVES}
    for module in pkgutil.walk_packages(domain.__path__, "crisis.domain."):
        for name, kind in vars(importlib.import_module(module.name)).items():
            if isinstance(kind, type) and issubclass(kind, StrEnum) and name.endswith("State"):
                assert frozenset(kind) in declared, f"{module.name}.{name} is not in LIVES"


def test_every_clock_a_state_waits_for_has_an_effect():
    refuse_unfinished_lives(effects=KINDS)


@pytest.mark.parametrize(
    "kind", sorted({kind for life in LIVES for kinds in life.waiting.values() for kind in kinds} & KINDS)
)
def test_a_clock_without_effect_is_named(kind: str):
    with pytest.raises(UnfinishedState, match=kind):
        refuse_unfinished_lives(effects=KINDS - {kind})


def test_the_service_as_it_is_starts():
    app(SETTINGS)
