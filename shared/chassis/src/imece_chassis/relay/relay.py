"""The role `relay`: tries to lead every lane, and passes notifications on to the lanes it leads."""

import asyncio

from imece_chassis.database import Database
from imece_chassis.janitor import Janitor
from imece_chassis.listening import Listener
from imece_chassis.outbox import CHANNEL, SLOTS
from imece_chassis.producer import Compression
from imece_chassis.relay.lane import Lane
from imece_chassis.relay.queues import HELD_OF_TOPIC
from imece_contracts.topics import Topic


class Relay:
    """Runs `lanes` lanes; with several processes each lane has one leader, the others wait for its lock.

    A lane holds up to `held_of_topic` rows of a topic behind blocked partitions; then it leaves the topic
    out.
    """

    name = "relay"

    def __init__(
        self,
        database: Database,
        bootstrap: str,
        progress_topic: Topic,
        *,
        lanes: int = 1,
        compression: Compression = None,
        held_of_topic: int = HELD_OF_TOPIC,
    ) -> None:
        if SLOTS % lanes:
            raise ValueError(f"lanes must divide {SLOTS}, not {lanes}")
        self._database = database
        self._wakes = [asyncio.Event() for _ in range(lanes)]
        self._lanes = [
            Lane(database, bootstrap, progress_topic, number, lanes, wake, compression, held_of_topic)
            for number, wake in enumerate(self._wakes)
        ]

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop`; raises only on a defect."""
        async with asyncio.TaskGroup() as group:
            # Notifications are hints: while nobody hears them the lanes' own poll finds the rows.
            group.create_task(Listener(self._database, CHANNEL, self._wake_all).run(stop))
            group.create_task(Janitor(self._database).run(stop))
            for lane in self._lanes:
                group.create_task(lane.run(stop))

    def _wake_all(self) -> None:
        for wake in self._wakes:
            wake.set()
