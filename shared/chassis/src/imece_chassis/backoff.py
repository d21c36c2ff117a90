"""Waiting between attempts: doubled each time up to a limit, spread so that many do not come back
together.
"""

import asyncio
import random


def jittered(seconds: float) -> float:
    """Between half and all of `seconds`."""
    return seconds * (0.5 + random.random() / 2)  # noqa: S311 - spreads retries, protects nothing


def backoff(failures: int, first: float, most: float) -> float:
    """Seconds to wait after this many failures in a row (1 or more)."""
    return jittered(min(most, first * 2 ** min(failures - 1, 16)))


async def pause(stop: asyncio.Event, seconds: float) -> bool:
    """Wait that long, or until `stop`; returns whether it was `stop`."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True
