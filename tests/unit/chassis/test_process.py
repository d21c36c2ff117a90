"""Settings, ids, clocks, contexts, failpoints and roles: what a process is made of."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import Field
from starlette.applications import Starlette

from imece_chassis import context, failpoints
from imece_chassis.clock import FixedClock, SystemClock
from imece_chassis.ids import lower_bound, uuid7
from imece_chassis.operations import OperationsApp
from imece_chassis.runtime import beside, quiet_at_start, run_roles
from imece_chassis.settings import DEVELOPMENT_PEPPER, ServiceSettings, load_settings
from tests.waiting import wait_until

NAMES = (
    "cmd.before_commit", "cmd.commit_unknown", "cmd.after_commit", "cmd.outbox_error", "relay.before_publish",
    "relay.after_publish", "relay.lock_lost", "consume.before_commit", "consume.after_commit",
    "timer.after_claim", "migrate.step",
)  # fmt: skip


class Settings(ServiceSettings):
    database_url: str = Field(validation_alias="DATABASE_URL_TEST_SERVICE", repr=False, pattern=r"^postgres")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("IMECE_ENV", "API_KEY_PEPPER", "FP", "OPS_PORT", "KAFKA_BOOTSTRAP", "LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL_TEST_SERVICE", "postgresql://somebody:secret@localhost/x")
    return monkeypatch


def test_settings_come_from_the_environment_and_hide_secrets(environment: pytest.MonkeyPatch) -> None:
    settings = load_settings(Settings)
    assert settings.database_url.endswith("/x")
    assert "secret" not in repr(settings) and DEVELOPMENT_PEPPER not in repr(settings)


def test_the_age_that_refuses_every_key_is_a_day_unless_the_operator_says_otherwise(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load_settings(Settings).credentials_refused_after_minutes == 1440
    environment.setenv("CREDENTIALS_REFUSED_AFTER_MINUTES", "90")
    assert load_settings(Settings).credentials_refused_after_minutes == 90
    environment.setenv("CREDENTIALS_REFUSED_AFTER_MINUTES", "0")
    with pytest.raises(SystemExit):
        load_settings(Settings)
    assert "CREDENTIALS_REFUSED_AFTER_MINUTES: " in capsys.readouterr().err


def test_each_wrong_variable_is_named_with_its_rule_and_never_with_its_value(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("DATABASE_URL_TEST_SERVICE", "mysql://hidden")
    environment.setenv("OPS_PORT", "99999")
    with pytest.raises(SystemExit) as stopped:
        load_settings(Settings)
    said = capsys.readouterr().err
    assert stopped.value.code == 2
    assert "DATABASE_URL_TEST_SERVICE: " in said and "OPS_PORT: " in said
    assert "hidden" not in said and "99999" not in said


@pytest.mark.parametrize(
    ("name", "value"), [("API_KEY_PEPPER", DEVELOPMENT_PEPPER), ("FP", "cmd.before_commit:crash")]
)
def test_production_refuses_development_values(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    environment.setenv("API_KEY_PEPPER", "p" * 40)
    environment.setenv("IMECE_ENV", "production")
    load_settings(Settings)
    environment.setenv(name, value)
    with pytest.raises(SystemExit):
        load_settings(Settings)
    assert name in capsys.readouterr().err


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "imece.example"])
def test_only_production_serves_others_than_this_machine(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], host: str
) -> None:
    environment.setenv("HTTP_HOST", host)
    with pytest.raises(SystemExit):
        load_settings(Settings)
    assert "IMECE_ENV" in capsys.readouterr().err
    environment.setenv("API_KEY_PEPPER", "p" * 40)
    environment.setenv("IMECE_ENV", "production")
    assert load_settings(Settings).http_host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_development_serves_this_machine(environment: pytest.MonkeyPatch, host: str) -> None:
    environment.setenv("HTTP_HOST", host)
    assert load_settings(Settings).http_host == host


def test_ids_are_version_7_and_strictly_increase_by_the_thousand() -> None:
    ids = [uuid7() for _ in range(20_000)]
    assert ids == sorted(set(ids))
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}
    milliseconds = int(SystemClock().now().timestamp() * 1000)
    assert lower_bound(milliseconds - 60_000) < ids[0] < lower_bound(milliseconds + 60_000)


def test_a_fixed_clock_moves_only_when_told() -> None:
    clock = FixedClock(datetime(2026, 2, 6, tzinfo=UTC))
    assert clock.advance(timedelta(hours=1)) == clock.now() == datetime(2026, 2, 6, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="aware"):
        FixedClock(datetime(2026, 2, 6))  # noqa: DTZ001


def test_a_story_keeps_its_trace_and_every_step_has_its_own_span() -> None:
    start = context.new_traceparent()
    child = context.child_traceparent(start)
    assert context.is_traceparent(child) and child[:36] == start[:36] and child != start
    assert context.is_traceparent(context.child_traceparent("00-nonsense"))
    with context.bind(request_id="r", traceparent=child):
        assert (context.request_id(), context.traceparent(), context.trace_id()) == ("r", child, start[3:35])
    assert context.request_id() is None


def test_a_failpoint_fires_at_its_rate_and_never_in_production() -> None:
    failpoints.failpoint("cmd.before_commit")
    with failpoints.armed("cmd.before_commit:error@#3;timer.after_claim:error(ValueError)"):
        failpoints.failpoint("cmd.before_commit")
        failpoints.failpoint("cmd.before_commit")
        with pytest.raises(failpoints.FailpointError):
            failpoints.failpoint("cmd.before_commit")
        with pytest.raises(ValueError, match="after_claim"):
            failpoints.failpoint("timer.after_claim")
        assert failpoints.hits("cmd.before_commit") == 3
    with pytest.raises(RuntimeError):
        failpoints.arm("cmd.before_commit:error", env="production")
    with pytest.raises(failpoints.FailpointSyntax):
        failpoints.arm("nonsense")


def test_every_failpoint_of_the_design_is_in_the_code_exactly_once() -> None:
    source = Path(failpoints.__file__).parent
    text = "\n".join(path.read_text() for path in source.rglob("*.py"))
    assert {name: text.count(f'failpoint("{name}")') for name in NAMES} == dict.fromkeys(NAMES, 1)


class Flaky:
    """Crashes twice, then works."""

    name = "flaky"
    starts = 0
    is_stopped = False

    async def run(self, stop: asyncio.Event) -> None:
        self.starts += 1
        if self.starts < 3:
            raise ValueError
        await stop.wait()
        self.is_stopped = True


class Stubborn:
    """Does not stop when asked."""

    name = "stubborn"

    def __init__(self) -> None:
        self.is_running = False

    async def run(self, stop: asyncio.Event) -> None:
        self.is_running = True
        await asyncio.Event().wait()


async def test_a_crashed_role_starts_again_and_stops_when_told() -> None:
    role, stop = Flaky(), asyncio.Event()
    running = asyncio.create_task(run_roles([role], stop=stop, first_pause=0.01))
    await wait_until(lambda: role.starts == 3)
    stop.set()
    assert await running == 0


async def test_a_role_beside_an_application_is_kept_alive_and_stopped_with_it() -> None:
    role = Flaky()
    async with beside(role, first_pause=0.01):
        await wait_until(lambda: role.starts == 3)
    assert role.is_stopped


async def test_a_role_beside_an_application_cannot_hold_up_its_end() -> None:
    role = Stubborn()
    async with beside(role, grace_seconds=0.05):
        await wait_until(lambda: role.is_running)
    assert "stubborn" not in {task.get_name() for task in asyncio.all_tasks()}


async def test_a_role_that_does_not_stop_is_cancelled_and_the_process_says_so() -> None:
    role, stop = Stubborn(), asyncio.Event()
    running = asyncio.create_task(run_roles([role], stop=stop, grace_seconds=0.05))
    await wait_until(lambda: role.is_running)
    stop.set()
    assert await running == 1


async def test_an_application_that_cannot_be_opened_says_so_without_the_text_of_its_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        raise ValueError("password of somebody")
        yield

    told: list[Any] = []

    async def receive() -> Any:
        return {"type": "lifespan.startup"}

    async def send(message: Any) -> None:
        told.append(message)

    with pytest.raises(ValueError, match="password"):
        await quiet_at_start(Starlette(lifespan=lifespan))({"type": "lifespan"}, receive, send)
    assert told == [{"type": "lifespan.startup.failed"}]
    assert [record.getMessage() for record in caplog.records] == ["application_not_opened"]


async def test_the_operations_app_answers_three_questions() -> None:
    async def fails() -> None:
        raise ConnectionError

    async def ask(path: str, **checks: Any) -> tuple[int, bytes]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        await OperationsApp(checks)({"type": "http", "path": path, "headers": []}, None, send)
        return sent[0]["status"], sent[1]["body"]

    assert await ask("/livez") == (200, b"alive\n")
    assert await ask("/readyz", database=fails) == (503, b"not ready: database\n")
    assert (await ask("/metrics"))[1].count(b"role_restarts_total") >= 1
    assert (await ask("/secrets"))[0] == 404
