"""The age of a view is measured through the whole pipeline."""

from datetime import datetime

from imece_chassis.database import Transaction
from imece_contracts.topics import Topic


async def fresh_at(tx: Transaction, consumer: str, progress_topic: Topic) -> datetime | None:
    raise NotImplementedError
