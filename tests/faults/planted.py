"""Start a service with something wrong in it: `python -m tests.faults.planted DEFECT[,DEFECT] crisis run …`.

The product has no switch for any of this: each defect replaces one part before the service starts. `tally` is
no defect but a witness: a consumer whose effect is not repeatable, so that applying an event twice shows.
"""

import runpy
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from aiokafka import TopicPartition

from crisis import wiring
from crisis.board import feed
from crisis.domain import waiting
from crisis.store import ledger, lines
from imece_chassis.consumer import Consumer, ConsumerRunner, Policy, Received
from imece_chassis.consuming import statements as consumer_sql
from imece_chassis.consuming.applying import Applier
from imece_chassis.consuming.member import Member
from imece_chassis.consuming.records import classify
from imece_chassis.database import Database, Transaction
from imece_chassis.failpoints import crash
from imece_chassis.relay import statements as relay_sql
from imece_chassis.relay.lane import Lane
from imece_contracts.topics import CRISIS_PROGRESS, LINES

TALLY = "tally"
COUNT = """
INSERT INTO tally (event_id, key, sequence)
SELECT event_id, key, sequence
FROM unnest($1::uuid[], $2::text[], $3::bigint[]) WITH ORDINALITY AS event (event_id, key, sequence, place)
ORDER BY place
"""
TABLE = """
CREATE TABLE tally (
    place bigint GENERATED ALWAYS AS IDENTITY,
    event_id uuid NOT NULL,
    key text NOT NULL,
    sequence bigint NOT NULL
);
GRANT SELECT, INSERT ON tally TO crisis
"""


async def _count(tx: Transaction, batch: Sequence[Received]) -> None:
    seen = [received.envelope for received in batch]
    await tx.execute(COUNT, [e.id for e in seen], [e.key for e in seen], [e.sequence for e in seen])


def tally() -> None:
    """The role board gets a second consumer that writes one row per event, without any key of its own."""

    def runner(database: Database, settings: Any) -> ConsumerRunner:
        counting = Consumer(TALLY, (LINES, CRISIS_PROGRESS), Policy.GO_ON, _count)
        return ConsumerRunner(
            database, settings.kafka_bootstrap, (feed.consumer(), counting), service="crisis"
        )

    wiring.SERVICE.roles["board"] = wiring._role("board", runner)  # type: ignore[index]


def skip_inbox() -> None:
    """Every delivery counts as new."""
    consumer_sql.INBOX = "SELECT event.id AS event_id FROM unnest($2::uuid[]) AS event (id) WHERE $1 <> ''"


def commit_offsets_first() -> None:
    """Offsets before effects: what dies in between is never delivered again."""

    async def commit_then_apply(self: Any, client: Any, records: Sequence[Any]) -> None:
        reached = {TopicPartition(r.topic, r.partition): r.offset + 1 for r in records}
        await client.commit(reached)
        await self._applier.apply([classify(record) for record in records])

    Member._apply_and_commit = commit_then_apply  # type: ignore[method-assign]


def die_before_effect() -> None:
    """The process ends when the witness is about to apply facts. Part of a fault, not of a defect."""
    _die_around_effect(is_before=True)


def die_after_effect() -> None:
    """The process ends when the witness has applied facts and before its offsets are committed."""
    _die_around_effect(is_before=False)


def _die_around_effect(*, is_before: bool) -> None:
    apply = Applier.apply

    async def apply_and_die(self: Any, entries: Sequence[Any]) -> None:
        is_it = self._consumer.name == TALLY and any(each.raw.topic == LINES.name for each in entries)
        if is_it and is_before:
            crash()
        await apply(self, entries)
        if is_it:
            crash()

    Applier.apply = apply_and_die  # type: ignore[method-assign]


def mark_before_send() -> None:
    """Rows are marked as published when they are read, not when the broker has them."""
    read = Lane._read

    async def read_and_mark(self: Any, session: Any, queues: Any, drain: Any, sender: Any) -> int:
        found = await read(self, session, queues, drain, sender)
        await session.execute(relay_sql.MARK, list(queues.held))
        return found

    Lane._read = read_and_mark  # type: ignore[method-assign]


def read_then_write_cap() -> None:
    """The room is read without a lock and written without a guard. The constraint must be dropped by hand."""
    guarded = ledger.query

    def unguarded(name: str) -> str:
        sql = guarded(name)
        if name != "move_need_balances":
            return sql
        head, _, tail = sql.partition("   AND balance.version = change.old_version")
        assert tail, "the guard is no longer where this defect removes it"
        unseen = "RETURNING balance.need_line_id, now() AS at, false AS may_promote"
        return f"{head}\n{unseen}".replace("= change.new_version", "= balance.version + 1")

    ledger.query = unguarded
    lines.lock_needs = lines.read_balances


def clock_without_effect() -> None:
    """Rows may be in a state that waits for a clock nothing follows. Only who runs the clocks can notice."""
    (rows,) = (life for life in waiting.LIVES if life.counted is not None)
    planted = replace(
        rows,
        states=rows.states | {"invented"},
        waiting={**rows.waiting, "invented": ("allocation.invented",)},
        counted=(rows.counted or frozenset()) | {"invented"},
    )
    lives = tuple(planted if life is rows else life for life in waiting.LIVES)
    waiting.refuse_unfinished_lives.__defaults__ = (lives, None)


DEFECTS: dict[str, Callable[[], None]] = {
    each.__name__: each
    for each in (
        tally,
        skip_inbox,
        commit_offsets_first,
        die_before_effect,
        die_after_effect,
        mark_before_send,
        read_then_write_cap,
        clock_without_effect,
    )
}

if __name__ == "__main__":
    for name in sys.argv[1].split(","):
        DEFECTS[name]()
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__")
