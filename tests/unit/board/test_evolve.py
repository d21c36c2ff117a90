import random
from dataclasses import replace
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisis.board import projection
from crisis.board.card import Card, card_from
from crisis.board.tally import difference, tally
from imece_chassis.consumer import Received
from imece_contracts.crisis import LineEvent
from tests.boards.lines import Line

CRISIS = UUID(int=31)


def facts(count: int, seed: int) -> list[Card]:
    rng, line = random.Random(seed), Line(CRISIS)
    return [_fact(line.step(rng)) for _ in range(count)]


def _fact(received: Received) -> Card:
    assert isinstance(received.data, LineEvent)
    return projection.fact(received.envelope, received.data)


def fed(batches: list[list[Card]]) -> tuple[Card, list[Card]]:
    """What the store does, without a store: cards, and events that wait."""
    card: Card | None = None
    waiting: list[Card] = []
    for batch in batches:
        settled = projection.settle(card, [*batch, *waiting])
        card, waiting = settled.card, list(settled.waiting)
    assert card is not None
    return card, waiting


@st.composite
def shuffled(draw: st.DrawFn) -> tuple[list[Card], list[list[Card]]]:
    """A story, and the same story in any order, with repeats, cut into batches."""
    story = facts(draw(st.integers(1, 12)), draw(st.integers(0, 10_000)))
    repeats = draw(st.lists(st.sampled_from(story), max_size=8))
    told = draw(st.permutations([*story, *repeats]))
    cuts = sorted(draw(st.sets(st.integers(1, len(told)), max_size=4)))
    edges = [0, *cuts, len(told)]
    return story, [told[a:b] for a, b in pairwise(edges) if told[a:b]]


@given(shuffled())
@settings(deadline=None)
def test_any_order_with_repeats_gives_the_same_card(told: tuple[list[Card], list[list[Card]]]) -> None:
    story, batches = told
    card, waiting = fed(batches)
    assert card == story[-1]
    assert card.body == story[-1].body
    assert not waiting


@given(st.integers(2, 12), st.data())
def test_a_missing_event_parks_the_line_at_the_last_complete_state(count: int, data: st.DataObject) -> None:
    story = facts(count, 5)
    missing = data.draw(st.integers(0, count - 2))
    card, waiting = fed([[each for number, each in enumerate(story) if number != missing]])
    assert card.parked
    assert card.sequence == missing
    assert [each.sequence for each in waiting] == list(range(missing + 2, count + 1))
    if missing:
        assert (card.held, card.gap) == (story[missing - 1].held, story[missing - 1].gap)
    else:
        assert card.needed == 0, "nothing is claimed about a line whose beginning is unknown"


def test_an_event_that_is_not_newer_changes_nothing() -> None:
    first, second, _ = facts(3, 1)
    assert projection.evolve(second, first) is second
    assert projection.evolve(second, second) is second


def test_the_stored_form_of_a_card_reads_back_as_the_same_card() -> None:
    for card in facts(12, 3):
        assert card_from(card.body) == card
        assert card_from(card.body).body == card.body


def test_an_event_without_a_crisis_is_refused() -> None:
    received = Line(CRISIS).open()
    assert isinstance(received.data, LineEvent)
    orphan = replace(received.envelope, crisis_id=None)
    with pytest.raises(ValueError, match="crisis id"):
        projection.fact(orphan, received.data)


@given(st.integers(1, 40), st.integers(0, 1000))
@settings(deadline=None)
def test_counters_moved_by_differences_equal_counters_counted_anew(count: int, seed: int) -> None:
    story = facts(count, seed)
    moved = difference(zip([None, *story], story, strict=False))
    assert moved == tally(story[-1])


def test_a_parked_line_counts_as_open_and_parked_only() -> None:
    first, _, third = facts(3, 2)
    counts = tally(projection.settle(first, [third]).card).as_dict()
    assert {name for name, count in counts.items() if count} == {"open", "parked"}
