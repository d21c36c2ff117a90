"""The first waves: organisations, the crisis with its settings, needs that another organisation verifies."""

from collections.abc import Sequence

from imece_local.demo.bodies import crisis_body, need_body
from imece_local.demo.calls import Answer
from imece_local.demo.cast import register
from imece_local.demo.large.ground import Ground
from imece_local.demo.large.story import Place, Story
from imece_local.demo.scenario import Organisation

TAKEN_AT_ONCE = ("BAR",)
"""TAMP groups whose exact matches no desk has to accept."""


async def register_all(ground: Ground, story: Story) -> None:
    """Every organisation with a key of its own."""

    async def enter(organisation: Organisation) -> None:
        ground.cast[organisation.ref] = await register(ground.calls, ground.stage, organisation)

    await ground.each("organisations registered", story.organisations, enter)


async def open_crisis(ground: Ground, story: Story) -> None:
    """The crisis, and what its desks let through without looking."""
    ground.crisis = await ground.as_secretariat("/crises", "crisis", crisis_body(story.area))
    await change_settings(ground, "auto-accept", {"auto_accept": list(TAKEN_AT_ONCE)})
    ground.stage.say(f"crisis {ground.crisis['crisis_no']} is open: {ground.board}")


async def change_settings(ground: Ground, ref: str, settings: Answer) -> None:
    """A new version of the crisis' settings; clocks that run keep their time."""
    await ground.as_secretariat(f"{ground.here}/settings", ref, settings)


async def open_needs(ground: Ground, needs: Sequence[Place]) -> None:
    """Needs stated by their askers and verified by the secretariat."""

    async def state(need: Place) -> None:
        body = need_body(need.district, need.urgency, need.lines)
        stated = await ground.as_organisation(need.asker, f"{ground.here}/needs", need.ref, body)
        ground.needs[need.ref] = need_id = str(stated["need_id"])
        await ground.as_secretariat(f"/needs/{need_id}/verify", f"{need.ref}-verify", {"level": 1})
        for line, entered in zip(need.lines, stated["lines"], strict=True):
            ground.lines[line.ref] = str(entered["need_line_id"])
        ground.counts["need lines open"] += len(need.lines)

    await ground.each("need lines open", needs, state, weight=lambda need: len(need.lines))
