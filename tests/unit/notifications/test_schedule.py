"""Retries follow the published schedules and never end silently."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.domain.kinds import Channel
from notifications.domain.lifecycle import State, after_attempt
from notifications.domain.outcomes import Accepted, Outcome, Permanent, Temporary, Unknown
from notifications.domain.schedule import MAIL, WEBHOOK, next_due

NOW = datetime(2026, 2, 6, 4, 17, tzinfo=UTC)


def dues(channel: Channel, outcome: Outcome, *, jitter: float = 0.0) -> list[timedelta]:
    """Waits until the delivery ends, when every attempt comes to the same."""
    waits: list[timedelta] = []
    for tried in range(1, 1000):
        step = after_attempt(channel, tried, outcome, NOW, jitter=jitter)
        if step.state is not State.QUEUED:
            assert step.state is State.DEAD_LETTERED and step.exhausted_by == "attempts"
            return waits
        assert step.due_at is not None
        waits.append(step.due_at - NOW)
    raise AssertionError("it never ended")


def test_a_webhook_is_tried_ten_times_over_75_hours_and_35_minutes() -> None:
    waits = dues(Channel.WEBHOOK, Temporary("http_500"))
    assert waits[:4] == [
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
    ]
    assert len(waits) + 1 == WEBHOOK.attempts == 10
    assert sum(waits, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)


def test_a_mail_is_retried_at_once_and_then_every_five_minutes_48_times() -> None:
    waits = dues(Channel.MAIL, Temporary("smtp_451"))
    assert waits[0] == timedelta(0)
    assert set(waits[1:]) == {timedelta(minutes=5)}
    assert len(waits) == 48 and MAIL.attempts == 49


@pytest.mark.parametrize("outcome", [Temporary("x"), Unknown("y")])
def test_an_unknown_outcome_is_retried_like_a_failure(outcome: Outcome) -> None:
    assert len(dues(Channel.WEBHOOK, outcome)) == 9


@pytest.mark.parametrize(("jitter", "expected"), [(-1.0, 270.0), (0.0, 300.0), (1.0, 330.0), (9.0, 330.0)])
def test_jitter_moves_a_gap_by_at_most_a_tenth(jitter: float, expected: float) -> None:
    due = next_due(WEBHOOK, 2, NOW, jitter=jitter)
    assert due is not None and (due - NOW).total_seconds() == pytest.approx(expected)


def test_a_longer_wish_of_the_receiver_is_honoured_and_a_shorter_one_is_not() -> None:
    def wait(seconds: int) -> timedelta | None:
        due = next_due(WEBHOOK, 2, NOW, jitter=0, retry_after=timedelta(seconds=seconds))
        return due - NOW if due else None

    assert wait(900) == timedelta(minutes=15)
    assert wait(1) == timedelta(minutes=5)
    assert wait(10**6) == timedelta(hours=24)


def test_permanent_failure_ends_at_once() -> None:
    step = after_attempt(Channel.MAIL, 1, Permanent("smtp_550"), NOW, jitter=0)
    assert (step.state, step.exhausted_by) == (State.DEAD_LETTERED, "permanent")


@pytest.mark.parametrize(
    ("channel", "state"), [(Channel.WEBHOOK, State.DELIVERED), (Channel.MAIL, State.HANDED_OVER)]
)
def test_acceptance_proves_only_what_the_channel_can_prove(channel: Channel, state: State) -> None:
    assert after_attempt(channel, 1, Accepted("ok"), NOW, jitter=0).state is state
