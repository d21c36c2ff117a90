"""A member leaves its group within a known time, also while its join is pending.

The client library waits for a pending join before it leaves, as long as other members keep the group waiting,
and leaves only what it has joined. Cut off in that wait it stays behind as a member without a process: the
broker counts it as joined, gives it partitions, and their next owner waits for its session to expire.
"""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from typing import Any

from aiokafka.errors import KafkaError
from aiokafka.protocol.group import LeaveGroupRequest

from imece_chassis.telemetry.logs import log

LEAVE_SECONDS = 1.5
LOOK_SECONDS = 0.02

_log = logging.getLogger(__name__)


def is_joining(client: Any) -> bool:
    """Whether the member is not, or no longer, part of its group's current generation."""
    coordinator = getattr(client, "_coordinator", None)  # the library has no public sign of it
    pending = getattr(coordinator, "_rejoin_needed_fut", None)
    return coordinator is not None and (
        coordinator.generation <= 0 or (pending is not None and pending.done())
    )


async def leave_and_close(client: Any, closing: Coroutine[Any, Any, None]) -> None:
    """Run `closing`, the library's own way to end, beside what it omits; afterwards no connection is open.

    Never raises: who ends has nobody to tell.
    """
    task = asyncio.ensure_future(closing)
    try:
        async with asyncio.timeout(LEAVE_SECONDS):
            await asyncio.sleep(0)  # from now on the library does not join again
            if is_joining(client):
                await _leave(client._coordinator, task)
            await asyncio.wait({task})
    except (KafkaError, TimeoutError) as error:
        log(_log, logging.WARNING, "member_left_late", error=type(error).__name__)
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
        if task.cancelled() or task.exception() is not None:
            await _close(client)


async def _leave(coordinator: Any, closing: asyncio.Future[None]) -> None:
    """Leave under the id the broker knows, on a connection of its own: behind a pending join none is read."""
    while not coordinator.member_id or coordinator.coordinator_id is None:
        done, _ = await asyncio.wait({closing}, timeout=LOOK_SECONDS)
        if done:
            return
    request = LeaveGroupRequest(coordinator.group_id, coordinator.member_id)
    await coordinator._client.send(coordinator.coordinator_id, request)


async def _close(client: Any) -> None:
    """What the library does after leaving."""
    coordinator, fetcher = client._coordinator, getattr(client, "_fetcher", None)
    with contextlib.suppress(KafkaError):
        if coordinator is not None:
            await coordinator._stop_heartbeat_task()
            await coordinator._stop_commit_offsets_refresh_task()
        if fetcher is not None:
            await fetcher.close()
    await client._client.close()
