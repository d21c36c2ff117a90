"""Commands on crises: opened by people, proposed by feeds, declared, wound down and set going again."""

from typing import Any

from crisis.domain.reasons import DISMISS, RESUME, STAND_DOWN, TASK
from crisis.usecases.close_crisis import ReopenCrisis, ask_to_reopen, close_crisis
from crisis.usecases.declare_crisis import ChangeArea, ChangeLevel, Declaration, change_area, change_level
from crisis.usecases.dismiss_crisis import DismissCrisis, dismiss_crisis
from crisis.usecases.finish_task import FinishTask, finish_task
from crisis.usecases.open_crisis import OpenCrisis, open_crisis
from crisis.usecases.propose_crisis import ProposeCrisis, propose_crisis
from crisis.usecases.stand_down import Reactivate, StandDown, reactivate, stand_down
from tests.db.crisis.histories.actors import mostly
from tests.db.crisis.histories.choices import Choices, NothingToDo
from tests.db.crisis.histories.ground import DESK, PROVINCES, SECRETARIAT, Ground
from tests.db.crisis.histories.registry import command

MOST_CRISES = 2
OFFICE = Declaration("AFAD", "duyuru:1")


async def crises(ground: Ground, *states: str) -> list[Any]:
    return await ground.rows(
        "SELECT crisis_id, state, version FROM crises WHERE state = ANY ($1::text[]) ORDER BY crisis_id",
        list(states or ("open",)),
    )


@command("open_crisis", weight=2)
async def open_crisis_(ground: Ground, choose: Choices):
    if len(await crises(ground, "open", "stood_down", "closed")) >= MOST_CRISES:
        raise NothingToDo
    opening = OpenCrisis(
        title={"tr": "Deprem"}, hazard="earthquake", area=PROVINCES, severity=choose.one(("red", "orange"))
    )
    return await ground.run(lambda tx: open_crisis(tx, opening, SECRETARIAT, ground.tools))


@command("propose_crisis", "attach_report", weight=1)
async def report_hazard(ground: Ground, choose: Choices):
    proposing = ProposeCrisis(
        source=choose.one(("usgs", "afad")),
        external_id=f"report-{choose.size(6)}",
        hazard=choose.one(("earthquake", "flood")),
        alert=choose.one(("red", "orange")),
        area=(choose.one(PROVINCES),),
        observed_at=ground.clock.now(),
        title={"tr": "Olay"},
    )
    return await ground.run(lambda tx: propose_crisis(tx, proposing, mostly(choose, DESK), ground.tools))


@command("dismiss_crisis", weight=1)
async def dismiss(ground: Ground, choose: Choices):
    proposed = choose.one(await crises(ground, "proposed"))
    dismissing = DismissCrisis(proposed["crisis_id"], choose.one(sorted(DISMISS)))
    return await ground.run(
        lambda tx: dismiss_crisis(tx, dismissing, mostly(choose, SECRETARIAT), ground.tools)
    )


@command("change_level", weight=1)
async def level(ground: Ground, choose: Choices):
    crisis = choose.one(await crises(ground))
    changing = ChangeLevel(
        crisis["crisis_id"], choose.one(("S1", "S2", "S3", "S4")), choose.one(("red", "orange")), OFFICE
    )
    return await ground.run(lambda tx: change_level(tx, changing, mostly(choose, SECRETARIAT), ground.tools))


@command("change_area", weight=1)
async def area(ground: Ground, choose: Choices):
    crisis = choose.one(await crises(ground))
    changing = ChangeArea(crisis["crisis_id"], None, (choose.one(("TUR006", "TUR034")),), OFFICE)
    return await ground.run(lambda tx: change_area(tx, changing, mostly(choose, SECRETARIAT), ground.tools))


@command("stand_down", weight=1)
async def wind_down(ground: Ground, choose: Choices):
    crisis = choose.one(await crises(ground))
    standing = StandDown(crisis["crisis_id"], choose.one(sorted(STAND_DOWN)))
    return await ground.run(lambda tx: stand_down(tx, standing, mostly(choose, SECRETARIAT), ground.tools))


@command("reactivate", "reactivate_crisis", weight=4)
async def go_on(ground: Ground, choose: Choices):
    crisis = choose.one(await crises(ground, "stood_down"))
    going = Reactivate(crisis["crisis_id"], choose.one(sorted(RESUME)))
    return await ground.run(lambda tx: reactivate(tx, going, mostly(choose, SECRETARIAT), ground.tools))


@command("close_crisis", weight=1)
async def close_the_crisis(ground: Ground, choose: Choices):
    crisis = choose.one(await crises(ground, "stood_down"))
    who = mostly(choose, SECRETARIAT)
    return await ground.run(lambda tx: close_crisis(tx, crisis["crisis_id"], who, ground.tools))


@command("reopen_crisis", weight=3)
async def reopen_the_crisis(ground: Ground, choose: Choices):
    crisis = choose.one(await crises(ground, "closed"))
    reopening = ReopenCrisis(crisis["crisis_id"], choose.one(sorted(RESUME)))
    return await ground.run(
        lambda tx: ask_to_reopen(tx, reopening, mostly(choose, SECRETARIAT), ground.tools)
    )


@command("finish_task", weight=2)
async def finish(ground: Ground, choose: Choices):
    rows = await ground.rows("SELECT task_id FROM tasks WHERE state <> 'done' ORDER BY task_id")
    finishing = FinishTask(choose.one(rows)["task_id"], choose.one(sorted(TASK)))
    return await ground.run(lambda tx: finish_task(tx, finishing, mostly(choose, SECRETARIAT), ground.tools))
