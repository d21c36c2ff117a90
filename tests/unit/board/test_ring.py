from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.board import projection
from crisis.board.card import Card
from crisis.board.ring import Entry, Ring
from imece_contracts.crisis import LineEvent
from tests.boards.lines import Line

START = datetime(2026, 2, 6, tzinfo=UTC)


@cache
def card(line: int) -> Card:
    """Some card of the line with this number."""
    received = Line(UUID(int=31), needed=10).open()
    assert isinstance(received.data, LineEvent)
    return replace(projection.fact(received.envelope, received.data), line=UUID(int=line))


def entries(lines: list[int], first: int = 1) -> list[Entry]:
    return [
        Entry(seq, card(line), START + timedelta(seconds=seq), b'{"n":%d}' % seq, b"")
        for seq, line in enumerate(lines, first)
    ]


@given(st.lists(st.integers(0, 5), max_size=60), st.integers(0, 60), st.integers(1, 30))
def test_catching_up_gives_the_last_state_of_every_line_changed(
    lines: list[int], cursor: int, size: int
) -> None:
    ring = Ring(0, max_changes=size)
    ring.extend(entries(lines))
    caught_up = ring.since(cursor)
    if cursor > len(lines) or cursor < len(lines) - size:
        assert caught_up is None
    else:
        assert caught_up is not None
        wanted = {line: seq for seq, line in enumerate(lines, 1) if seq > cursor}
        assert {entry.line.int: entry.seq for entry in caught_up} == wanted
        assert [entry.seq for entry in caught_up] == sorted(entry.seq for entry in caught_up)


def test_a_ring_forgets_what_is_older_than_its_time() -> None:
    ring = Ring(0, max_age=timedelta(seconds=10))
    ring.extend(entries([1, 2, 3]))
    ring.expire(START + timedelta(seconds=12))
    assert ring.floor == 1
    assert ring.since(0) is None
    assert [entry.seq for entry in ring.since(1) or ()] == [2, 3]


def test_a_hole_in_the_numbers_is_refused() -> None:
    ring = Ring(4)
    with pytest.raises(ValueError, match="does not follow"):
        ring.extend(entries([1], first=6))
