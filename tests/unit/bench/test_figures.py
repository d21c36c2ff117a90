"""A figure is judged by its own target, and a percentile is one of the values that were seen."""

import io
import math

import pytest

from tests.bench.figures import Figure, Report, percentile, table
from tests.bench.progress import Progress


@pytest.mark.parametrize(
    ("value", "target", "is_met"),
    [
        (50, "<= 50", True),
        (50.1, "<= 50", False),
        (0.4, ">= 0.4", True),
        (0.39, ">= 0.4", False),
        (1, "", None),
    ],
)
def test_a_target_is_met_up_to_its_bound(value: float, target: str, is_met: bool | None) -> None:
    assert Figure("x", value, "ms", target).is_met is is_met


def test_a_percentile_is_the_smallest_value_that_enough_values_do_not_exceed() -> None:
    values = [float(n) for n in range(1, 101)]
    assert percentile(values, 0.99) == 99
    assert percentile(values, 0.5) == 50
    assert percentile(values, 1.0) == 100
    assert percentile([7.0], 0.01) == 7.0


def test_the_percentile_of_nothing_is_no_number() -> None:
    assert math.isnan(percentile([], 0.5))


def test_a_report_says_each_figure_at_once_and_keeps_it_with_its_verdict() -> None:
    said: list[str] = []
    report = Report({"cores": 2}, say=said.append)
    report.add(Figure("p99", 61.26, "ms", "<= 60", "of 3"))
    assert "61.3" in said[0]
    assert "MISSED" in said[0]
    assert report.as_json() == {
        "machine": {"cores": 2},
        "disturbed": {},
        "figures": [
            {"name": "p99", "value": 61.26, "unit": "ms", "target": "<= 60", "note": "of 3", "is_met": False}
        ],
    }
    assert table(report).splitlines()[-1] == "| p99 | 61.3 | ms | <= 60 | **missed** of 3 |"


async def test_progress_names_the_part_and_counts_what_is_left() -> None:
    out = io.StringIO()
    progress = Progress([("floor", 10.0), ("board", 40.0)], out)
    async with progress.part():
        pass
    async with progress.part():
        pass
    said = out.getvalue().splitlines()
    assert said[0] == "[1/2] floor, about 50 s left"
    assert said[1].startswith("[1/2] floor: 0.")
    assert said[2] == "[2/2] board, about 40 s left"
