"""A timer worker that dies after its claim (C10): the lease ends, another worker fires, once."""

from tests.faults.lab import Lab
from tests.faults.scenario import ORIGIN, UNIT
from tests.waiting import wait_until

PROPOSALS = 5
DUE = """
UPDATE deadlines SET due_at = now() - interval '1 second'
WHERE state = 'pending' AND subject_id = ANY ($1::uuid[])
"""
CLAIMED = "SELECT count(*) FROM deadlines WHERE subject_id = ANY ($1::uuid[]) AND lease_until > now()"
A_MINUTE_PASSES = "UPDATE deadlines SET lease_until = now() WHERE subject_id = ANY ($1::uuid[])"
EXPIRED = """
SELECT allocation_id::text, count(*) AS times FROM allocation_entries
WHERE allocation_id = ANY ($1::uuid[]) AND to_state = 'expired' GROUP BY allocation_id
"""


async def test_a37_a_deadline_claimed_by_a_worker_that_died_fires_once_by_another(lab: Lab) -> None:
    (line,) = await lab.open_lines(1, "600")
    async with lab.client(lab.scenario.pledgers[0]) as giver, lab.system.checker("crisis") as connection:
        body = {"need_line_id": line, "quantity": "10", "unit": UNIT, "origin": ORIGIN}
        facts = {"need_line_id": line, "quantity": "10"}
        path = f"/crises/{lab.scenario.crisis_id}/pledges"
        made = [(await giver.post("pledge", path, body, facts=facts)).expect(201) for _ in range(PROPOSALS)]
        rows = [each["allocation_id"] for each in made]
        await lab.rearm("crisis-consume", FP="timer.after_claim:crash")
        await connection.execute(DUE, rows)
        await lab.system.crashed("crisis-consume")
        assert await connection.fetchval(CLAIMED, rows) == PROPOSALS
        assert not await connection.fetch(EXPIRED, rows)
        lab.system.add("crisis-timers-2", "crisis", ("timers",))
        await lab.system.restart("crisis-consume", FP="")
        await lab.system.restart("crisis-timers-2")
        await connection.execute(A_MINUTE_PASSES, rows)

        async def all_expired() -> dict[str, int] | None:
            found = {row["allocation_id"]: row["times"] for row in await connection.fetch(EXPIRED, rows)}
            return found if len(found) == PROPOSALS else None

        assert await wait_until(all_expired, 60, 0.1) == dict.fromkeys(rows, 1)
    await lab.check()
