"""One leader per lane moves outbox rows to Kafka in order."""

import asyncio

from imece_chassis.database import Database
from imece_contracts.topics import Topic


class Relay:
    name = "relay"

    def __init__(self, database: Database, bootstrap: str, progress_topic: Topic, *, lanes: int = 1) -> None:
        raise NotImplementedError

    async def run(self, stop: asyncio.Event) -> None:
        raise NotImplementedError
