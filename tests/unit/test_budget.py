import pytest

from tests.platform.budget import Budget


def test_a_suite_within_its_budget_says_nothing() -> None:
    budget = Budget(limit=1.0)
    budget.add("fast", 0.4)
    budget.add("fast", 0.6)
    assert budget.complaint() is None
    assert budget.total == pytest.approx(1.0)


def test_an_overspent_budget_names_the_dearest_tests_first() -> None:
    budget = Budget(limit=1.0)
    for name, seconds in {"cheap": 0.1, "dear": 3.0, "dearer": 7.0}.items():
        budget.add(name, seconds)
    complaint = budget.complaint(slowest=2)
    assert complaint is not None
    first, *rest = complaint.splitlines()
    assert first == "10.1 s of processor time, allowed are 1 s"
    assert [line.split()[-1] for line in rest] == ["dearer", "dear"]
