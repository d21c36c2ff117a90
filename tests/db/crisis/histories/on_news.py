"""News of other services: what the registry says of an organisation, and what became of notices."""

from typing import Any

from crisis.usecases.follow_notice import FollowNotice, Outcome, follow_notice
from crisis.usecases.follow_standing import take_in
from tests.db.crisis.histories.choices import Choices, NothingToDo
from tests.db.crisis.histories.ground import BOTH_SIDES, PLEDGERS, Ground
from tests.db.crisis.histories.registry import command

WAITED_FOR = """
SELECT clock.deadline_id, row.pledger_org_id,
       (SELECT desk.host_org_id FROM desks AS desk WHERE desk.is_active
         ORDER BY desk.desk_id LIMIT 1) AS desk_org_id,
       clock.paused_since IS NOT NULL AS stands_still
  FROM deadlines AS clock
  JOIN allocations AS row ON row.deadline_id = clock.deadline_id
 WHERE clock.state = 'pending'
 UNION ALL
SELECT clock.deadline_id, request.holder_org, request.holder_org, clock.paused_since IS NOT NULL
  FROM deadlines AS clock
  JOIN release_requests AS request ON request.deadline_id = clock.deadline_id
 WHERE clock.state = 'pending'
 ORDER BY deadline_id
"""
STANDINGS = "SELECT org_id, state, sequence FROM organisation_standings WHERE org_id = $1"


@command("suspend_offer", "resume_offer", weight=2)
async def hear_of_an_organisation(ground: Ground, choose: Choices) -> None:
    """It may no longer act, or may again; old news comes once more now and then. Its offers follow later."""
    who = choose.one((*PLEDGERS, BOTH_SIDES))
    known = await ground.rows(STANDINGS, who.organisation_id)
    state, sequence = (known[0]["state"], known[0]["sequence"]) if known else ("active", 0)
    turned = "suspended" if state == "active" else "active"
    said = choose.mostly(turned, "active", "suspended")
    later = choose.mostly(sequence + 1, sequence)
    await ground.run(lambda tx: take_in(tx, who.organisation_id, later, said, ground.tools))


@command(weight=4)
async def hear_of_a_notice(ground: Ground, choose: Choices) -> None:
    """It arrived, or did not; mostly the news is of whom the clock waits for."""
    clock: Any = choose.one(await ground.rows(WAITED_FOR))
    outcome = Outcome.DELIVERED if clock["stands_still"] else Outcome.UNDELIVERED
    command = FollowNotice(
        deadline_ref=clock["deadline_id"],
        organisation_id=choose.mostly(
            clock["pledger_org_id"], clock["desk_org_id"] or clock["pledger_org_id"]
        ),
        outcome=choose.mostly(outcome, *Outcome),
        at=ground.clock.now(),
    )
    if not await ground.run(lambda tx: follow_notice(tx, command)):
        raise NothingToDo
