"""Playing a history: wave by wave, with a check after each; a wave is one step, or several at once."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from imece_chassis.http.problems import code_of, is_refusal
from tests.db.crisis.histories.checking import broken_at_the_end, broken_now
from tests.db.crisis.histories.choices import Choices, NothingToDo
from tests.db.crisis.histories.ground import Ground
from tests.db.crisis.histories.registry import COMMANDS

PRELUDE = ("open_crisis_", "submit", "submit", "verify", "verify")

PASSED = ""

Step = tuple[str, tuple[int, ...]]
Wave = list[Step]


class HistoryBroken(AssertionError):
    """A step left the ledger unsound or failed as no command may; the text is a script that shows it.

    `origin` says from which seed and by how many hands it was drawn.
    """

    def __init__(self, waves: Sequence[Wave], why: Sequence[str], origin: str = "") -> None:
        self.waves = list(waves)
        self.why = list(why)
        super().__init__(script_of(self.waves, self.why, origin))

    def drawn_from(self, seed: int, hands: int) -> "HistoryBroken":
        """The same, with what draws the whole history once more."""
        return HistoryBroken(self.waves, self.why, f"drawn from seed {seed} for {hands} hands")


@dataclass
class Told:
    """What came of the steps, counted."""

    done: Counter[str] = field(default_factory=Counter[str])
    refused: Counter[str] = field(default_factory=Counter[str])
    passed: Counter[str] = field(default_factory=Counter[str])


def drawn(chance: random.Random) -> str:
    """The next command's name."""
    names = list(COMMANDS)
    return chance.choices(names, [COMMANDS[name].weight for name in names])[0]


async def play_drawn(ground: Ground, seed: int, length: int, told: Told, hands: int = 1) -> list[Wave]:
    """A new history of `length` commands by that many hands at once; raises HistoryBroken."""
    chance = random.Random(seed)
    waves: list[Wave] = []
    for name in PRELUDE:
        await _wave(ground, [(name, Choices(chance=random.Random(chance.randrange(2**32))))], waves, told)
    while sum(len(wave) for wave in waves) < length:
        steps = [
            (drawn(chance), Choices(chance=random.Random(chance.randrange(2**32)))) for _ in range(hands)
        ]
        await _wave(ground, steps, waves, told)
    await _ended(ground, waves, is_scanned=seed % 10 == 1)
    return waves


async def replay(ground: Ground, waves: Sequence[Wave], told: Told | None = None) -> None:
    """The same again; raises HistoryBroken. A history of more than one hand may go another way."""
    played: list[Wave] = []
    for wave in waves:
        await _wave(ground, [(name, Choices(given=made)) for name, made in wave], played, told or Told())
    await _ended(ground, played)


async def _wave(ground: Ground, steps: list[tuple[str, Choices]], waves: list[Wave], told: Told) -> None:
    """Steps that found nothing to do are left out of the history, and the clock stands still for them."""
    before = ground.clock.instant
    ground.later()
    why = await asyncio.gather(*(_step(ground, name, choices, told) for name, choices in steps))
    acted = [step for step, reason in zip(steps, why, strict=True) if reason is not PASSED]
    if not acted:
        ground.clock.instant = before
        return
    waves.append([(name, tuple(choices.made)) for name, choices in acted])
    broken = [reason for reason in why if reason] or await broken_now(ground.database, ground.clock.now())
    if broken:
        raise HistoryBroken(waves, broken)


async def _step(ground: Ground, name: str, choices: Choices, told: Told) -> str | None:
    """None, PASSED, or what no command may do."""
    try:
        await COMMANDS[name].play(ground, choices)
    except NothingToDo:
        told.passed[name] += 1
        return PASSED
    except Exception as error:  # noqa: BLE001 - whatever is not a refusal is what we look for
        if not is_refusal(error) or getattr(error, "status", 0) >= 500:
            return f"{name}: {type(error).__name__}: {error}"
        told.refused[f"{name}: {code_of(error)}"] += 1
    else:
        told.done[name] += 1
    return None


async def _ended(ground: Ground, waves: Sequence[Wave], *, is_scanned: bool = True) -> None:
    broken = await broken_at_the_end(ground.database, is_scanned=is_scanned)
    if broken:
        raise HistoryBroken(waves, broken)


def script_of(waves: Sequence[Wave], why: Sequence[str], origin: str = "") -> str:
    """A Python script that plays the same waves again, with as many hands, on a database of its own."""
    if origin:
        why = [origin, *why]
    if any(len(wave) > 1 for wave in waves):
        why = ["steps of one wave are played at once: it may go another way, run it more than once", *why]
    reasons = "\n".join(f"# {line}" for reason in why[:12] for line in reason.splitlines())
    lines = "\n".join(f"    {wave!r}," for wave in waves)
    return (
        f"the ledger broke after {sum(len(wave) for wave in waves)} commands; to see it again, run this:\n\n"
        f"{reasons}\n"
        "from tests.db.crisis.histories.again import play_again\n\n"
        f"play_again([\n{lines}\n])\n"
    )
