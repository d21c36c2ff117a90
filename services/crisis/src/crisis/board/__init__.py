"""The live board: cards from events, pages and streams from memory; it knows nothing of the write side.

wiring gives `consumer()` to the role board, `Hub(DatabaseSource(database))` to the process of the api (`run`
beside the server), `routes(hub, access="open"|"members", names=MirroredNames(database))` and PROBLEMS to
create_app, COMPONENT to the migrations, `rebuild(database, history(bootstrap))` to its command rebuild-board.
"""

from crisis.board.feed import consumer
from crisis.board.history import cut_topics, history
from crisis.board.http import PROBLEMS, routes
from crisis.board.hub import Hub
from crisis.board.names import MirroredNames
from crisis.board.rebuild import alone, rebuild
from crisis.board.source import DatabaseSource
from crisis.board.store import hash
from imece_chassis.migrations import Component

COMPONENT = Component("board", "crisis.board.migrations")

__all__ = [
    "COMPONENT",
    "PROBLEMS",
    "DatabaseSource",
    "Hub",
    "MirroredNames",
    "alone",
    "consumer",
    "cut_topics",
    "hash",
    "history",
    "rebuild",
    "routes",
]
