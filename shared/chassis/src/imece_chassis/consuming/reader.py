"""The client library's consumer, made to step over records it cannot decode and to leave when it is told to.

It decodes names of headers as text and otherwise fails for ever at the same place. Such a record is delivered
without content, so that it becomes a dead letter with its place; so do the records behind it in its batch,
which the library cannot reach either.
"""

from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import ConsumerRecord

from imece_chassis.consuming.leaving import leave_and_close

# Waiting ends with the first record. The framework sleeps after every wait that brought none, and that delays
# whatever comes then; so these waits are long and few.
WAIT_MS = 250
STEP_TIMEOUT_MS = 5000  # what was fetched is dropped with the error and comes again
UNREADABLE: tuple[tuple[str, None], ...] = (("unreadable", None),)


class SteppingConsumer(AIOKafkaConsumer):
    """Reads like its base; after a decoding error record by record, until the unreadable one is behind."""

    async def getmany(self, *partitions: Any, timeout_ms: int = 0, max_records: int | None = None) -> Any:
        """Records by partition, as the base returns them."""
        base: Any = super()
        try:
            wait_ms = max(timeout_ms, WAIT_MS)
            return await base.getmany(*partitions, timeout_ms=wait_ms, max_records=max_records)
        except UnicodeDecodeError:
            return await self._step()

    async def stop(self) -> None:
        """Leave the group, also while joining it, and close every connection; bounded, never raises."""
        base: Any = super()
        await leave_and_close(self, base.stop())

    async def _step(self) -> Any:
        base: Any = super()
        for place in sorted(self.assignment()):
            if (self.highwater(place) or 0) <= await self.position(place):
                continue
            try:
                found = await base.getmany(place, timeout_ms=STEP_TIMEOUT_MS, max_records=1)
            except UnicodeDecodeError:
                offset: int = await self.position(place)
                self.seek(place, offset + 1)
                return {place: [_without_content(place, offset)]}
            if found:
                return found
        return {}


def _without_content(place: Any, offset: int) -> Any:
    make: Any = ConsumerRecord
    return make(place.topic, place.partition, offset, 0, 0, None, None, None, -1, -1, UNREADABLE)
