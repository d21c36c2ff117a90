"""Two reports of one event, and reports that only look alike."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from crisis.domain.clocks import Urgency
from crisis.domain.hazards import (
    Position,
    Report,
    decide_within,
    is_same_event,
    more_severe,
    overlaps,
    title_of,
    urgency_of,
)
from tests.unit.crisis.examples import NOW, new_id

PLAIN = Report(
    new_id(),
    "afad",
    "1",
    "earthquake",
    "red",
    ("TUR031",),
    NOW,
    new_id(),
    Decimal("7.0"),
    Position(37.0, 37.0),
)


def like(**changes: Any) -> Report:
    return replace(PLAIN, **changes)


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({}, True),
        ({"observed_at": NOW + timedelta(seconds=120)}, True),
        ({"observed_at": NOW + timedelta(seconds=121)}, False),
        ({"magnitude": Decimal("6.0")}, True),
        ({"magnitude": Decimal("5.9")}, False),
        ({"magnitude": None}, True),
        ({"position": Position(37.89, 37.0)}, True),  # 99 km north
        ({"position": Position(37.91, 37.0)}, False),  # 101 km north
        ({"hazard": "flood"}, False),
        ({"position": None, "area": ("TUR046",)}, True),  # Kahramanmaraş, 65 km away
        ({"position": None, "area": ("TUR006",)}, False),
    ],
)
def test_quakes_are_one_when_near_in_place_time_and_size(changes: dict[str, Any], is_same: bool):
    assert is_same_event(PLAIN, like(**changes)) is is_same
    assert is_same_event(like(**changes), PLAIN) is is_same


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({}, True),
        ({"observed_at": NOW - timedelta(hours=24)}, True),
        ({"observed_at": NOW - timedelta(hours=25)}, False),
        ({"area": ("TUR006", "TUR031005")}, True),
        ({"area": ("TUR006",)}, False),
        ({"hazard": "storm"}, False),
    ],
)
def test_other_hazards_are_one_in_an_overlapping_area_within_a_day(changes: dict[str, Any], is_same: bool):
    flood = like(hazard="flood", magnitude=None, position=None)
    assert is_same_event(flood, replace(flood, **changes)) is is_same


def test_a_district_lies_in_its_province_either_way():
    assert overlaps(["TUR031005"], ["TUR031"]) and overlaps(["TUR031"], ["TUR031005"])
    assert not overlaps(["TUR031005"], ["TUR031006"])


def test_red_is_decided_in_a_quarter_of_an_hour_and_the_rest_in_an_hour():
    minutes = {alert: decide_within(alert) // timedelta(minutes=1) for alert in ("red", "orange", "yellow")}
    assert minutes == {"red": 15, "orange": 60, "yellow": 60}
    assert [urgency_of(alert) for alert in ("red", "orange", "yellow")] == list(Urgency)
    assert more_severe("orange", "yellow") == "orange"


def test_a_proposal_nobody_named_is_named_after_place_and_hazard():
    assert title_of("earthquake", "TUR031005") == {"tr": "Hatay: deprem", "en": "Hatay: earthquake"}
    assert title_of("sand_storm", "TUR031")["tr"] == "Hatay: sand storm"
