"""Group commit: together when busy, at once when idle, each with its own result."""

import asyncio
from collections.abc import Sequence

import pytest

from imece_chassis.batching import Batcher, Overloaded


async def test_what_arrives_together_is_executed_together_and_results_find_their_callers() -> None:
    sizes: list[int] = []

    async def execute(commands: Sequence[int]) -> Sequence[int | Exception]:
        sizes.append(len(commands))
        await asyncio.sleep(0)
        return [command * 2 for command in commands]

    batcher: Batcher[int, int] = Batcher(execute, max_items=8)
    assert await asyncio.gather(*(batcher.submit(n) for n in range(20))) == [n * 2 for n in range(20)]
    assert sizes == [8, 8, 4]


async def test_one_exception_belongs_to_one_caller_and_a_failed_execution_to_all() -> None:
    async def execute(commands: Sequence[int]) -> Sequence[int | Exception]:
        if 9 in commands:
            raise RuntimeError("all of them")
        return [ValueError(str(command)) if command == 2 else command for command in commands]

    batcher: Batcher[int, int] = Batcher(execute)
    one, two = await asyncio.gather(batcher.submit(1), batcher.submit(2), return_exceptions=True)
    assert one == 1 and isinstance(two, ValueError)
    both = await asyncio.gather(batcher.submit(9), batcher.submit(3), return_exceptions=True)
    assert [type(result) for result in both] == [RuntimeError, RuntimeError]


async def test_a_caller_that_leaves_cancels_nothing() -> None:
    done: list[int] = []
    go_on = asyncio.Event()

    async def execute(commands: Sequence[int]) -> Sequence[int | Exception]:
        await go_on.wait()
        done.extend(commands)
        return list(commands)

    batcher: Batcher[int, int] = Batcher(execute)
    caller = asyncio.create_task(batcher.submit(1))
    other = asyncio.create_task(batcher.submit(2))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    caller.cancel()
    go_on.set()
    assert await other == 2
    assert done == [1, 2]


async def test_too_many_waiting_commands_are_refused_at_once() -> None:
    hold = asyncio.Event()

    async def execute(commands: Sequence[int]) -> Sequence[int | Exception]:
        await hold.wait()
        return list(commands)

    batcher: Batcher[int, int] = Batcher(execute, max_items=1, max_in_flight=1, max_waiting=2)
    tasks = [asyncio.create_task(batcher.submit(0))]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    tasks += [asyncio.create_task(batcher.submit(n)) for n in (1, 2)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await batcher.submit(3)
    hold.set()
    assert await asyncio.gather(*tasks) == [0, 1, 2]
    await batcher.close()


async def test_a_wrong_number_of_results_is_an_error_for_all() -> None:
    async def execute(commands: Sequence[int]) -> Sequence[int | Exception]:
        return [1]

    batcher: Batcher[int, int] = Batcher(execute)
    results = await asyncio.gather(batcher.submit(1), batcher.submit(2), return_exceptions=True)
    assert all(isinstance(result, RuntimeError) for result in results)
