"""Random histories of every command against a real database: after each step every invariant holds.

40 histories of 50 commands; IMECE_HISTORIES=10000 plays that many. One in four is played by eight hands.
"""

import os
import re
from collections.abc import AsyncIterator, Callable

import pytest

from imece_chassis.database import Database
from tests.conflicts import deadlocks
from tests.db.crisis.histories import catalogue
from tests.db.crisis.histories.ground import Ground
from tests.db.crisis.histories.play import HistoryBroken, Told, play_drawn, replay
from tests.db.crisis.histories.registry import COMMANDS
from tests.db.crisis.histories.shrink import MOST_TRIES, shortened

HISTORIES = int(os.environ.get("IMECE_HISTORIES", "40"))
FIRST = int(os.environ.get("IMECE_FIRST_HISTORY", "1"))
LENGTH = 50
ENTERED = catalogue.MODULES
HANDS = 8
REPLAYS = 3
"""How often a shorter history of many hands is played before it counts as sound."""


@pytest.fixture
async def ground(database: Callable[[str], str]) -> AsyncIterator[Ground]:
    url = database("crisis")
    connected = await Database.connect(
        url, application="test", min_size=2, max_size=HANDS + 2, statement_timeout_ms=30_000
    )
    sweeper = await Database.connect(url, application="sweeper", min_size=1, max_size=1)
    try:
        yield Ground(connected, sweeper)
    finally:
        await connected.close()
        await sweeper.close()


async def played(ground: Ground, seeds: range, hands: int) -> Told:
    """Every history on an empty ledger; the first that breaks is cut down and shown as a script."""
    told = Told()
    for seed in seeds:
        await ground.emptied()
        try:
            await play_drawn(ground, seed, LENGTH, told, hands)
        except HistoryBroken as broken:

            async def again(waves) -> None:
                for _ in range(1 if hands == 1 else REPLAYS):
                    await ground.emptied()
                    await replay(ground, waves)

            tries = MOST_TRIES if hands == 1 else MOST_TRIES // REPLAYS
            raise (await shortened(broken, again, tries)).drawn_from(seed, hands) from None
    return told


@pytest.mark.timeout(max(300, HISTORIES * 20))
async def test_every_invariant_holds_after_every_step_of_random_histories(ground: Ground):
    told = await played(ground, range(FIRST, FIRST + HISTORIES * 3 // 4), hands=1)
    assert not ground.unruled, "nothing happens when these come due"
    never_done = set(COMMANDS) - set(told.done)
    allowed = 0 if HISTORIES >= 1000 else len(COMMANDS) // 2  # few histories do not get everywhere
    assert len(never_done) <= allowed, f"never done: {sorted(never_done)}; refused: {dict(told.refused)}"


@pytest.mark.timeout(max(300, HISTORIES * 20))
async def test_every_invariant_holds_while_eight_hands_act_at_once(ground: Ground):
    first, before = FIRST + HISTORIES, deadlocks()
    await played(ground, range(first, first + HISTORIES // 4), hands=HANDS)
    assert deadlocks() == before


async def test_a_history_is_the_same_whenever_it_is_played_alone(ground: Ground):
    told, again = Told(), Told()
    waves = await play_drawn(ground, 7, LENGTH, told)
    before = await ground.rows("SELECT allocation_id, state, qty FROM allocations ORDER BY allocation_id")
    await ground.emptied()
    await replay(ground, waves, again)
    after = await ground.rows("SELECT allocation_id, state, qty FROM allocations ORDER BY allocation_id")
    assert [tuple(row) for row in after] == [tuple(row) for row in before]
    assert (again.done, again.refused) == (told.done, told.refused) and sum(told.done.values()) > 0


async def forget_held(ground: Ground) -> None:
    """The posting of one bucket is left out, by a trigger."""
    await ground.run(
        lambda tx: tx.execute(
            "CREATE FUNCTION forget_held() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN NEW.held := OLD.held; RETURN NEW; END $$"
        )
    )
    await ground.run(
        lambda tx: tx.execute(
            "CREATE TRIGGER forget_held BEFORE UPDATE ON need_line_balances"
            " FOR EACH ROW EXECUTE FUNCTION forget_held()"
        )
    )


@pytest.mark.timeout(300)
async def test_a_broken_history_of_many_hands_is_cut_down_and_says_from_where_it_was_drawn(ground: Ground):
    await forget_held(ground)
    with pytest.raises(HistoryBroken) as broken:
        await played(ground, range(1, 20), hands=HANDS)
    script = str(broken.value)
    assert re.search(r"# drawn from seed \d+ for 8 hands", script)
    assert len(broken.value.waves) >= 4
    assert any(len(wave) > 1 for wave in broken.value.waves) == ("it may go another way" in script)
    compile(script.split("run this:\n", 1)[1], "history", "exec")


@pytest.mark.timeout(300)
async def test_a_broken_history_is_cut_down_and_printed_as_a_script(ground: Ground):
    """The shortest way to see a bucket that is not posted takes few commands."""
    await forget_held(ground)
    with pytest.raises(HistoryBroken) as broken:
        await played(ground, range(1, 20), hands=1)
    script = str(broken.value)
    assert "i5_need_balances" in script and "play_again([" in script
    assert 4 <= len(broken.value.waves) <= 6, "a crisis, a need, its verification, a pledge and an accept"
    compile(script.split("run this:\n", 1)[1], "history", "exec")
