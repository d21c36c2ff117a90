"""The role `consume`: every declared consumer as a group member of its own, side by side."""

import asyncio
from collections.abc import Sequence

from imece_chassis.consuming.declaration import Consumer
from imece_chassis.consuming.member import Member
from imece_chassis.database import Database
from imece_chassis.janitor import Janitor


class ConsumerRunner:
    """One slow or halted consumer does not touch the others. `service` starts the group ids."""

    name = "consume"

    def __init__(
        self, database: Database, bootstrap: str, consumers: Sequence[Consumer], *, service: str
    ) -> None:
        names = [consumer.name for consumer in consumers]
        if len(set(names)) != len(names):
            raise ValueError(f"consumer names must differ: {names}")
        self._database = database
        self._bootstrap = bootstrap
        self._consumers = tuple(consumers)
        self._service = service

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until `stop`; raises only on a defect."""
        async with asyncio.TaskGroup() as group:
            group.create_task(Janitor(self._database).run(stop))
            for consumer in self._consumers:
                member = Member(self._database, self._bootstrap, self._service, consumer, stop)
                group.create_task(member.run())
