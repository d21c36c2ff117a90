"""Every decision of a history is a whole number, so that it can be written down, cut and played again."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")
LARGEST = 10_000


class NothingToDo(Exception):
    """A command found nothing it could be given to; the step passes."""


@dataclass
class Choices:
    """Numbers given, then drawn; without a source of chance every further one is 0."""

    given: Sequence[int] = ()
    chance: random.Random | None = None
    made: list[int] = field(default_factory=list[int])

    def number(self) -> int:
        """The next decision."""
        place = len(self.made)
        if place < len(self.given):
            made = self.given[place]
        else:
            made = self.chance.randrange(LARGEST) if self.chance else 0
        self.made.append(made)
        return made

    def one(self, among: Sequence[T]) -> T:
        """One of them; raises NothingToDo for none."""
        if not among:
            raise NothingToDo
        return among[self.number() % len(among)]

    def mostly(self, usual: T, *others: T) -> T:
        """The usual one seven times in eight."""
        return usual if not others or self.number() % 8 else self.one(others)

    def size(self, most: int) -> int:
        """Between 1 and `most`."""
        return 1 + self.number() % most
