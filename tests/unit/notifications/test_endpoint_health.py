"""One endpoint's failures cost itself: pause, probe, and in the end the switch."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.domain.endpoints import OUR_OWN_FAULTS, Health, after_attempt
from notifications.domain.outcomes import Accepted, Permanent, Temporary, Unknown

NOW = datetime(2026, 2, 6, 4, 17, tzinfo=UTC)
FAILED = Temporary("http_500")


def test_five_failures_in_a_row_pause_the_endpoint_for_a_minute() -> None:
    health = Health()
    for _ in range(4):
        health = after_attempt(health, FAILED, NOW)
    assert health.paused_until is None
    assert after_attempt(health, FAILED, NOW).paused_until == NOW + timedelta(seconds=60)


def test_a_success_forgets_every_failure() -> None:
    failing = Health(failing_since=NOW - timedelta(hours=100), failures_in_row=9, paused_until=NOW)
    assert after_attempt(failing, Accepted("http_200"), NOW) == Health()


def test_120_hours_of_failure_switch_the_endpoint_off() -> None:
    almost = Health(failing_since=NOW - timedelta(hours=119, minutes=59), failures_in_row=12)
    assert after_attempt(almost, FAILED, NOW).disabled_reason is None
    enough = Health(failing_since=NOW - timedelta(hours=120), failures_in_row=12)
    assert after_attempt(enough, FAILED, NOW).disabled_reason == "failing"


@pytest.mark.parametrize("code", sorted(OUR_OWN_FAULTS))
def test_our_own_faults_are_never_blamed_on_the_endpoint(code: str) -> None:
    failing = Health(failing_since=NOW - timedelta(hours=200), failures_in_row=4)
    for outcome in (Temporary(code), Unknown(code), Permanent(code)):
        assert after_attempt(failing, outcome, NOW) == failing


def test_gone_switches_the_endpoint_off_at_once() -> None:
    assert after_attempt(Health(), Permanent("http_410", is_gone=True), NOW).disabled_reason == "gone"


def test_slow_down_pauses_the_whole_lane_as_long_as_asked() -> None:
    asked = Temporary("http_429", retry_after=timedelta(seconds=120), slow_down=True)
    assert after_attempt(Health(), asked, NOW).paused_until == NOW + timedelta(seconds=120)


def test_slow_down_never_pauses_for_more_than_a_day() -> None:
    asked = Temporary("http_503", retry_after=timedelta(days=400), slow_down=True)
    assert after_attempt(Health(), asked, NOW).paused_until == NOW + timedelta(hours=24)
