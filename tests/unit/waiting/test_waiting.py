import pytest

from tests.waiting import NeverHappened, wait_until, wait_until_sync


async def test_waiting_returns_the_first_true_value() -> None:
    answers = iter([0, 0, 7])
    assert await wait_until(lambda: next(answers), interval=0) == 7


async def test_waiting_accepts_an_async_condition_and_a_failing_assertion_as_not_yet() -> None:
    answers = iter([False, True])

    async def condition() -> bool:
        holds = next(answers)
        assert holds
        return True

    assert await wait_until(condition, interval=0)


async def test_a_condition_that_never_holds_fails_with_its_sentence_and_the_last_value() -> None:
    with pytest.raises(NeverHappened, match=r"the board shows 3: not within 0.01 s; last seen: 0"):
        await wait_until(lambda: 0, timeout=0.01, interval=0.001, message="the board shows 3")


def test_waiting_without_a_loop_behaves_alike() -> None:
    answers = iter([None, "ready"])
    assert wait_until_sync(lambda: next(answers), interval=0) == "ready"
    with pytest.raises(NeverHappened, match="asked late"):
        wait_until_sync(lambda: False, timeout=0, message=lambda: "asked late")
