"""The commands a history is made of. One that is not here is not tested by histories: see test_histories."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.db.crisis.histories.choices import Choices
from tests.db.crisis.histories.ground import Ground

Play = Callable[[Ground, Choices], Awaitable[Any]]


@dataclass(frozen=True)
class Command:
    """A step of a history: how often it is drawn, and which audit names it may leave."""

    name: str
    weight: int
    leaves: frozenset[str]
    play: Play


COMMANDS: dict[str, Command] = {}


def command(*leaves: str, weight: int = 4) -> Callable[[Play], Play]:
    """Enter a function as a command; its name is the step's name."""

    def entered(play: Play) -> Play:
        name = play.__name__
        assert name not in COMMANDS, f"{name} is entered twice"
        COMMANDS[name] = Command(name, weight, frozenset(leaves or (name,)), play)
        return play

    return entered
