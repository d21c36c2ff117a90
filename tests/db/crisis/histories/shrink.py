"""Cutting a broken history down to what breaks it."""

from collections.abc import Awaitable, Callable, Sequence

from tests.db.crisis.histories.play import HistoryBroken, Wave

MOST_TRIES = 120


async def shortened(
    broken: HistoryBroken,
    play: Callable[[Sequence[Wave]], Awaitable[None]],
    most_tries: int = MOST_TRIES,
) -> HistoryBroken:
    """The shortest history found that still breaks; larger parts are left out first."""
    size, tries = max(1, len(broken.waves) // 2), 0
    while tries < most_tries:
        for start in range(0, len(broken.waves), size):
            tries += 1
            try:
                await play(broken.waves[:start] + broken.waves[start + size :])
            except HistoryBroken as shorter:
                broken = shorter
                break
        else:
            if size == 1:
                return broken
            size //= 2
    return broken
