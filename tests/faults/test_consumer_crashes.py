"""A consumer that dies around its commit (C7, C8): each event is applied once, in order."""

import pytest

from tests.faults.lab import Lab

COMMANDS = 120


@pytest.mark.parametrize("point", ["consume.before_commit", "consume.after_commit"])
async def test_a_consumer_that_dies_around_its_commit_applies_each_event_once(lab: Lab, point: str) -> None:
    async with lab.load(COMMANDS):
        await lab.rearm("crisis-consume", FP=f"{point}:crash@#8")
        await lab.system.crashed("crisis-consume")
        await lab.system.restart("crisis-consume", FP="")
    await lab.check()


async def test_consumers_that_die_again_and_again_still_get_to_the_end(lab: Lab) -> None:
    async with lab.load(COMMANDS):
        await lab.rearm("crisis-consume", FP="consume.after_commit:crash@#5")
        await lab.system.crashed("crisis-consume")
        await lab.system.restart("crisis-consume", FP="consume.before_commit:crash@#9")
        await lab.system.crashed("crisis-consume")
        await lab.system.restart("crisis-consume", FP="")
    await lab.check()
