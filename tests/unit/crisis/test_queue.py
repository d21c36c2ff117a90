"""The waiting list: order, place, and the reasons in words."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crisis.domain.fitness import Record, fitness
from crisis.domain.queue import (
    Ahead,
    Alike,
    Standing,
    Waiting,
    explained_en,
    explained_tr,
    in_turn,
    place_of,
)
from tests.unit.crisis.examples import NOW, new_id

HATAY = "TUR031005"


def standing(origin: str = "TUR006", ready: int | None = 0, **changes: object) -> Standing:
    record = changes.pop("record", Record())
    assert isinstance(record, Record)
    return Standing(fitness(origin, HATAY, ready, record), **changes)  # pyright: ignore[reportArgumentType]


def waiting(mine: Standing, minutes: int = 0) -> Waiting:
    return Waiting(new_id(), NOW + timedelta(minutes=minutes), Decimal(10), mine)


def test_fitness_goes_before_time_and_time_before_id():
    near_late, far_early = waiting(standing("TUR031"), 60), waiting(standing("TUR034"))
    same = [waiting(standing("TUR006"), 5), waiting(standing("TUR006"), 5), waiting(standing("TUR006"), 4)]
    assert in_turn([far_early, *same, near_late]) == [near_late, same[2], same[0], same[1], far_early]


def test_who_asked_for_the_room_comes_first_and_who_let_a_call_pass_last():
    asked = waiting(standing("TUR034", None, is_preferred=True))
    passed, plain = waiting(standing("TUR031", let_pass=True)), waiting(standing("TUR034"))
    assert in_turn([passed, plain, asked]) == [asked, plain, passed]


def test_a_place_counts_those_before_by_what_puts_them_there():
    mine = standing("TUR006", 0)
    queue = [
        Alike(standing("TUR031", 0), rows=2, longer=0),
        Alike(standing("TUR006", 0, record=Record(6, 6)), rows=1, longer=1),
        Alike(mine, rows=4, longer=3),
        Alike(standing("TUR034", 0), rows=7, longer=7),
        Alike(standing("TUR034", 0, is_preferred=True), rows=1, longer=0),
    ]
    place = place_of(mine, queue)
    assert (place.position, place.waiting) == (8, 15)
    assert dict(place.ahead) == {
        Ahead.ASKED_FOR_IT: 1,
        Ahead.NEARER: 2,
        Ahead.MORE_RELIABLE: 1,
        Ahead.LONGER: 3,
    }


@pytest.mark.parametrize(
    ("ahead", "english", "turkish"),
    [
        (2, "you are 3rd: 2 are nearer", "3. sıradasınız: 2 kayıt daha yakın"),
        (1, "you are 2nd: 1 is nearer", "2. sıradasınız: 1 kayıt daha yakın"),
        (0, "you are 1st: nobody is before you", "1. sıradasınız: önünüzde kimse yok"),
        (11, "you are 12th: 11 are nearer", "12. sıradasınız: 11 kayıt daha yakın"),
        (20, "you are 21st: 20 are nearer", "21. sıradasınız: 20 kayıt daha yakın"),
    ],
)
def test_the_place_is_said_in_words(ahead: int, english: str, turkish: str):
    mine = standing()
    near = [Alike(standing("TUR031"), rows=ahead, longer=0)] if ahead else []
    place = place_of(mine, [*near, Alike(mine, rows=1, longer=0)])
    assert explained_en(place) == english
    assert explained_tr(place) == turkish


def test_several_reasons_are_named_one_after_another():
    mine = standing("TUR006", None, let_pass=True)
    queue = [Alike(standing("TUR006", None), rows=1, longer=0), Alike(mine, rows=2, longer=1)]
    assert explained_en(place_of(mine, queue)) == "you are 3rd: 1 has not let a call pass, 1 waits longer"
