"""R7: each event of a topic was applied by its consumers exactly once, and in order per key."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import asyncpg

from tests.platform.log import KafkaRecord

LINES, CRISES = "crisis.lines.v1", "crisis.crises.v1"
ORDERS, TASKS, OFFERS = "crisis.orders.v1", "crisis.tasks.v1", "crisis.offers.v1"
READ_BY = {"board": {LINES, CRISES, ORDERS}, "notices": {LINES, CRISES, ORDERS, TASKS, OFFERS}}
TALLY = "SELECT event_id::text, key, sequence FROM tally ORDER BY place"
INBOX = "SELECT event_id::text FROM inbox WHERE consumer = $1"


async def tally_is_exact(records: Sequence[KafkaRecord], crisis: asyncpg.Connection) -> list[str]:
    """A consumer with an effect that cannot be repeated: one row per event, versions of a key ascending."""
    wanted = _ids(records, {LINES})
    rows = await crisis.fetch(TALLY)
    counted = Counter(row["event_id"] for row in rows)
    found = [f"{event} was applied {n} times" for event, n in counted.items() if n != 1]
    found += [f"{event} was never applied" for event in wanted - counted.keys()]
    found += [f"{event} was applied and is in no topic" for event in counted.keys() - wanted]
    versions: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        versions[row["key"]].append(row["sequence"])
    return found + [f"{key} was applied as {seen}" for key, seen in versions.items() if seen != sorted(seen)]


async def inbox_is_complete(
    records: Sequence[KafkaRecord], consumer: str, topics: set[str], connection: asyncpg.Connection
) -> list[str]:
    """A consumer's inbox holds exactly the events of its topics."""
    wanted = _ids(records, topics)
    known = {row["event_id"] for row in await connection.fetch(INBOX, consumer)}
    return [f"{event} is not in the inbox of {consumer}" for event in wanted - known] + [
        f"{event} is in the inbox of {consumer} and in no topic" for event in known - wanted
    ]


def _ids(records: Sequence[KafkaRecord], topics: set[str]) -> set[str]:
    return {record.header("ce_id") or "" for record in records if record.topic in topics}
