"""A call from the waiting list and a reminder of a hold reach the parties, with what they must act on."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from imece_contracts.asyncapi import sample_of
from imece_contracts.catalogue import EVENTS, parse
from imece_contracts.envelope import from_record
from notifications.domain.audience import Fact
from notifications.domain.kinds import BETWEEN_PARTIES, NoticeClass, class_of
from notifications.events import fact_of


def told(kind: str) -> tuple[dict[str, Any], Fact | None]:
    """The sample of the event in the contracts, and the fact that is made of it."""
    model = EVENTS[f"crisis.{kind}"]
    sample = sample_of(model)
    headers = [(name, text.encode()) for name, text in sample["headers"].items()]
    value = sample["value"]
    envelope = from_record(model.topic.name, sample["key"].encode(), json.dumps(value).encode(), headers)
    return value, fact_of(envelope, parse(envelope))


@pytest.mark.parametrize(
    "kind",
    [
        "allocation.promoted",
        "allocation.reminder_due",
        "allocation.countered",
        "allocation.release_requested",
    ],
)
def test_the_event_becomes_a_fact_for_both_parties(kind: str):
    value, fact = told(kind)
    assert fact is not None
    assert fact.kind == kind
    assert {str(org) for org in fact.parties} == {value["pledger_org"], value["asker_org"]}
    due = "lease_until" if kind == "allocation.reminder_due" else "answer_by"
    assert datetime.fromisoformat(str(fact.params[due])).astimezone(UTC) == datetime.fromisoformat(value[due])
    assert fact.params["deadline_ref"] == value["deadline_ref"]
    assert kind in BETWEEN_PARTIES


@pytest.mark.parametrize("kind", ["waiver.requested", "waiver.settled"])
def test_a_question_about_an_earmark_is_for_the_pledger_and_the_desk_that_asked(kind: str):
    value, fact = told(kind)
    assert fact is not None and fact.kind == kind and kind in BETWEEN_PARTIES
    assert {str(org) for org in fact.parties} == {value["pledger_org"], value["asked_by_org"]}
    assert (str(fact.thread), fact.plate, fact.urgency) == (value["need"], "44", "urgent")
    if kind == "waiver.settled":
        assert fact.clock is None and fact.params["outcome"] == "granted"
    else:
        assert fact.clock is not None and str(fact.clock.organisation_id) == value["pledger_org"]
        assert str(fact.clock.deadline_ref) == value["deadline_ref"]


@pytest.mark.parametrize("kind", ["condition.stated", "condition.settled"])
def test_a_condition_is_told_to_both_parties_and_its_date_waits_for_neither(kind: str):
    value, fact = told(kind)
    assert fact is not None and fact.kind == kind and kind in BETWEEN_PARTIES and fact.clock is None
    assert {str(org) for org in fact.parties} == {value["pledger_org"], value["asker_org"]}
    assert (fact.params["condition"], fact.plate) == ("substitute_agreed", "31")
    assert fact.params.get("outcome") == value.get("outcome")


def test_a_life_saving_call_is_for_now():
    assert class_of("allocation.promoted", "life_saving") is NoticeClass.ACT_NOW
    assert class_of("allocation.reminder_due", "urgent") is NoticeClass.ACT_TODAY
