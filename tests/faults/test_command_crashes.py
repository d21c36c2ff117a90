"""A command that dies on its way (C1 C2 C3 C14) is done wholly or not at all, and its key tells which."""

import pytest

from tests.faults.lab import Lab

COMMANDS = 80


@pytest.mark.parametrize("point", ["cmd.before_commit", "cmd.commit_unknown", "cmd.outbox_error"])
async def test_an_api_that_dies_inside_a_command_leaves_it_done_wholly_or_not_at_all(
    lab: Lab, point: str
) -> None:
    await _dies_at(lab, point)


async def test_a6_an_api_that_dies_right_after_its_commit_loses_no_event(lab: Lab) -> None:
    await _dies_at(lab, "cmd.after_commit")


async def _dies_at(lab: Lab, point: str) -> None:
    """The 25th command meets its end there; what clients were told, did and the topics say is one."""
    await lab.system.restart("crisis-api", FP=f"{point}:crash@#25")
    async with lab.load(COMMANDS) as load:
        await lab.system.crashed("crisis-api")
        await lab.system.restart("crisis-api", FP="")
    answers = [each for operation in load.journal.operations() for each in operation.outcomes]
    assert any(each["status"] is None for each in answers), "nobody was cut off"
    undecided = [
        operation.outcomes
        for operation in load.journal.operations()
        if all(each["outcome"] == "info" for each in operation.outcomes)
    ]
    assert not undecided, "everything was decided, though a repeat of it may have been cut off"
    await lab.check()


async def test_a_lost_answer_to_commit_is_a_503_and_the_same_key_tells_the_outcome(lab: Lab) -> None:
    await lab.system.restart("crisis-api", FP="cmd.commit_unknown:drop_ack@1/4")
    async with lab.load(COMMANDS) as load:
        pass
    operations = load.journal.operations()
    unknown = [
        each["body"]
        for operation in operations
        for each in operation.answers("info")
        if each["status"] == 503
    ]
    assert unknown, "no answer was lost"
    assert {each["code"] for each in unknown} == {"outcome_unknown"}
    assert any(each["replayed"] for operation in operations for each in operation.answers("ok"))
    await lab.check()


async def test_a_command_whose_events_cannot_be_stored_fails_as_a_whole(lab: Lab) -> None:
    await lab.system.restart("crisis-api", FP="cmd.outbox_error:error@1/3")
    async with lab.load(COMMANDS) as load:
        pass
    failed = [o for o in load.journal.operations() if any(each["status"] == 500 for each in o.outcomes)]
    assert failed, "no command failed"
    assert all(operation.outcomes[-1]["outcome"] != "info" for operation in failed)
    await lab.check()
