"""A reader that applies frames ends where a snapshot would have put it."""

import json
import random
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisis.board import projection
from crisis.board.ring import Entry
from crisis.board.source import Changes, Loaded
from crisis.board.view import ALL, BoardView, Stale
from imece_contracts.crisis import LineEvent
from tests.boards.lines import Line

CRISIS, EPOCH = UUID(int=31), UUID(int=1)
PROVINCES = ("TUR031005", "TUR046001", "TUR027002")


def empty() -> BoardView:
    return BoardView(CRISIS, Loaded(EPOCH, 0, 0, (), (), datetime.now(UTC)))


def changes(count: int, seed: int) -> list[Entry]:
    rng = random.Random(seed)
    lines = [Line(CRISIS, district=rng.choice(PROVINCES)) for _ in range(6)]
    made: list[Entry] = []
    for seq in range(1, count + 1):
        received = rng.choice(lines).step(rng)
        assert isinstance(received.data, LineEvent)
        card = projection.fact(received.envelope, received.data)
        what = b'{"line":"%s"}' % str(card.line).encode()
        made.append(Entry(seq, card, datetime.now(UTC), card.body, what))
    return made


def extended(view: BoardView, entries: list[Entry]) -> None:
    view.extend(Changes(EPOCH, entries[-1].seq, tuple(entries), datetime.now(UTC)))


@given(st.integers(1, 40), st.integers(0, 500), st.lists(st.integers(1, 8), min_size=1, max_size=20))
@settings(deadline=None, max_examples=60)
def test_frames_from_any_cursor_lead_to_the_state_of_the_board(
    count: int, seed: int, steps: list[int]
) -> None:
    view, entries = empty(), changes(count, seed)
    seen: dict[str, dict[str, dict[str, object]]] = {ALL: {}, "TUR031": {}}
    cursors = {ALL: 0, "TUR031": 0}
    at = 0
    for number, size in enumerate([*steps, count]):
        batch = entries[at : at + size]
        at += size
        if batch:
            extended(view, batch)
        for scope, cards in seen.items():
            if number % 3 == 0 or at >= count:
                data = view.change_data(scope, cursors[scope])
                if data is not None:
                    change = json.loads(data)
                    assert change["from"] == cursors[scope]
                    cards.update({card["line"]: card for card in change["cards"]})
                    assert change["totals"] == view.totals(scope).as_dict()
                cursors[scope] = view.head
    for scope, cards in seen.items():
        wanted = {
            str(card.line): json.loads(card.body)
            for card in view.cards.values()
            if scope in {ALL, card.province}
        }
        assert cards == wanted


def test_a_frame_is_built_once_for_all_who_stand_at_the_same_place() -> None:
    view = empty()
    extended(view, changes(5, 1))
    assert view.frame(ALL, 2) is view.frame(ALL, 2)
    assert view.frame(ALL, 2) is not view.frame(ALL, 3)


def test_a_foreign_epoch_or_a_hole_means_loading_again() -> None:
    view, entries = empty(), changes(5, 1)
    with pytest.raises(Stale, match="epoch"):
        view.extend(Changes(UUID(int=2), 5, tuple(entries), datetime.now(UTC)))
    with pytest.raises(Stale, match="too_old"):
        view.extend(Changes(EPOCH, 5, tuple(entries[2:]), datetime.now(UTC)))


def test_a_reader_learns_why_it_cannot_go_on() -> None:
    view = BoardView(CRISIS, Loaded(EPOCH, 40, 40, (), (), datetime.now(UTC)))
    assert view.refusal(str(UUID(int=2)), 40) == "epoch"
    assert view.refusal(str(EPOCH), 41) == "ahead"
    assert view.refusal(str(EPOCH), 39) == "too_old"
    assert view.refusal(str(EPOCH), 40) is None


def test_all_who_stand_at_one_place_share_one_change() -> None:
    view = empty()
    extended(view, changes(5, seed=3))
    shared = view.change_data(ALL, 2)
    assert shared is not None and view.change_data(ALL, 2) is shared
    assert view.change_data(ALL, 3) is not shared
