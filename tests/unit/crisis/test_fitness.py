"""Fitness: whole points that can be explained and replayed."""

import pytest

from crisis.domain.fitness import (
    Merit,
    Record,
    distance_points,
    fitness,
    readiness_points,
    reliability_points,
)
from imece_reference.refusals import UnknownPlace


@pytest.mark.parametrize(
    ("kilometres", "points"),
    [(0, 30), (150, 30), (151, 20), (400, 20), (401, 10), (800, 10), (801, 0), (1_600, 0)],
)
def test_nearer_is_better(kilometres: int, points: int):
    assert distance_points(kilometres) == points


def test_the_same_province_is_best():
    assert distance_points(0, is_same=True) == 40


@pytest.mark.parametrize(
    ("minutes", "points"),
    [(0, 30), (1, 20), (360, 20), (361, 10), (1_440, 10), (1_441, 0), (None, 0)],
)
def test_readier_is_better(minutes: int | None, points: int):
    assert readiness_points(minutes) == points


@pytest.mark.parametrize(
    ("kept", "concluded", "points"),
    [(0, 0, 15), (4, 4, 15), (5, 5, 30), (0, 5, 0), (1, 60, 1), (1, 61, 0), (3, 5, 18), (5, 6, 25)],
)
def test_promises_kept_are_worth_up_to_thirty_and_few_say_nothing(kept: int, concluded: int, points: int):
    assert reliability_points(Record(kept, concluded)) == points


def test_points_are_whole_and_come_with_their_figures():
    found = fitness("TUR006001", "TUR031005", 120, Record(6, 6))
    assert found.points == 10 + 20 + 30
    assert [(reason.merit, reason.points, reason.figure) for reason in found.reasons] == [
        (Merit.DISTANCE, 10, "505"),
        (Merit.READINESS, 20, "120"),
        (Merit.RELIABILITY, 30, "6/6"),
    ]
    assert fitness("TUR031", "TUR031005", None).points == 40 + 0 + 15


def test_a_place_nobody_knows_is_refused():
    with pytest.raises(UnknownPlace):
        fitness("TUR099", "TUR031005", 0)
