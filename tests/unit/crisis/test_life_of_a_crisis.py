"""Every step of a crisis from every state: one leads on, the others are refused and named."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from crisis.domain import lifecycle
from crisis.domain.clocks import Timers
from crisis.domain.crises import CrisisFacts, CrisisState
from crisis.domain.refusals import CrisisNotInState, ReopeningTooLate
from tests.unit.crisis.examples import NOW, new_id

PLAIN = CrisisFacts(
    new_id(),
    "KRZ-2026-0001",
    {"tr": "Deneme"},
    "earthquake",
    "red",
    None,
    ("TUR031",),
    (),
    (),
    NOW,
    Timers(),
    closed_at=NOW,
    deadline_id=new_id(),
)
STEPS: dict[str, tuple[Callable[[CrisisFacts], CrisisFacts], CrisisState, CrisisState]] = {
    "C2": (
        lambda crisis: lifecycle.opened(crisis, NOW, "KRZ-2026-0001", new_id()),
        CrisisState.PROPOSED,
        CrisisState.OPEN,
    ),
    "C3": (
        lambda crisis: lifecycle.dismissed(crisis, "false_alarm"),
        CrisisState.PROPOSED,
        CrisisState.DISMISSED,
    ),
    "C4 level": (
        lambda crisis: lifecycle.reviewed(crisis, "S4", None, new_id()),
        CrisisState.OPEN,
        CrisisState.OPEN,
    ),
    "C4 area": (
        lambda crisis: lifecycle.moved(crisis, ("TUR046",), None),
        CrisisState.OPEN,
        CrisisState.OPEN,
    ),
    "C5": (
        lambda crisis: lifecycle.stood_down(crisis, "handed_over", NOW, new_id()),
        CrisisState.OPEN,
        CrisisState.STOOD_DOWN,
    ),
    "C6": (
        lambda crisis: lifecycle.reactivated(crisis, "new_event", new_id()),
        CrisisState.STOOD_DOWN,
        CrisisState.OPEN,
    ),
    "C7": (lambda crisis: lifecycle.closed(crisis, NOW), CrisisState.STOOD_DOWN, CrisisState.CLOSED),
    "C8": (
        lambda crisis: lifecycle.reopened(crisis, "new_event", NOW, new_id()),
        CrisisState.CLOSED,
        CrisisState.OPEN,
    ),
}


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("state", CrisisState)
def test_a_step_leads_from_its_own_state_only(name: str, state: CrisisState):
    step, before, after = STEPS[name]
    crisis = replace(PLAIN, state=state)
    if state is before:
        moved = step(crisis)
        assert (moved.state, moved.version) == (after, 2)
        assert (moved.deadline_id is None) == (after in (CrisisState.CLOSED, CrisisState.DISMISSED))
    else:
        with pytest.raises(CrisisNotInState) as refused:
            step(crisis)
        assert refused.value.facts["state"] == state


def test_a_closed_crisis_is_reopened_within_thirty_days_only():
    closed = replace(PLAIN, state=CrisisState.CLOSED)
    lifecycle.must_be_reopenable(closed, NOW + timedelta(days=30))
    with pytest.raises(ReopeningTooLate) as refused:
        lifecycle.must_be_reopenable(closed, NOW + timedelta(days=30, seconds=1))
    assert refused.value.facts["days"] == "30"


def test_the_person_who_opens_knows_better_only_what_they_say():
    proposal = replace(PLAIN, state=CrisisState.PROPOSED)
    better = lifecycle.corrected(proposal, severity="orange", level="S2")
    assert (better.severity, better.level, better.area, better.title) == (
        "orange",
        "S2",
        proposal.area,
        proposal.title,
    )


def test_supporting_provinces_are_given_and_may_be_taken_back():
    opened = replace(PLAIN, supporting_provinces=("TUR006",))
    assert lifecycle.moved(opened, None, None).supporting_provinces == ("TUR006",)
    assert lifecycle.moved(opened, None, ()).supporting_provinces == ()
    assert lifecycle.reviewed(opened, "S4", None, new_id()).supporting_provinces == ("TUR006",)
