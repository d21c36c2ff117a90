"""`./imece demo --size large`: plays the large story, proves it, and says so in figures."""

import asyncio
import time
from collections import Counter

from imece_local.demo.calls import Stage
from imece_local.demo.failing import said_by
from imece_local.demo.large.ledger_check import check_ledger
from imece_local.demo.large.opening import TAKEN_AT_ONCE
from imece_local.demo.large.player import Player
from imece_local.demo.large.proof import Proof
from imece_local.demo.large.story import LARGE, REHEARSAL, Size, Story, write
from imece_local.demo.progress import Progress, duration
from imece_local.demo.wants import wants
from imece_local.state import State
from imece_reference.items import item

SIZES = {"large": LARGE, "rehearsal": REHEARSAL}


def story_of(seed: int, size: Size) -> Story:
    """The story of a seed with the items of the catalogue."""
    wanted = wants()
    at_once = {want.item for want in wanted if item(want.item).tamp_group in TAKEN_AT_ONCE}
    return write(seed, wanted, at_once, size)


def run(stage: Stage, seed: int, size: Size) -> int:
    """Play and prove. Exit code 1 when the system refused or the proof failed, 130 when it was stopped."""
    story, progress = story_of(seed, size), Progress(stage.say)
    promises = len(story.first) + len(story.waiting) + len(story.silent)
    stage.say(
        f"story {seed}: {len(story.organisations)} organisations, {len(story.area)} provinces, "
        f"{story.lines:,} need lines, {promises:,} promises and {len(story.stopped)} against an order"
    )
    player = Player(stage, story, progress)
    try:
        return 0 if _played(stage, story, player) else 1
    except KeyboardInterrupt:
        stage.say(f"stopped: {player.so_far()}. What was played stays; played again, it is another crisis")
        return 130
    except Exception as failure:
        reason = said_by(failure)
        if reason is None:
            raise
        stage.say(f"{reason}. Until then: {player.so_far()}")
        return 1


def _played(stage: Stage, story: Story, player: Player) -> bool:
    began = time.monotonic()
    proof = asyncio.run(player.play())
    stage.say(f"played in {duration(time.monotonic() - began)}: {player.so_far()}")
    stage.say(f"the system asked to wait {player.ground.calls.waited} times")
    is_sound = _say_proof(stage, story, proof) & _say_check(stage)
    stage.say(f"the end. The board: {player.ground.board}")
    return is_sound


def _say_proof(stage: Stage, story: Story, proof: Proof) -> bool:
    stage.say(f"allocations: {_counted(proof.states)}")
    stage.say(f"need lines: {_counted(proof.labels)}")
    if proof.is_equal:
        stage.say(f"the board shows what the ledger holds, {proof.lines:,} lines, both {proof.board[:16]}")
    else:
        stage.say(f"the board differs: {proof.board[:16]} is not {proof.ledger[:16]} of the ledger")
        stage.say(f"{len(proof.differing)} lines differ, such as {', '.join(proof.differing[:3])}")
    return proof.is_equal and proof.lines == story.lines


def _say_check(stage: Stage) -> bool:
    checked = check_ledger(State.of_this_checkout())
    if checked is None:
        stage.say("the ledger was not checked: its database is not run by this checkout")
        return True
    if checked.broken:
        stage.say("the ledger's check found:\n" + "\n".join(checked.broken))
    else:
        stage.say(f"the ledger is sound: {checked.holding} invariants proved on its database")
    return not checked.broken


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{number:,} {what.lower()}" for what, number in counts.most_common())
