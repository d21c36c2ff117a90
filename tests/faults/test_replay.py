"""One board, computed three ways: from the ledger's rows, from every topic since offset 0, and as shown."""

from tests.faults.checks.board import from_board, from_facts, from_log
from tests.faults.checks.canonical import digest
from tests.faults.lab import Lab

COMMANDS = 60


async def test_a38_every_topic_replayed_gives_the_hash_of_the_live_board_and_of_the_ledger(lab: Lab) -> None:
    async with lab.load(COMMANDS):
        pass
    await lab.check()
    records = [each for each in await lab.records() if each.topic.startswith("crisis.")]
    async with lab.system.checker("crisis") as connection:
        replayed, shown = from_log(records), await from_board(connection)
        facts = await from_facts(connection)
    assert replayed
    assert digest(replayed) == digest(shown)
    assert digest({line: facts[line] for line in replayed}) == digest(replayed)
