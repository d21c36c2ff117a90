"""What a bundle adds to its rows: one instant to answer by, a version, and a refusal that names rows."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from crisis.domain.allocations import Allocation, Side
from crisis.domain.answers import Rest, accepted
from crisis.domain.bundles import due_together, left_alone, version_of, waiting_for, withdrawable
from crisis.domain.clocks import Timers
from crisis.domain.pledges import Pledge
from crisis.domain.refusals import BundleDoesNotFit, GapExceeded
from crisis.domain.states import State
from imece_chassis.http.problems import render
from imece_reference.refusals import UnknownUnit
from tests.unit.crisis.examples import NOW, a_balance, a_line, a_pledge, doing, new_id


def due(pledge: Pledge, hours: int) -> Pledge:
    clock = replace(pledge.clock, due_at=NOW + timedelta(hours=hours))
    return replace(pledge, allocation=replace(pledge.allocation, clock=clock))


def in_state(state: State) -> Allocation:
    return a_pledge().allocation.now_in(state, NOW, "pledger", reason="other")


def test_rows_that_wait_for_an_answer_come_due_with_the_most_urgent_of_them():
    late, soon = due(a_pledge(), 48), due(a_pledge(), 12)
    in_line = due(a_pledge(balance=a_balance("100", held="100")), 6)
    assert in_line.row.state is State.WAITLISTED
    together = due_together([late, in_line, soon])
    assert [(each.clock.due_at - NOW) // timedelta(hours=1) for each in together] == [12, 6, 12]
    assert [each.clock.deadline_id for each in together] == [
        each.clock.deadline_id for each in (late, in_line, soon)
    ]
    assert due_together([in_line]) == [in_line]


def test_pieces_of_a_row_stay_in_its_bundle_and_every_step_raises_the_version():
    bundle_id = new_id()
    pledge = a_pledge("200", bundle_id=bundle_id)
    step = accepted(
        pledge.allocation,
        pledge.balance,
        a_line(),
        Timers(),
        Decimal(150),
        Rest.WAITLIST,
        doing(line_version=2),
    )
    assert {row.bundle_id for row in step.rows} == {bundle_id}
    assert version_of([pledge.allocation]) < version_of(step.rows)


def test_a_command_moves_what_it_can_and_names_what_it_left():
    rows = [in_state(state) for state in State]
    assert {row.state for row in withdrawable(rows)} == {
        State.PROPOSED,
        State.COUNTERED,
        State.WAITLISTED,
        State.HELD,
    }
    left = left_alone(rows, withdrawable(rows))
    assert State.SPLIT not in {row.state for row in left}, "its pieces speak for it"
    assert {State.DISPATCHED, State.DECLINED, State.CONFIRMED} <= {row.state for row in left}
    waiting = a_pledge().allocation
    assert waiting_for([waiting], Side.ASKER_SIDE) == [waiting]
    assert waiting_for([waiting], Side.PLEDGER) == []


def test_a_refusal_names_every_row_and_speaks_of_the_first_three():
    gap = GapExceeded(quantity="40", room="20", gap="20", unit="adet")
    unit = UnknownUnit(item_code="X", base_unit="adet", unit="kg", known="adet")
    refused = BundleDoesNotFit([({"row": 0}, gap), *(({"row": at}, unit) for at in (2, 3, 5))])
    assert [(row["row"], row["code"], row["status"]) for row in refused.facts["rows"]] == [
        (0, "gap_exceeded", 409),
        *((at, "unit_unknown", 422) for at in (2, 3, 5)),
    ]
    assert refused.facts["rows"][0]["room"] == "20"
    assert (refused.facts["count"], refused.facts["why"]) == ("4", "gap_exceeded, unit_unknown")
    english = json.loads(render(refused, "en", None, "/x").body)["detail"]
    assert english.startswith("Nothing of it was done. 4 rows do not fit. 0: 40 adet was to be accepted")
    assert english.endswith("…") and "5:" not in english
    turkish = json.loads(render(refused, "tr", None, "/x").body)["detail"]
    assert "4 satır uymuyor. 0: 40 adet kabul edilmek istendi" in turkish
