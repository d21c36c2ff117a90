"""Progress says what, how many, how fast and how long yet, and nothing it does not know."""

import io

import pytest

from imece_local.demo.progress import Progress, duration


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Shown:
    """A progress with a clock to be set and what it said."""

    def __init__(self, out: io.StringIO) -> None:
        self.now, self.said, self.out = 100.0, list[str](), out
        self.progress = Progress(self.said.append, out, lambda: self.now)

    def done(self, count: int, at: float) -> None:
        self.now = 100.0 + at
        self.progress.step(count)


def test_it_says_rate_and_time_left() -> None:
    shown = Shown(io.StringIO())
    shown.progress.begin("need lines open", 7_800)
    assert shown.progress.line() == "0 of 7,800 need lines open"
    shown.done(1_240, at=20)
    assert shown.progress.line() == "1,240 of 7,800 need lines open, 62/s, 1 min 46 s left"
    assert not shown.progress.is_whole


def test_a_file_gets_a_line_now_and_then_and_one_at_the_end() -> None:
    shown = Shown(io.StringIO())
    shown.progress.begin("heartbeats", 4)
    for at in (1, 2, 6, 7):
        shown.done(1, at=at)
    shown.progress.end()
    assert shown.said == ["3 of 4 heartbeats, 0.5/s, 2 s left", "4 of 4 heartbeats in 7 s"]
    assert shown.out.getvalue() == ""


def test_a_terminal_shows_one_line_that_moves() -> None:
    shown = Shown(Terminal())
    shown.progress.begin("heartbeats", 4)
    for at in (1, 1.1, 2):
        shown.done(1, at=at)
    assert shown.out.getvalue().count("\r") == 2, "not more often than the eye follows"
    assert shown.said == []
    shown.progress.end()
    assert shown.said == ["3 of 4 heartbeats in 2 s"], "a course that was cut short says so"


def test_what_has_ended_runs_no_more() -> None:
    shown = Shown(io.StringIO())
    shown.progress.end()
    shown.progress.begin("heartbeats", 1)
    shown.progress.end()
    assert (shown.said, shown.progress.what) == (["0 of 1 heartbeats in 0 s"], "")


@pytest.mark.parametrize(("seconds", "told"), [(0.4, "0 s"), (59.6, "1 min 0 s"), (3_700, "61 min 40 s")])
def test_a_duration_is_told_in_minutes_and_seconds(seconds: float, told: str) -> None:
    assert duration(seconds) == told
