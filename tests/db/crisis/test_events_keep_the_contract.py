"""Payloads are written by hand for speed; here they are held against the models byte by byte."""

import json
from uuid import UUID

import pytest

from crisis.domain.answers import Rest
from imece_contracts.event import EventData, encode
from imece_contracts.topics import LINES, TOPICS
from tests.db.crisis.bundling import tell_bundles
from tests.db.crisis.correcting import tell_corrections
from tests.db.crisis.telling_desks import tell_desks
from tests.db.crisis.telling_needs import tell_needs
from tests.db.crisis.telling_offers import tell_offers
from tests.db.crisis.telling_on_behalf import tell_on_behalf
from tests.db.crisis.telling_quantities import tell_quantities
from tests.db.crisis.telling_queue import tell_queue
from tests.db.crisis.telling_terms import tell_terms
from tests.db.crisis.test_one_pledge import body, events, open_line
from tests.db.crisis.test_silence import ROWS, worker
from tests.db.crisis.world import World, caller


async def tell_pledges(world: World) -> None:
    """From a pledge to each of its first ends."""
    crisis_id, line = await open_line(world, "100")
    ids = [
        UUID(body(await world.pledge(crisis_id, line, "30", ready_within_minutes=360))["allocation_id"])
        for _ in range(5)
    ]
    await world.decline(ids[0])
    await world.withdraw(ids[1])
    await world.accept(ids[2], "20", Rest.DECLINE)
    held = await world.accept(ids[3])
    await world.withdraw(held.rows[0].allocation_id)
    await world.pledge(crisis_id, line, "80")
    filled = UUID(body(await world.pledge(crisis_id, line, "80", by=caller("pledger")))["allocation_id"])
    await world.accept(filled)
    await world.pledge(crisis_id, line, "5")
    while await worker(world, *ROWS).run_once():
        continue


STORIES = (
    tell_pledges,
    tell_needs,
    tell_terms,
    tell_desks,
    tell_offers,
    tell_quantities,
    tell_queue,
    tell_corrections,
    tell_bundles,
    tell_on_behalf,
)
"""What is played for `story`; together they tell every event type of the service."""


@pytest.fixture
async def story(world: World):
    """Every event type of the service at least once; (envelope, parsed payload) in commit order."""
    for tell in STORIES:
        await tell(world)
    return await events(world)


async def test_every_event_is_exactly_what_its_model_would_have_written(
    story: list[tuple[object, EventData]],
):
    for envelope, data in story:
        assert json.loads(envelope.data) == json.loads(encode(data)), envelope.type  # type: ignore[attr-defined]


async def test_every_type_of_this_service_was_told(story: list[tuple[object, EventData]]):
    from imece_contracts.catalogue import EVENTS

    owned = {name for name, model in EVENTS.items() if model.topic.owner == "crisis"}
    assert {type(data).type for _, data in story} == owned


async def test_every_aggregate_is_numbered_from_one_without_a_gap(story: list[tuple[object, EventData]]):
    seen: dict[tuple[str, str], int] = {}
    for envelope, _ in story:
        name = (envelope.topic, envelope.key)  # type: ignore[attr-defined]
        assert envelope.sequence == seen.get(name, 0) + 1  # type: ignore[attr-defined]
        seen[name] = envelope.sequence  # type: ignore[attr-defined]
        assert TOPICS[name[0]].owner == "crisis"
    assert max(number for (topic, _), number in seen.items() if topic == LINES.name) > 10
