"""Of what a desk promised for an organisation without access that desk's organisation is told: it answers."""

from typing import Any
from uuid import UUID

import pytest

from imece_chassis.consumer import Received
from imece_chassis.ids import uuid7
from imece_contracts.asyncapi import sample_of
from imece_contracts.crisis import (
    AllocationCountered,
    AllocationPromoted,
    AllocationReleaseRequested,
    ConditionSettled,
    ConditionStated,
)
from imece_contracts.event import EventData
from notifications.domain.kinds import Channel
from tests.notifying.events import held, on_behalf, proposed, received, reminded, withdrawn
from tests.notifying.service import consume, rows, states, subscribed

URL = "https://receiver.example/hook"
PARAMS = "SELECT params FROM notify.notices"
WAITED_FOR = "SELECT organisation_id FROM notify.clock_notices WHERE deadline_ref = $1"


def sample(model: type[EventData], crisis_id: UUID, **changes: Any) -> Received:
    """The frozen sample of an event, said in this crisis."""
    data = model.model_validate(sample_of(model)["value"])
    return received(data.model_copy(update=changes), crisis_id, "allocation/1", "1")


async def hears(db: Any, organisation: UUID) -> None:
    """It wants to hear of its own affairs and sits at no desk as far as this service knows."""
    await subscribed(db, Channel.WEBHOOK, URL, organisation_id=organisation, only_own=True, desk_role=None)


@pytest.mark.parametrize("model", [AllocationCountered, AllocationPromoted, AllocationReleaseRequested])
async def test_whoever_wrote_a_promise_hears_what_it_must_answer(
    notifications_db: Any, model: type[EventData]
) -> None:
    writer, bystander, clock = uuid7(), uuid7(), uuid7()
    await hears(notifications_db, writer)
    await hears(notifications_db, bystander)
    asked = {"deadline_ref": clock} | ({"awaiting": "pledger"} if "awaiting" in model.model_fields else {})
    await consume(notifications_db, on_behalf(sample(model, uuid7(), **asked), writer))
    assert await states(notifications_db) == ["queued"]
    assert [row[0] for row in await rows(notifications_db, WAITED_FOR, clock)] == [writer]


async def test_a_call_for_goods_it_wrote_down_waits_for_both(notifications_db: Any) -> None:
    writer, pledger = uuid7(), uuid7()
    await hears(notifications_db, writer)
    await hears(notifications_db, pledger)
    call = on_behalf(proposed(uuid7(), pledger=pledger), writer, awaiting="pledger")
    await consume(notifications_db, call)
    waited = await rows(notifications_db, WAITED_FOR, call.data.deadline_ref)  # type: ignore[attr-defined]
    assert {row[0] for row in waited} == {writer, pledger}


async def test_an_answer_of_the_desk_is_not_waited_for_from_whoever_wrote(notifications_db: Any) -> None:
    writer = uuid7()
    await hears(notifications_db, writer)
    pledge = on_behalf(proposed(uuid7()), writer)
    await consume(notifications_db, pledge)
    assert await states(notifications_db) == ["queued"]
    assert not await rows(notifications_db, WAITED_FOR, pledge.data.deadline_ref)  # type: ignore[attr-defined]


async def test_whoever_wrote_hears_that_it_is_held_and_runs_out(notifications_db: Any) -> None:
    writer, clock = uuid7(), uuid7()
    await hears(notifications_db, writer)
    await consume(notifications_db, on_behalf(held(uuid7()), writer, deadline_ref=clock))
    late = reminded(uuid7(), holder=uuid7(), deadline=clock, milestone=80)
    await consume(notifications_db, on_behalf(late, writer))
    assert [row[0] for row in await rows(notifications_db, WAITED_FOR, clock)] == [writer, writer]


async def test_an_objection_reaches_whoever_wrote_as_what_it_is(notifications_db: Any) -> None:
    writer = uuid7()
    await hears(notifications_db, writer)
    await consume(notifications_db, on_behalf(withdrawn(uuid7()), writer, reason="objection"))
    ((told,),) = await rows(notifications_db, PARAMS)
    assert '"objection"' in told and str(writer) in told and "object_until" in told


@pytest.mark.parametrize("model", [ConditionStated, ConditionSettled])
async def test_whoever_wrote_hears_of_conditions(notifications_db: Any, model: type[EventData]) -> None:
    writer = uuid7()
    await hears(notifications_db, writer)
    await consume(notifications_db, sample(model, uuid7()))
    assert await states(notifications_db) == []
    await consume(notifications_db, sample(model, uuid7(), on_behalf_by=writer))
    assert await states(notifications_db) == ["queued"]
