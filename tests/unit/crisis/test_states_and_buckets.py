import pytest

from crisis.domain.states import (
    BUCKETS,
    FINISHED,
    WAITING,
    State,
    UnfinishedState,
    refuse_unfinished_states,
)


def test_every_state_has_a_bucket_entry_and_every_waiting_state_a_timer():
    refuse_unfinished_states()
    assert set(BUCKETS) == set(State)


def test_a_state_without_bucket_stops_the_service_and_is_named():
    unfinished = {state: pair for state, pair in BUCKETS.items() if state is not State.COUNTERED}
    with pytest.raises(UnfinishedState, match="countered"):
        refuse_unfinished_states(buckets=unfinished)


def test_a_waiting_state_without_timer_stops_the_service_and_is_named():
    silent = {state: timer for state, timer in WAITING.items() if state is not State.HELD}
    with pytest.raises(UnfinishedState, match="held"):
        refuse_unfinished_states(waiting=silent)


def test_a_waiting_row_reserves_no_supply_and_a_split_row_counts_nowhere():
    assert BUCKETS[State.WAITLISTED][1] is None
    assert BUCKETS[State.SPLIT] == (None, None)
    assert State.SPLIT in FINISHED
