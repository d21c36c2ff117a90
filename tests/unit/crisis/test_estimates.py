"""Estimates: by the book, rounded up, each with its source, and a crisis may say its own figure."""

from decimal import Decimal

import pytest

from crisis.domain.clocks import Timers
from crisis.domain.estimates import Estimate, estimates
from crisis.domain.refusals import FigureInvalid
from crisis.domain.settings import Settings, changed, settings_of


def of(people: int, days: int, **own: str) -> dict[str, Estimate]:
    figures = {key: Decimal(value) for key, value in own.items()}
    return {each.key: each for each in estimates(people, days, figures)}


def test_400_people_for_10_days():
    found = of(400, 10)
    amounts = {key: (found[key].quantity, found[key].unit) for key in found}
    assert amounts["water_minimum"] == (60_000, "L")
    assert amounts["toilet_persons"] == (20, "toilet")
    assert amounts["meals_per_day"] == (12_000, "öğün")
    assert amounts["blanket"] == (400, "adet")
    assert amounts["item:FSC-PARC-5P1M"] == (80, "koli")
    assert amounts["item:SHL-TENT-FAM"] == (80, "adet")
    assert found["water_minimum"].source == "Sphere Handbook, 4th edition, 2018"
    assert (found["meals_per_day"].source, found["meals_per_day"].status) == ("own figure", "provisional")
    assert all(each.source and each.name_tr and each.name_en for each in found.values())


def test_everything_is_rounded_up_never_down():
    found = of(21, 1)
    assert (found["toilet_persons"].quantity, found["living_space"].quantity) == (2, 74)
    assert found["water_survival"].quantity == 158
    assert found["soap_bathing"].quantity == 175 and found["soap_bathing"].item_quantity == 2
    assert found["water_drinking"].item_quantity == 36
    assert found["refuse_households"].quantity == 1 and found["water_containers"].quantity == 14


def test_a_crisis_says_its_own_figures():
    found = of(100, 10, water_minimum="20", household_size_tr="5", meals_per_day="2")
    assert (found["water_minimum"].quantity, found["water_minimum"].is_overridden) == (20_000, True)
    assert found["water_containers"].quantity == 40
    assert found["meals_per_day"].quantity == 2_000
    assert not found["blanket"].is_overridden


def test_own_figures_are_a_setting_of_the_crisis():
    after = changed(Timers(), Settings(), {"estimates": {"water_minimum": Decimal("20.5")}})
    assert after.names == ("estimates",)
    stored = settings_of(after.document())
    assert stored.estimates == {"water_minimum": Decimal("20.5")}
    later = changed(after.timers, stored, {"estimates": {"meals_per_day": Decimal(2)}})
    assert set(later.settings.estimates) == {"water_minimum", "meals_per_day"}


@pytest.mark.parametrize("figures", [{"no_such_figure": Decimal(1)}, {"water_minimum": Decimal(0)}])
def test_figures_nobody_knows_or_below_zero_are_refused(figures: dict[str, Decimal]):
    with pytest.raises(FigureInvalid):
        changed(Timers(), Settings(), {"estimates": figures})
