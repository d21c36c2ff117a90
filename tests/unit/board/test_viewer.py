import asyncio

from crisis.board.pace import LONGEST_FOR_COMPANY_SECONDS, LONGEST_SECONDS, SHORTEST_SECONDS, Pace
from crisis.board.view import body
from crisis.board.viewer import Viewer


class Socket:
    """A server's `send`: waits while it is full, as uvicorn does."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.is_writable = asyncio.Event()
        self.is_writable.set()

    async def send(self, message: object) -> None:
        await self.is_writable.wait()
        assert isinstance(message, dict)
        self.written.append(message["body"])


def viewer(socket: Socket) -> Viewer:
    task = asyncio.current_task()
    assert task is not None
    return Viewer(socket.send, task, "all", 0, 2.0, 1e9, lambda: True)


async def test_a_full_socket_takes_nothing_and_leaves_nothing_waiting() -> None:
    socket = Socket()
    slow = viewer(socket)
    socket.is_writable.clear()
    assert not slow.offer(body(b"one"), 10.0)
    assert not slow.offer(body(b"two"), 20.0)
    assert slow.stuck_since == 10.0
    assert slow.is_stuck(41.0, 30.0)
    socket.is_writable.set()
    await asyncio.sleep(0)
    assert socket.written == [], "a frame that was not taken is not kept"
    assert slow.offer(body(b"three"), 50.0)
    assert socket.written == [b"three"]
    assert slow.stuck_since is None


def test_a_lone_change_leaves_at_once_and_load_slows_frames() -> None:
    pace = Pace()
    pace.sent(10.0, 0.001, 1)
    assert pace.due_at == 10.0 + SHORTEST_SECONDS
    pace.sent(20.0, 0.002, 250)
    assert pace.due_at == 20.0 + LONGEST_FOR_COMPANY_SECONDS
    pace.sent(30.0, 0.06, 1)
    assert pace.due_at == 30.0 + LONGEST_SECONDS, "sixty milliseconds for five thousand viewers"
    pace.sent(40.0, 0.2, 1)
    assert pace.due_at > 40.5, "sending never takes more than a third of the time"
