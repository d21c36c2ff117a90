"""A board leaves memory when nobody used it for a while, never while somebody is on the way to it."""

from typing import cast

from crisis.board.boards import Watched, seconds
from crisis.board.view import BoardView


async def test_a_board_that_was_just_loaded_is_not_idle() -> None:
    watched = Watched(cast(BoardView, None))
    assert seconds() - watched.used_at < 1.0
