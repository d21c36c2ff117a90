"""Plays the large story as fast as the system takes it, wave after wave; only the clocks are waited for."""

import httpx

from imece_local.demo.calls import Calls, Stage
from imece_local.demo.large.ground import AT_ONCE, Ground
from imece_local.demo.large.opening import open_crisis, open_needs, register_all
from imece_local.demo.large.promising import answer_all, promise, take_back
from imece_local.demo.large.proof import Proof, prove
from imece_local.demo.large.silence import fall_silent, stop_goods, wait_for_clocks
from imece_local.demo.large.story import Story
from imece_local.demo.progress import Progress


class Player:
    """One run of one story. `ground` says at any moment what was done, also after it was stopped."""

    def __init__(self, stage: Stage, story: Story, progress: Progress) -> None:
        self._stage, self._story = stage, story
        limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
        self._client = httpx.AsyncClient(timeout=60, limits=limits, trust_env=False)
        self.ground = Ground(stage, Calls(self._client, stage.run), progress)

    async def play(self) -> Proof:
        """Everything, and what the comparison at its end found. Raises DemoFailed."""
        ground, story = self.ground, self._story
        async with self._client:
            await register_all(ground, story)
            await open_crisis(ground, story)
            await open_needs(ground, [need for need in story.needs if not need.is_quiet])
            first = await promise(ground, "promises made", story.first)
            await answer_all(ground, first)
            waiting = await promise(ground, "promises made for full lines", story.waiting)
            await take_back(ground, first, waiting)
            silent = await fall_silent(ground, story)
            await stop_goods(ground, story)
            await wait_for_clocks(ground, story, silent)
            return await prove(ground)

    def so_far(self) -> str:
        """What was done until now, and how far the course that runs has come."""
        told = [f"{number:,} {what}" for what, number in self.ground.counts.items()]
        running = [self.ground.progress.line()] if self.ground.progress.what else []
        return "; ".join([", ".join(told) or "nothing was played", *running])
