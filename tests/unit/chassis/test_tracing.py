"""W3C trace context: valid headers continue the story, everything else starts a new one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imece_chassis import context
from imece_chassis.telemetry.tracing import incoming

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize(
    "header", [f"00-{TRACE}-{SPAN}-01", f"00-{TRACE}-{SPAN}-00", f"01-{TRACE}-{SPAN}-01-later"]
)
def test_a_valid_header_continues_its_trace_in_a_span_of_our_own(header: str) -> None:
    ours = incoming(header)
    assert context.is_traceparent(ours)
    assert ours[3:35] == TRACE and SPAN not in ours
    assert ours.endswith("-01"), "sampling is ours"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "x",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-01-more",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-0g",
        f" 00-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01\n",
    ],
)
def test_a_malformed_header_starts_a_new_trace(header: str | None) -> None:
    ours = incoming(header)
    assert context.is_traceparent(ours) and ours[3:35] != TRACE


@given(st.text())
def test_no_header_breaks_it(header: str) -> None:
    assert context.is_traceparent(incoming(header))


def test_two_new_traces_differ() -> None:
    assert incoming(None)[3:35] != incoming(None)[3:35]
