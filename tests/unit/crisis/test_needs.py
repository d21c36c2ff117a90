from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crisis.domain.clocks import Timers, Urgency, timers_of
from crisis.domain.crises import area_of, crisis_number
from crisis.domain.needs import LineRequest, Need, must_be_verifiable, submitted
from crisis.domain.refusals import (
    CrisisNotOpen,
    DrillNotAvailable,
    MinUsefulAboveRequested,
    NeedClosed,
    NeededByPast,
    NeedNotSubmitted,
    PlaceOutsideArea,
    SameParty,
)
from imece_reference.refusals import UnknownItem, UnknownPlace
from tests.unit.crisis.examples import ASKER, DESK, NOW, TENT, a_crisis, new_id

LINE = LineRequest(TENT, "10", "palet", NOW + timedelta(days=1), "1")


def a_need(line: LineRequest = LINE, district: str = "TUR031005", **crisis: Any) -> Need:
    return submitted(a_crisis(**crisis), ASKER, district, Urgency.URGENT, [line], NOW, new_id)


def test_packs_are_frozen_in_base_units_when_a_need_is_stated():
    (line,) = a_need().lines
    assert (line.unit, line.requested, line.min_useful) == ("adet", 60, 6)
    assert (line.pack.pack, line.pack.factor, line.pack.count) == ("palet", 6, 10)
    assert (line.sector, line.tamp_group) == ("SHL", "BAR")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"needed_by": NOW}, NeededByPast),
        ({"min_useful_quantity": "11"}, MinUsefulAboveRequested),
        ({"item_code": "NOPE"}, UnknownItem),
    ],
)
def test_a_line_is_refused_with_what_is_wrong_with_it(changes: dict[str, Any], refusal: type[Exception]):
    with pytest.raises(refusal):
        a_need(replace(LINE, **changes))


def test_a_need_belongs_to_a_place_inside_the_crisis_area():
    assert a_need(district="TUR046").district == "TUR046"
    with pytest.raises(PlaceOutsideArea) as refused:
        a_need(district="TUR006")
    assert refused.value.facts["area"] == "TUR031, TUR046"
    with pytest.raises(UnknownPlace):
        a_need(district="TUR099")


def test_a_closed_crisis_takes_no_needs():
    with pytest.raises(CrisisNotOpen):
        a_need(state="closed")


def test_only_another_organisation_verifies_and_only_what_was_submitted():
    need, crisis = a_need(), a_crisis()
    must_be_verifiable(crisis, need, DESK)
    with pytest.raises(SameParty):
        must_be_verifiable(crisis, need, ASKER)
    with pytest.raises(NeedNotSubmitted):
        must_be_verifiable(crisis, replace(need, state="open"), DESK)
    with pytest.raises(NeedClosed):
        must_be_verifiable(crisis, replace(need, state="closed", close_reason="rejected"), DESK)


def test_an_area_lists_each_place_once_and_drills_are_refused_for_now():
    assert area_of(["TUR031", "TUR046", "TUR031"]) == ("TUR031", "TUR046")
    with pytest.raises(DrillNotAvailable):
        area_of(["TUR031"], is_drill=True)


def test_a_crisis_number_names_series_year_and_ordinal():
    assert crisis_number("KRZ", 2026, 7) == "KRZ-2026-0007"


def test_timers_survive_being_stored_as_settings():
    timers = Timers()
    assert timers_of(timers.as_settings(), 1) == timers
    shorter = timers_of({"hold_minutes": {"urgent": 5}}, 2)
    assert shorter.lease_until(Urgency.URGENT, NOW, NOW + timedelta(days=9)) == NOW + timedelta(minutes=5)
    assert shorter.answer_by(Urgency.LIFE_SAVING, NOW) == NOW + timedelta(hours=1)
