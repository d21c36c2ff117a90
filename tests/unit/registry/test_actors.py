"""How long an administrator may give rights: as long as the own right lasts, not a former or a later one."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from starlette.requests import Request

from imece_chassis import context
from imece_chassis.access.caller import Caller, Grant
from imece_chassis.clock import FixedClock
from imece_chassis.ids import uuid7
from registry.domain.acts import ORG_ADMIN
from registry.http.parts import act_of, admin_until

NOW = datetime(2026, 2, 6, 6, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOME = uuid7()


def caller(*periods: tuple[datetime | None, datetime | None]) -> Caller:
    grants = tuple(
        Grant(role=ORG_ADMIN, organisation_id=HOME, valid_from=begin, valid_until=end)
        for begin, end in periods
    )
    return Caller(
        key_id=uuid7(),
        integration_id=uuid7(),
        organisation_id=HOME,
        scopes=frozenset(),
        grants=grants,
        asked_at=NOW,
    )


def test_a_right_that_has_not_begun_does_not_prolong_the_one_that_runs() -> None:
    assert admin_until(caller((None, NOW + DAY), (NOW + DAY, NOW + 300 * DAY))) == NOW + DAY
    assert admin_until(caller((None, NOW + DAY), (NOW + DAY, None))) == NOW + DAY


def test_the_latest_of_the_rights_that_run_counts() -> None:
    assert admin_until(caller((None, NOW + DAY), (None, NOW + 2 * DAY), (None, NOW - DAY))) == NOW + 2 * DAY
    assert admin_until(caller((None, NOW + DAY), (None, None))) is None


def test_a_command_has_an_id_of_its_own_whatever_the_caller_calls_the_request() -> None:
    parts = SimpleNamespace(clock=FixedClock(NOW), new_id=uuid7)
    app = SimpleNamespace(state=SimpleNamespace(parts=parts))
    request = Request({"type": "http", "method": "POST", "path": "/grants", "headers": [], "app": app})
    chosen = uuid7()
    with context.bind(request_id=str(chosen), traceparent=context.new_traceparent()):
        ids = {act_of(request, caller((None, None))).command_id for _ in range(2)}
    assert len(ids) == 2 and not ids & {chosen, None}
