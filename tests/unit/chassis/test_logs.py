"""Log lines: one JSON object per event, no secret, no way for a caller to write a line of his own."""

import io
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imece_chassis import context
from imece_chassis.access import keys
from imece_chassis.telemetry.logs import JsonLines, configure, get_logger, log


def lines(level: str = "INFO", *, shows_exception_text: bool = False):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines("service", "api", shows_exception_text=shows_exception_text))
    logger = logging.Logger("test.logs", level)  # noqa: LOG001 - nobody else shall see it
    logger.addHandler(handler)
    return logger, lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_has_time_level_service_role_and_its_fields() -> None:
    logger, seen = lines()
    trace = context.new_traceparent()
    with context.bind(request_id="req-1", traceparent=trace):
        log(logger, logging.WARNING, "lane_lost", lane=3, ratio=0.5)
    (line,) = seen()
    assert line["ts"].endswith("Z") and len(line["ts"]) == 24
    assert {**line, "ts": ""} == {
        "ts": "",
        "level": "warning",
        "service": "service",
        "role": "api",
        "logger": "test.logs",
        "event": "lane_lost",
        "request_id": "req-1",
        "trace_id": trace[3:35],
        "lane": 3,
        "ratio": 0.5,
    }


def test_fields_of_plain_logging_calls_are_shown_and_own_members_cannot_be_overwritten() -> None:
    logger, seen = lines()
    logger.info("sent %d", 3, extra={"channel": "mail", "level": "fake", "service": "fake"})
    (line,) = seen()
    assert (line["event"], line["channel"], line["level"], line["service"]) == (
        "sent 3",
        "mail",
        "info",
        "service",
    )


@given(st.text())
def test_no_text_can_start_a_line_or_leave_ascii(text: str) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines("service", "api"))
    logger = logging.Logger("test.injection", "INFO")  # noqa: LOG001
    logger.addHandler(handler)
    log(logger, logging.INFO, "seen", text=text)
    written = stream.getvalue()
    assert written.isascii() and written.count("\n") == 1 and len(written.splitlines()) == 1
    json.loads(written)


@pytest.mark.parametrize(
    "secret",
    [
        keys.new_key(live=True),
        keys.new_key(live=False),
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "Bearer abcdefghijklmnop",
        "postgresql://role:s3cr3tpassword@127.0.0.1:5432/db",
    ],
)
def test_secrets_are_struck_out_wherever_they_appear(secret: str) -> None:
    logger, seen = lines(shows_exception_text=True)
    log(logger, logging.INFO, "seen", nested={"list": [f"x {secret} y"]})
    try:
        raise RuntimeError(f"cannot use {secret}")
    except RuntimeError:
        logger.exception("failed with %s", secret)
    text = json.dumps(seen())
    assert secret not in text and "s3cr3tpassword" not in text
    assert text.count("[redacted]") == 3


def test_an_exception_is_named_with_its_frames_and_its_text_only_in_development() -> None:
    for shows in (False, True):
        logger, seen = lines(shows_exception_text=shows)
        try:
            try:
                raise ValueError("inner: Ayşe")
            except ValueError as cause:
                raise RuntimeError("outer: Ayşe") from cause
        except RuntimeError:
            logger.exception("failed")
        (line,) = seen()
        assert line["exception"]["type"] == "builtins.RuntimeError"
        assert line["exception"]["cause"] == "builtins.ValueError"
        assert any("test_logs.py" in frame for frame in line["exception"]["frames"])
        assert ("Ayşe" in json.dumps(line, ensure_ascii=False)) is shows


def test_the_state_code_of_a_database_error_is_kept() -> None:
    class Refused(Exception):
        sqlstate = "23505"

    logger, seen = lines()
    try:
        raise Refused("Key (address)=(someone) already exists")
    except Refused:
        logger.exception("failed")
    (line,) = seen()
    assert line["exception"]["sqlstate"] == "23505" and "someone" not in json.dumps(line)


def test_configuring_sends_the_whole_process_to_one_stream() -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    stream = io.StringIO()
    try:
        configure("service", "relay", "WARNING", stream=stream, shows_exception_text=False)
        get_logger("somewhere.else").warning("seen")
        get_logger("somewhere.else").info("unseen")
        get_logger("uvicorn.access").warning("unseen")
        get_logger("httpx").info("unseen")
    finally:
        root.setLevel(before[0])
        root.handlers[:] = before[1]
        get_logger("uvicorn.access").propagate = True
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["seen"]


def test_the_exceptions_of_a_group_are_shown_with_it() -> None:
    logger, seen = lines()
    try:
        raise ExceptionGroup("two tasks", [ValueError("one"), KeyError("two")])
    except ExceptionGroup as group:
        logger.error("crashed", exc_info=group)
    (line,) = seen()
    assert [each["type"] for each in line["exception"]["exceptions"]] == [
        "builtins.ValueError",
        "builtins.KeyError",
    ]


def test_what_the_fast_encoder_cannot_write_is_written_all_the_same() -> None:
    logger, seen = lines()
    log(logger, logging.INFO, "seen", half="\ud800", large=2**70, place="Şanlıurfa")
    (line,) = seen()
    assert (line["half"], line["large"], line["place"]) == ("\ud800", 2**70, "Şanlıurfa")
