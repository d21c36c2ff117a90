"""One board, three ways: as shown, rebuilt from every topic since offset 0, and from the ledger's rows."""

from tests.faults.checks.board import from_board, from_facts
from tests.faults.checks.canonical import differences, digest
from tests.faults.checks.replayed import contents
from tests.faults.lab import Lab
from tests.faults.variety import leave_one_of_each

COMMANDS = 60


async def test_a38_every_topic_replayed_gives_the_hash_of_the_live_board_and_of_the_ledger(lab: Lab) -> None:
    async with lab.load(COMMANDS):
        pass
    await leave_one_of_each(lab)
    await lab.check()
    async with lab.system.checker("crisis") as live, lab.empty_beside("crisis") as (url, empty):
        assert not any((await contents(empty)).values())
        done = await lab.system.attempt("crisis", "rebuild-board", DATABASE_URL_CRISIS=url)
        assert done.returncode == 0, done.stdout + done.stderr
        shown, replayed = await contents(live), await contents(empty)
        assert all(shown.values()), "a table of the board is empty, so it shows nothing"
        assert digest(replayed) == digest(shown), differences(replayed, shown)
        facts, from_log = await from_facts(live), await from_board(empty)
    assert any(each["E"] != "0" for each in facts.values()) and any(
        each["W"] != "0" for each in facts.values()
    )
    assert digest(facts) == digest(from_log), differences(facts, from_log)
