"""Clients that break off in mid-request by the hundred: no connection is spoilt, no command is half done."""

import asyncio
import json
import random
import socket
import struct

from tests.faults.lab import Lab
from tests.faults.load import Load
from tests.faults.scenario import ORIGIN, UNIT
from tests.waiting import wait_until

ABORTS = 200
AT_ONCE = 24
SESSIONS = 12  # the pool of the commands, one that listens, one that wakes
RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 s: close sends RST
BACKENDS = (
    "SELECT count(*) FROM pg_stat_activity WHERE usename = 'crisis' AND application_name = 'crisis api'"
)
STUCK = """
SELECT count(*) FROM pg_stat_activity
WHERE usename = 'crisis' AND state IN ('active', 'idle in transaction') AND application_name = 'crisis api'
"""


async def test_a_storm_of_aborted_requests_spoils_no_connection_and_halves_no_command(lab: Lab) -> None:
    await lab.system.restart("crisis-api")
    async with lab.commands() as load:
        for seed in (1, 2):
            await _storm(lab, load, seed)
            async with lab.system.checker("crisis") as connection:
                await wait_until(
                    lambda: _is_none(connection.fetchval(STUCK)), 30, 0.1, "all units have ended"
                )
                assert await connection.fetchval(BACKENDS) <= SESSIONS, "a session was lost and replaced"
        await load.commands(20)
    assert await lab.metric("crisis-api", "db_connections_terminated_total") == 0
    said = lab.system.processes["crisis-api"].log.read_text()
    assert '"level":"error"' not in said[said.rindex("Started server process") :]
    await lab.check()


async def _storm(lab: Lab, load: Load, seed: int) -> None:
    """ABORTS pledges, each broken off somewhere between its first byte and its answer, then decided."""
    chance = random.Random(seed)
    numbers = iter(range(ABORTS))
    giver = lab.scenario.pledgers[seed % len(lab.scenario.pledgers)]
    path = f"/crises/{lab.scenario.crisis_id}/pledges"
    asked: list[tuple[int, str, dict[str, str]]] = []

    async def worker() -> None:
        for n in numbers:
            line, key = chance.choice(load.scenario.line_ids), f"storm-{seed}-{n}"
            body = {"need_line_id": line, "quantity": "1", "unit": UNIT, "origin": ORIGIN}
            raw = json.dumps(body).encode()
            facts = {"need_line_id": line, "quantity": "1"}
            number = await load.journal.intent("pledge", key, "POST", path, giver.organisation_id, raw, facts)
            head = (
                f"POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {giver.key}\r\n"
                f"idempotency-key: {key}\r\ncontent-type: application/json\r\n"
                f"content-length: {len(raw)}\r\n\r\n"
            )
            await _abort(lab, head.encode() + raw, chance.random(), chance.uniform(0, 0.05))
            await load.journal.outcome(number, "info")
            asked.append((number, key, body))

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    async with lab.client(giver) as client:
        client.journal = load.journal
        for number, key, body in asked:

            async def decided(number: int = number, key: str = key, body: dict[str, str] = body) -> bool:
                return (await client.repeat("pledge", path, body, key, number)).verdict == "ok"

            await wait_until(decided, 60)


async def _abort(lab: Lab, request: bytes, share: float, patience: float) -> None:
    """Send the request, one in three times only a part of it, and reset the connection after `patience`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", lab.system.processes["crisis-api"].port)
    raw: socket.socket = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    try:
        writer.write(request if share > 1 / 3 else request[: int(len(request) * 3 * share)])
        await writer.drain()
        await asyncio.wait_for(reader.read(1), patience)
    except (TimeoutError, ConnectionError):
        pass
    finally:
        writer.transport.abort()


async def _is_none(counting: object) -> bool:
    return await counting == 0  # type: ignore[misc]
