"""The idempotency contract on a real PostgreSQL: one effect, equal answers, whatever the callers and
crashes do.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imece_chassis.database import Database, OutcomeUnknown, Transaction
from imece_chassis.failpoints import FailpointError, armed
from imece_chassis.http.problems import is_refusal, render
from imece_chassis.idempotency import (
    Answer,
    Fresh,
    KeyReused,
    Replay,
    Request,
    Reused,
    Running,
    StillRunning,
    answer_once,
    body_hash,
    claim_many,
    is_outcome,
    json_answer,
    purge,
    remember_many,
)

CREATED = json_answer({"id": "1", "text": "çadır"}, 201, (("location", "/things/1"),))


class NothingLeft(Exception):
    """Nothing is left."""

    status: ClassVar[int] = 409
    tr: ClassVar[str] = "Kalmadı"
    facts: ClassVar[dict[str, str]] = {"room": "0"}


class Forbidden(NothingLeft):
    """Not yours."""

    status: ClassVar[int] = 403


def command(key: str = "k", body: bytes = b'{"a":1}', scope: str = "org:route") -> Request:
    return Request(scope, key, body_hash(body))


def refusal_answer(exc: Exception) -> Answer | None:
    return render(exc, "tr", "request-1", "/things") if is_refusal(exc) else None


@pytest.fixture
async def db(chassis_db: Database) -> Database:
    async def create(tx: Transaction) -> None:
        await tx.execute("CREATE TABLE effects (n integer NOT NULL)")

    await chassis_db.unit_of_work(create)
    return chassis_db


async def effects(db: Database) -> int:
    async def count(tx: Transaction) -> int:
        return await tx.fetchval("SELECT count(*) FROM effects")

    return await db.snapshot(count)


async def stored(db: Database) -> int:
    async def count(tx: Transaction) -> int:
        return await tx.fetchval("SELECT count(*) FROM idempotency")

    return await db.snapshot(count)


def doing(
    answer: Answer | Exception = CREATED,
    gate: asyncio.Event | None = None,
    entered: asyncio.Event | None = None,
) -> Callable[[Transaction], Awaitable[Answer]]:
    """Work with one effect that then answers or refuses; it can be held open by a gate."""

    async def work(tx: Transaction) -> Answer:
        await tx.execute("INSERT INTO effects (n) VALUES (1)")
        if entered is not None:
            entered.set()
        if gate is not None:
            await gate.wait()
        if isinstance(answer, Exception):
            raise answer
        return answer

    return work


async def test_the_first_request_executes_and_a_repeat_gets_the_same_bytes(db: Database) -> None:
    first = await answer_once(db, command(), doing(), refusal_answer)
    again = await answer_once(db, command(), doing(json_answer({"other": True})), refusal_answer)
    assert first == (CREATED, False)
    assert again == (CREATED, True)
    assert await effects(db) == 1


async def test_a_body_that_differs_only_in_layout_is_the_same_command(db: Database) -> None:
    await answer_once(db, command(body=b'{"a":1,"b":[1,2]}'), doing(), refusal_answer)
    _, replayed = await answer_once(db, command(body=b' {"b": [1, 2],\n "a": 1}'), doing(), refusal_answer)
    assert replayed and await effects(db) == 1


async def test_the_same_key_with_another_body_is_refused_without_an_effect(db: Database) -> None:
    await answer_once(db, command(), doing(), refusal_answer)
    with pytest.raises(KeyReused):
        await answer_once(db, command(body=b'{"a":2}'), doing(), refusal_answer)
    assert await effects(db) == 1


async def test_the_same_key_of_another_organisation_or_route_is_another_key(db: Database) -> None:
    for scope in ("org:route", "org:other", "other:route"):
        _, replayed = await answer_once(db, command(scope=scope), doing(), refusal_answer)
        assert not replayed
    assert await effects(db) == 3


async def test_while_the_first_is_running_nobody_waits_for_it(db: Database) -> None:
    gate, entered = asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(answer_once(db, command(), doing(gate=gate, entered=entered), refusal_answer))
    await entered.wait()
    with pytest.raises(StillRunning) as running:
        await asyncio.wait_for(answer_once(db, command(), doing(), refusal_answer), 1)
    gate.set()
    assert running.value.retry_after == 1
    assert await first == (CREATED, False)
    assert (await answer_once(db, command(), doing(), refusal_answer))[1]
    assert await effects(db) == 1


async def test_twenty_callers_at_once_have_one_effect_and_one_answer(db: Database) -> None:
    async def until_answered() -> Answer:
        while True:
            try:
                return (await answer_once(db, command(), doing(), refusal_answer))[0]
            except StillRunning:
                await asyncio.sleep(0)

    answers = await asyncio.gather(*(until_answered() for _ in range(20)))
    assert set(answers) == {CREATED}
    assert await effects(db) == 1


async def test_a_refusal_is_an_outcome_it_leaves_no_effect_and_is_replayed_byte_for_byte(
    db: Database,
) -> None:
    first, was_replayed = await answer_once(db, command(), doing(NothingLeft()), refusal_answer)
    again, is_replayed = await answer_once(db, command(), doing(), refusal_answer)
    assert (first.status, was_replayed, is_replayed) == (409, False, True)
    assert again == first
    assert b'"room":"0"' in first.body and await effects(db) == 0


@pytest.mark.parametrize("failure", [RuntimeError("bug"), Forbidden()])
async def test_what_is_no_outcome_stores_nothing_and_leaves_the_key_free(
    db: Database, failure: Exception
) -> None:
    with pytest.raises(type(failure)):
        await answer_once(db, command(), doing(failure), refusal_answer)
    assert (await effects(db), await stored(db)) == (0, 0)
    assert await answer_once(db, command(), doing(), refusal_answer) == (CREATED, False)


@pytest.mark.parametrize("status", [401, 403, 412, 428, 429, 500, 503])
async def test_an_answer_that_is_no_outcome_rolls_its_work_back(db: Database, status: int) -> None:
    answer = json_answer({}, status)
    assert await answer_once(db, command(), doing(answer), refusal_answer) == (answer, False)
    assert (await effects(db), await stored(db)) == (0, 0)


async def test_a_crash_before_the_commit_leaves_nothing_and_the_repeat_executes(db: Database) -> None:
    with armed("cmd.before_commit:error"), pytest.raises(FailpointError):
        await answer_once(db, command(), doing(), refusal_answer)
    assert (await effects(db), await stored(db)) == (0, 0)
    assert await answer_once(db, command(), doing(), refusal_answer) == (CREATED, False)


async def test_a_crash_after_the_commit_is_answered_from_the_store(db: Database) -> None:
    with armed("cmd.after_commit:error"), pytest.raises(FailpointError):
        await answer_once(db, command(), doing(), refusal_answer)
    assert await answer_once(db, command(), doing(), refusal_answer) == (CREATED, True)
    assert await effects(db) == 1


async def test_a_lost_answer_to_the_commit_is_unknown_and_the_repeat_reads_the_outcome(db: Database) -> None:
    with armed("cmd.commit_unknown:drop_ack"), pytest.raises(OutcomeUnknown):
        await answer_once(db, command(), doing(), refusal_answer)
    assert await answer_once(db, command(), doing(), refusal_answer) == (CREATED, True)
    assert await effects(db) == 1


async def test_a_crash_between_refusal_and_its_record_only_means_deciding_again(db: Database) -> None:
    with armed("cmd.refused:error"), pytest.raises(FailpointError):
        await answer_once(db, command(), doing(NothingLeft()), refusal_answer)
    assert (await effects(db), await stored(db)) == (0, 0)
    assert await answer_once(db, command(), doing(), refusal_answer) == (CREATED, False)


async def test_a_refusal_gives_way_to_an_answer_stored_meanwhile(db: Database) -> None:
    def someone_else_is_faster(exc: Exception) -> Answer | None:
        return refusal_answer(exc)

    async def work(tx: Transaction) -> Answer:
        raise NothingLeft

    other: list[asyncio.Task[Any]] = []

    def answer_while_other_executes(exc: Exception) -> Answer | None:
        other.append(asyncio.create_task(answer_once(db, command(), doing(), someone_else_is_faster)))
        return refusal_answer(exc)

    with armed("cmd.refused:delay(150)"):
        late, replayed = await answer_once(db, command(), work, answer_while_other_executes)
    assert (await other[0])[0] == CREATED
    assert (late, replayed) == (CREATED, True)


async def test_a_caller_that_vanishes_does_not_undo_what_was_started(db: Database) -> None:
    gate, entered = asyncio.Event(), asyncio.Event()
    caller = asyncio.create_task(
        answer_once(db, command(), doing(gate=gate, entered=entered), refusal_answer)
    )
    await entered.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    gate.set()
    while True:
        try:
            answer, replayed = await answer_once(db, command(), doing(), refusal_answer)
            break
        except StillRunning:
            await asyncio.sleep(0)
    assert (answer, replayed) == (CREATED, True)
    assert await effects(db) == 1


async def test_a_batch_is_claimed_in_order_with_one_claim_per_request(db: Database) -> None:
    async def store(tx: Transaction) -> None:
        await remember_many(tx, [(command("old"), CREATED)])

    async def claim(tx: Transaction) -> list[Any]:
        return await claim_many(
            tx,
            [
                command("new"),
                command("old"),
                command("old", b"[]"),
                command("new"),
                command("new", b"[]"),
                command("last"),
            ],
        )

    await db.unit_of_work(store)
    assert await db.unit_of_work(claim) == [Fresh(), Replay(CREATED), Reused(), Running(), Reused(), Fresh()]


async def test_keys_held_by_another_batch_are_running_and_the_rest_is_fresh(db: Database) -> None:
    gate, claimed = asyncio.Event(), asyncio.Event()

    async def hold(tx: Transaction) -> None:
        assert await claim_many(tx, [command("a"), command("b")]) == [Fresh(), Fresh()]
        claimed.set()
        await gate.wait()

    async def claim(tx: Transaction) -> list[Any]:
        return await claim_many(tx, [command("b"), command("c")])

    holder = asyncio.create_task(db.unit_of_work(hold))
    await claimed.wait()
    assert await db.unit_of_work(claim) == [Running(), Fresh()]
    gate.set()
    await holder
    assert await db.unit_of_work(claim) == [Fresh(), Fresh()]


async def test_an_answer_committed_just_before_the_lock_was_free_is_seen(db: Database) -> None:
    """The look-up must not use a snapshot older than the lock: then an answer would be missed and done
    twice.
    """

    async def lost_update(n: int) -> None:
        while True:
            try:
                await answer_once(db, command(f"k{n % 5}"), doing(), refusal_answer)
                return
            except StillRunning:
                await asyncio.sleep(0)

    await asyncio.gather(*(lost_update(n) for n in range(100)))
    assert (await effects(db), await stored(db)) == (5, 5)


async def test_an_empty_batch_asks_nothing(db: Database) -> None:
    async def nothing(tx: Transaction) -> list[Any]:
        await remember_many(tx, [])
        return await claim_many(tx, [])

    assert await db.unit_of_work(nothing) == []


async def test_an_unclaimed_key_cannot_be_stored_over(db: Database) -> None:
    async def store(tx: Transaction) -> None:
        await remember_many(tx, [(command(), CREATED)])

    await db.unit_of_work(store)
    with pytest.raises(Exception, match="idempotency_pkey"):
        await db.unit_of_work(store)


async def test_a_failure_of_ours_cannot_be_stored(db: Database) -> None:
    async def store(tx: Transaction) -> None:
        await remember_many(tx, [(command(), Answer(503, b""))])

    with pytest.raises(ValueError, match="no outcome"):
        await db.unit_of_work(store)


async def test_answers_are_forgotten_after_a_week_and_not_before(db: Database) -> None:
    async def store(tx: Transaction) -> None:
        await remember_many(tx, [(command(f"k{n}"), CREATED) for n in range(7)])
        await tx.execute(
            "UPDATE idempotency SET created_at = now() - interval '7 days 1 minute' WHERE key < 'k5'"
        )
        await tx.execute("UPDATE idempotency SET created_at = now() - interval '6 days' WHERE key = 'k5'")

    await db.unit_of_work(store)
    assert await purge(db, batch=2) == 5
    assert await stored(db) == 2
    assert await purge(db) == 0


def test_bodies_that_are_no_json_are_hashed_as_they_are() -> None:
    assert body_hash(b"line\n") == hashlib.sha256(b"line\n").digest()
    assert body_hash(b"[" * 100_000) == hashlib.sha256(b"[" * 100_000).digest()
    assert body_hash(b'"\\ud800"') != body_hash(b'"\\ud801"')


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner)))
def test_the_body_hash_ignores_layout_and_order(document: object) -> None:
    import json

    spaced = json.dumps(document, indent=2, ensure_ascii=True).encode()
    packed = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    assert body_hash(spaced) == body_hash(packed)
    assert len(body_hash(spaced)) == 32


@pytest.mark.parametrize("status", [200, 201, 207, 404, 409, 422])
def test_refusals_by_a_rule_are_outcomes_like_successes(status: int) -> None:
    assert is_outcome(status)
