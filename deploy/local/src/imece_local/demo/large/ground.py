"""What all waves of the large story share: where it is played, what exists by now, how far it has come."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from imece_local.demo.calls import Answer, Calls, Stage
from imece_local.demo.cast import Registered
from imece_local.demo.large.story import Promise
from imece_local.demo.progress import Progress

AT_ONCE = 8

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Made:
    """A promise as the system took it."""

    promise: Promise
    allocation_id: str
    state: str


@dataclass
class Ground:
    """`cast`, `needs` and `lines` are what the story's names became; `counts` what was done."""

    stage: Stage
    calls: Calls
    progress: Progress
    crisis: Answer = field(default_factory=dict[str, Any])
    cast: dict[str, Registered] = field(default_factory=dict[str, Registered])
    needs: dict[str, str] = field(default_factory=dict[str, str])
    lines: dict[str, str] = field(default_factory=dict[str, str])
    counts: Counter[str] = field(default_factory=Counter[str])

    async def as_secretariat(self, path: str, ref: str, body: Answer, allow: Collection[int] = ()) -> Answer:
        """One command of the secretariat in the crisis service. Raises DemoFailed."""
        return await self.calls.post(
            f"{self.stage.crisis}{path}", self.stage.secretariat_key, ref, body, allow
        )

    async def as_organisation(
        self, organisation: str, path: str, ref: str, body: Answer, allow: Collection[int] = ()
    ) -> Answer:
        """One command of an organisation of the story. Raises DemoFailed."""
        return await self.calls.post(
            f"{self.stage.crisis}{path}", self.cast[organisation].key, ref, body, allow
        )

    async def listed(self, what: str, **query: str) -> list[Answer]:
        """Every item of a list of the crisis, as the secretariat sees it. Raises DemoFailed."""
        return await self.calls.all(
            f"{self.stage.crisis}{self.here}/{what}", self.stage.secretariat_key, **query
        )

    @property
    def here(self) -> str:
        """The path of the crisis."""
        return f"/crises/{self.crisis['crisis_id']}"

    @property
    def board(self) -> str:
        """The address of its board."""
        return f"{self.stage.crisis}/c/{self.crisis['crisis_no']}"

    async def each(
        self,
        what: str,
        items: Sequence[T],
        act: Callable[[T], Awaitable[None]],
        weight: Callable[[T], int] = lambda item: 1,
    ) -> None:
        """Do it for all of them, AT_ONCE at a time, and show how far it has come in steps of their weight."""
        self.progress.begin(what, sum(weight(item) for item in items))
        todo = iter(items)

        async def work() -> None:
            for item in todo:
                await act(item)
                self.progress.step(weight(item))

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(work())
        self.progress.end()
