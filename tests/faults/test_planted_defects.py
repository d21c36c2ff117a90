"""Every checker has been seen red: a service with a planted defect, broken once, is found out."""

import asyncio

import asyncpg

from tests.faults import planted
from tests.faults.checks import ledger
from tests.faults.client import Client
from tests.faults.groups import Groups
from tests.faults.lab import WITNESSED, Lab
from tests.faults.scenario import ORIGIN, UNIT
from tests.waiting import wait_until

COMMANDS = 60
LAUNCHER = "tests.faults.planted"
_HOLD = "SELECT 1 FROM need_line_balances WHERE need_line_id = $1::uuid FOR NO KEY UPDATE"


def plant(lab: Lab, part: str, *defects: str) -> None:
    """The part starts with these defects from now on, until the lab heals it."""
    lab.system.processes[part].launcher = (LAUNCHER, ",".join(defects))


async def test_a_consumer_without_inbox_is_seen_to_apply_twice(lab: Lab) -> None:
    plant(lab, "crisis-consume", planted.TALLY, "skip_inbox", "die_after_effect")
    await lab.leave("crisis-consume")  # before the load: its events are for the one that dies
    async with lab.load(COMMANDS):
        await lab.dies_at_once("crisis-consume")
        plant(lab, "crisis-consume", planted.TALLY, "skip_inbox")
        await lab.system.restart("crisis-consume")
    findings = await lab.violations()
    assert [each for each in findings["R7"] if "times" in each]
    assert [each for each in findings["R7"] if "not in the inbox of board" in each]
    # The damage is undone by hand: later tests look at the same tables.
    async with lab.system.checker("crisis") as connection:
        await connection.execute(
            "DELETE FROM tally AS late USING tally AS first"
            " WHERE late.event_id = first.event_id AND late.place > first.place"
        )
        await connection.execute(
            "INSERT INTO inbox (consumer, event_id)"
            " SELECT consumer, event_id FROM outbox, (VALUES ('board'), ('tally')) AS each (consumer)"
            " WHERE topic = 'crisis.lines.v1' ON CONFLICT DO NOTHING"
        )
    await lab.check()


async def test_a_consumer_that_commits_offsets_first_is_seen_to_lose_events(lab: Lab) -> None:
    groups = Groups(lab.system.kafka.bootstrap, "crisis.board", "crisis.tally")
    plant(lab, "crisis-consume", planted.TALLY, "commit_offsets_first", "die_before_effect")
    await lab.leave("crisis-consume")  # before the load: its events are for the one that dies
    async with lab.load(COMMANDS):
        await lab.dies_at_once("crisis-consume")
    lab.system.processes["crisis-consume"].launcher = WITNESSED
    await lab.system.restart("crisis-consume")
    async with lab.load(COMMANDS):
        pass
    async with lab.system.checker("crisis") as connection:
        await wait_until(lambda: _is_all_sent(connection), 60, 0.1, "the outbox is empty")
        await wait_until(groups.are_at_the_end, 60, 0.2, "all there is was delivered")
        lost = (await lab.findings())["R7"]
        assert [each for each in lost if "never applied" in each], lost
        # The log still has it all: from its beginning, the board fills its gaps and the witness starts anew.
        await lab.leave("crisis-consume")
        await connection.execute("TRUNCATE tally")
        await connection.execute("DELETE FROM inbox WHERE consumer = 'tally'")
        await connection.execute("DELETE FROM consumer_positions WHERE consumer IN ('board', 'tally')")
    await wait_until(groups.rewind, 60, 0.2, "the groups stand at the beginning")
    await lab.system.restart("crisis-consume")
    await lab.check()


async def test_a_relay_that_marks_before_it_sends_is_seen_to_lose_events(lab: Lab) -> None:
    plant(lab, "crisis-relay", "mark_before_send")
    await lab.system.restart("crisis-relay", FP="relay.before_publish:crash@#4")
    async with lab.load(COMMANDS):
        await lab.system.crashed("crisis-relay")
    found = (await lab.findings())["I4"]
    lost = [each.split()[0] for each in found if "marked as sent and is in no topic" in each]
    assert lost, found
    # As if they had not been marked; nothing behind them has been sent since, so the order still holds.
    async with lab.system.checker("crisis") as connection:
        await connection.execute(
            "UPDATE outbox SET published_at = NULL WHERE event_id = ANY ($1::uuid[])", lost
        )
    lab.system.processes["crisis-relay"].launcher = ()
    await lab.system.restart("crisis-relay", FP="")
    await lab.check()


async def test_a_cap_that_is_read_and_then_written_is_seen_to_be_exceeded(lab: Lab) -> None:
    need, pledge, pledges, together = "100", "60", 12, 2
    async with lab.load(20):
        pass
    (line,) = await lab.open_lines(1, need)
    await lab.check()
    for name in ("crisis-api", "crisis-relay", "crisis-consume"):
        await lab.system.kill(name)
    # A copy of the whole database, so that this damage stays apart from what other tests look at.
    lab.system.postgres.create_database("planted", template="crisis")
    try:
        async with lab.system.checker("planted") as connection:
            await connection.execute("ALTER TABLE need_line_balances DROP CONSTRAINT cap")
            await connection.execute("GRANT CREATE ON SCHEMA public TO crisis")
            plant(lab, "crisis-api", "read_then_write_cap")
            url = lab.system.postgres.url("planted", "crisis")
            await lab.system.restart("crisis-api", DATABASE_URL_CRISIS=url)
            giver, desk = lab.scenario.pledgers[0], lab.scenario.secretariat
            async with (
                lab.client(giver, is_checked=False) as pledger,
                lab.client(desk, is_checked=False) as answering,
            ):
                body = {"need_line_id": line, "quantity": pledge, "unit": UNIT, "origin": ORIGIN}
                path = f"/crises/{lab.scenario.crisis_id}/pledges"
                made = await asyncio.gather(*(pledger.post("pledge", path, body) for _ in range(pledges)))
                places = [f"/allocations/{each.expect(201)['allocation_id']}" for each in made]
                seen = [(place, (await answering.get(place)).json()["version"]) for place in places]
                async with connection.transaction():  # who wants to write waits here, with what it has read
                    await connection.execute(_HOLD, line)
                    # With a version, since accepts without share one transaction and cannot race each other.
                    accepting = asyncio.gather(*(_accepted(answering, *each) for each in seen))
                    await wait_until(lambda: _are_waiting(connection, together), 30, 0.05, "two have read")
                await accepting
            found = await ledger.sums_hold(connection)
            assert [each for each in found if line in each and "accepted, allowed" in each], found
    finally:
        if lab.system.processes["crisis-api"].is_alive:
            await lab.system.kill("crisis-api")
        lab.system.postgres.drop_database("planted")


async def _accepted(answering: Client, place: str, version: int) -> None:
    body = {"rest": "decline"}
    await answering.post("accept", f"{place}/accept", body, within=60, from_version=version)


async def _are_waiting(connection: asyncpg.Connection, sessions: int) -> bool:
    return await connection.fetchval("SELECT count(*) >= $1 FROM pg_locks WHERE NOT granted", sessions)


async def _is_all_sent(connection: asyncpg.Connection) -> bool:
    return not await connection.fetchval("SELECT count(*) FROM outbox WHERE published_at IS NULL")
