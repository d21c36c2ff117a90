"""Commands on crises."""

from crisis.usecases.open_crisis import OpenCrisis, open_crisis
from tests.db.crisis.histories.choices import Choices, NothingToDo
from tests.db.crisis.histories.ground import PROVINCES, SECRETARIAT, Ground
from tests.db.crisis.histories.registry import command

MOST_CRISES = 2


async def crises(ground: Ground, *states: str) -> list:
    return await ground.rows(
        "SELECT crisis_id, state, version FROM crises WHERE state = ANY ($1::text[]) ORDER BY crisis_id",
        list(states or ("open",)),
    )


@command(weight=2)
async def open_crisis_(ground: Ground, choose: Choices):
    if len(await ground.rows("SELECT 1 FROM crises")) >= MOST_CRISES:
        raise NothingToDo
    opening = OpenCrisis(
        title={"tr": "Deprem"}, hazard="earthquake", area=PROVINCES, severity=choose.one(("red", "orange"))
    )
    return await ground.run(lambda tx: open_crisis(tx, opening, SECRETARIAT, ground.tools))
