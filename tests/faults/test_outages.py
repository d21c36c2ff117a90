"""Servers that are away: the broker costs freshness and nothing else, the database costs quick 503s.

IMECE_FAULTS=long keeps the broker away for ten minutes, IMECE_FAULTS=full for 60 s; the everyday run for 8 s.
"""

import os
import time

import httpx
import pytest

from tests.faults.conftest import SECONDS
from tests.faults.lab import Lab
from tests.faults.load import Load
from tests.faults.scenario import ORIGIN, UNIT
from tests.waiting import wait_until

BROKER_AWAY_SECONDS = {"long": 600, "full": 60}.get(os.environ.get("IMECE_FAULTS", ""), 8)
COMMANDS = 60
# Promised: 2 s and 10 s. Both are doubled and a second added, because this machine may run other suites.
REFUSED_SECONDS = 5.0
BACK_SECONDS = 21.0


@pytest.mark.timeout(SECONDS + BROKER_AWAY_SECONDS)
async def test_a46_pledges_are_accepted_without_the_broker_and_told_in_order_afterwards(lab: Lab) -> None:
    back_at = time.monotonic() + BROKER_AWAY_SECONDS
    async with lab.commands() as load:
        await lab.system.kill_kafka()
        await load.commands(COMMANDS)

        async def one_more() -> bool:
            await load.one()
            return time.monotonic() >= back_at

        await wait_until(one_more, BROKER_AWAY_SECONDS + 60, interval=0.25)
        statuses = {each["status"] for o in load.journal.operations() for each in o.outcomes}
        assert all(status is not None and status < 500 for status in statuses), statuses
        async with lab.system.checker("crisis") as connection:
            assert await connection.fetchval("SELECT count(*) FROM outbox WHERE published_at IS NULL")
        await lab.system.start_kafka()
        await load.commands(COMMANDS // 2)
    await lab.check()


async def test_a_broker_that_is_killed_under_load_loses_nothing(lab: Lab) -> None:
    async with lab.load(COMMANDS * 2):
        await lab.system.kill_kafka()
        await lab.system.start_kafka()
    await lab.check()


async def test_without_database_there_are_quick_503s_and_no_restart_is_needed_afterwards(lab: Lab) -> None:
    pids = {name: process.pid for name, process in lab.system.processes.items()}
    async with lab.load(COMMANDS * 2) as load:
        await lab.system.kill_postgres()
        refused = await wait_until(lambda: _refused(lab, load), 30, message="a pledge is refused")
        assert refused is not None
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.elapsed.total_seconds() <= REFUSED_SECONDS
        await lab.system.start_postgres()
        started = time.monotonic()

        async def is_back() -> bool:
            return (await _pledge(lab, load)).status_code == 201

        await wait_until(is_back, 60, 0.1, "a pledge is accepted")
        assert time.monotonic() - started <= BACK_SECONDS
    assert {name: process.pid for name, process in lab.system.processes.items()} == pids
    await lab.check()


async def test_sessions_ended_by_the_server_cost_no_command(lab: Lab) -> None:
    async with lab.load(COMMANDS * 4) as load:
        for _ in range(3):
            before = load.decided
            await wait_until(lambda before=before: load.decided > before + 10, 60)
            await lab.system.end_backends("crisis")
    await lab.check()


async def _refused(lab: Lab, load: Load) -> httpx.Response | None:
    """A 503; sessions of a killed postmaster may still answer for a moment."""
    answer = await _pledge(lab, load)
    assert answer.status_code in {201, 503}, answer.text
    return answer if answer.status_code == 503 else None


async def _pledge(lab: Lab, load: Load) -> httpx.Response:
    """One pledge by plain HTTP, journalled like any other, asked once and never again."""
    giver, line = lab.scenario.pledgers[0], load.scenario.line_ids[0]
    path = f"/crises/{lab.scenario.crisis_id}/pledges"
    body = {"need_line_id": line, "quantity": "1", "unit": UNIT, "origin": ORIGIN}
    key = f"plain-{time.monotonic_ns()}"
    facts = {"need_line_id": line, "quantity": "1"}
    async with httpx.AsyncClient(base_url=lab.system.url("crisis"), timeout=30) as http:
        request = http.build_request(
            "POST",
            path,
            json=body,
            headers={"authorization": f"Bearer {giver.key}", "idempotency-key": key},
        )
        number = await load.journal.intent(
            "pledge", key, "POST", path, giver.organisation_id, request.content, facts
        )
        answer = await http.send(request)
    verdict = "ok" if answer.status_code < 300 else "info"
    await load.journal.outcome(number, verdict, answer.status_code, answer.content)
    return answer
