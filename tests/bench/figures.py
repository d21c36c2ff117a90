"""What a measurement is: a name, a value with its unit, the target, and whether the target was met."""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `target` reads "<= 50" or ">= 0.4"; empty means shown for information."""

    name: str
    value: float
    unit: str
    target: str = ""
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """None where there is no target."""
        if not self.target:
            return None
        sign, bound = self.target.split()
        return self.value <= float(bound) if sign == "<=" else self.value >= float(bound)


@dataclass
class Report:
    """Figures in the order they were taken."""

    machine: dict[str, object]
    figures: list[Figure] = field(default_factory=list[Figure])
    disturbed: dict[str, float] = field(default_factory=dict[str, float])
    """Part → share of the machine that other programs used meanwhile."""
    say: Callable[[str], None] = print

    def add(self, figure: Figure) -> None:
        """Keep a figure and show it at once."""
        self.figures.append(figure)
        self.say(line(figure))

    def as_json(self) -> dict[str, object]:
        """Plain data for the result file."""
        return {
            "machine": self.machine,
            "disturbed": self.disturbed,
            "figures": [asdict(figure) | {"is_met": figure.is_met} for figure in self.figures],
        }


def line(figure: Figure) -> str:
    """One figure as a line of the table."""
    verdict = {None: "", True: "met", False: "MISSED"}[figure.is_met]
    value = shown(figure.value)
    row = f"  {figure.name:<46} {value:>8} {figure.unit:<8} {figure.target:<8} {verdict:<6} {figure.note}"
    return row.rstrip()


def table(report: Report) -> str:
    """Every figure as a row of a Markdown table."""
    rows = ["| figure | value | unit | target | |", "|---|---:|---|---|---|"]
    for figure in report.figures:
        verdict = {None: "", True: "met", False: "**missed**"}[figure.is_met]
        note = f"{verdict} {figure.note}".strip()
        rows.append(f"| {figure.name} | {shown(figure.value)} | {figure.unit} | {figure.target} | {note} |")
    return "\n".join(rows)


def shown(value: float) -> str:
    """Three digits that matter."""
    if value == int(value) and abs(value) < 1000:
        return f"{value:.0f}"
    return f"{value:,.2f}" if abs(value) < 10 else f"{value:,.1f}" if abs(value) < 100 else f"{value:,.0f}"


def percentile(values: Sequence[float], share: float) -> float:
    """Nearest-rank percentile; NaN of nothing."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]
