"""The waves in which people fall silent, and what the clocks make of it; and the order that stops goods."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from imece_local.demo.large.ground import Ground, Made
from imece_local.demo.large.opening import change_settings, open_needs
from imece_local.demo.large.promising import promise
from imece_local.demo.large.story import Place, Story

SHORT = ("answer_minutes", "hold_minutes", "heartbeat_minutes")
"""Clocks set to one minute, the shortest a crisis may set, while the silent speak for the last time."""
URGENCIES = ("life_saving", "urgent", "normal")
CLOCKS_END_IN = 240.0
"""Seconds: the minute itself, the rounds of the worker, and some for a machine that is busy."""
LOOKS_EVERY = 2.0


async def fall_silent(ground: Ground, story: Story) -> list[Made]:
    """Needs and promises under short clocks; then the usual ones, and half of the needs are heard of."""
    usual = {name: ground.crisis["settings"][name] for name in SHORT}
    quiet = [need for need in story.needs if need.is_quiet]
    await change_settings(ground, "short-clocks", {name: dict.fromkeys(URGENCIES, 1) for name in SHORT})
    await open_needs(ground, quiet)
    silent = await promise(ground, "promises made by the silent", story.silent)
    await change_settings(ground, "usual-clocks", usual)

    async def heartbeat(need: Place) -> None:
        path = f"/needs/{ground.needs[need.ref]}/heartbeat"
        await ground.as_organisation(need.asker, path, f"{need.ref}-still", {"said": "still"})
        ground.counts["heartbeats"] += 1

    await ground.each("heartbeats", [need for need in quiet if need.is_heard], heartbeat)
    return silent


async def stop_goods(ground: Ground, story: Story) -> None:
    """A saturation order, and promises tried against it."""
    stop = story.stop
    order = {
        "crisis_id": ground.crisis["crisis_id"],
        "item_code": stop.item,
        "area": [stop.province],
        "until": (datetime.now(UTC) + timedelta(days=3)).isoformat(timespec="seconds"),
        "reason": "enough_here",
    }
    await ground.as_secretariat("/orders", "order", order)
    ground.stage.say(f"a saturation order stops {stop.item} for {stop.province}")
    await promise(ground, "promises tried against the order", story.stopped)


async def wait_for_clocks(ground: Ground, story: Story, silent: Sequence[Made]) -> None:
    """Until every unanswered promise has expired, every forgotten hold has ended and unheard needs are stale.

    What has not come to its end by CLOCKS_END_IN shows in the figures.
    """
    promises = {each.allocation_id for each in silent if each.state in ("proposed", "held")}
    needs = {ground.needs[need.ref] for need in story.needs if need.is_quiet and not need.is_heard}
    ground.progress.begin("clocks run out", len(promises) + len(needs))
    gives_up = asyncio.get_running_loop().time() + CLOCKS_END_IN
    while True:
        rows = await ground.listed("pledges", state="expired")
        rows += await ground.listed("pledges", state="hold_expired")
        stale = await ground.listed("lines", stale="true")
        ended = promises & {row["allocation_id"] for row in rows}
        unheard = needs & {row["line"]["need"] for row in stale}
        ground.progress.step(len(ended) + len(unheard) - ground.progress.done)
        if ground.progress.is_whole or asyncio.get_running_loop().time() >= gives_up:
            break
        await asyncio.sleep(LOOKS_EVERY)
    ground.counts["promises ended by silence"] = len(ended)
    ground.counts["needs gone stale"] = len(unheard)
    ground.progress.end()
