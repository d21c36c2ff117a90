"""Every acceptance scenario has a test that bears its number, or stands here with the reason why not."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
SCENARIOS = frozenset(range(1, 47))
NAMED = re.compile(r"def test_a(\d+)_\w+")

MISSING = {
    11: "a divert in transit: consignments and diversion are not built yet",
    13: "a receipt in three figures: receipts are not built yet",
    14: "a receipt that does not add up: receipts are not built yet",
    15: "the recipient code: receipts are not built yet",
    17: "a drill of a full day: nothing plays a day yet; tables and topics keep drills apart",
    25: "a service day without receipt: rate kinds are not built yet",
    26: "a team booked twice: assets and bookings are not built yet",
    27: "a loan that is due back: loans are not built yet",
    28: "goods recalled in transit: returns are not built yet",
    30: "a public cash appeal: cash is not built yet",
    31: "a cash pledge that was paid: cash is not built yet",
    32: "one flow in two exports: cash is not built yet",
    36: "a person erased elsewhere: the scan of tables stands (I18), the erasure is not played yet",
}
"""Scenarios without a test of their own, and why."""


def test_every_scenario_has_a_test_that_bears_its_number_or_a_reason():
    named = {int(number) for text in _sources() for number in NAMED.findall(text)}
    assert named <= SCENARIOS
    assert SCENARIOS - named == set(MISSING), "listed as missing, or missing without being listed"


def _sources() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py") if path != Path(__file__)]
