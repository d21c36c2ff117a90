"""How much processor time a suite may take: its own, so a busy machine neither breaks nor hides anything."""

from dataclasses import dataclass, field


@dataclass
class Budget:
    """`limit` in seconds of processor time of the test process, children not counted."""

    limit: float
    spent: dict[str, float] = field(default_factory=dict[str, float])

    def add(self, test: str, seconds: float) -> None:
        self.spent[test] = self.spent.get(test, 0.0) + seconds

    @property
    def total(self) -> float:
        return sum(self.spent.values())

    def complaint(self, slowest: int = 5) -> str | None:
        """What to say when the budget is overspent, the dearest tests first; None while it is kept."""
        if self.total <= self.limit:
            return None
        dearest = sorted(self.spent.items(), key=lambda each: -each[1])[:slowest]
        lines = [f"{self.total:.1f} s of processor time, allowed are {self.limit:g} s"]
        return "\n".join(lines + [f"  {seconds:6.2f} s  {test}" for test, seconds in dearest])
