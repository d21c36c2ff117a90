"""The bytes of the live protocol. A frame is built once and written to every viewer standing where it begins.

Comments are invisible to scripts, so every message is a named event; only `change` and `tick` carry an id.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from crisis.board.ring import Entry

MAX_WHATS = 20
"""More things than anybody can read in one frame are left to the list of changes."""


def event(name: str, data: bytes, last_seq: int | None = None) -> bytes:
    """One server-sent event."""
    head = b"" if last_seq is None else b"id: %d\n" % last_seq
    return b"%sevent: %s\ndata: %s\n\n" % (head, name.encode(), data)


def hello(epoch: UUID, head: int, floor: int, beat_ms: int, server_time: str, retry_ms: int) -> bytes:
    """First event of every stream; `retry_ms` is drawn per viewer, so that nobody comes back together."""
    facts = {
        "epoch": str(epoch),
        "head": head,
        "floor": floor,
        "beat_ms": beat_ms,
        "server_time": server_time,
    }
    return b"retry: %d\n" % retry_ms + event("hello", _json(facts))


def change_data(
    from_seq: int,
    to_seq: int,
    entries: Sequence[Entry],
    happened: Sequence[Entry],
    totals: Mapping[str, int],
    provinces: Mapping[str, int],
) -> bytes:
    """JSON of a change: last state of each line in (from, to], counters, gaps of the provinces touched."""
    whats = b",".join(entry.what for entry in happened[-MAX_WHATS:] if entry.what)
    return b'{"from":%d,"to":%d,"cards":[%s],"totals":%s,"provinces":%s,"what":[%s]}' % (
        from_seq,
        to_seq,
        b",".join(entry.body for entry in entries),
        _json(totals),
        _json(provinces),
        whats,
    )


def change(data: bytes, to_seq: int) -> bytes:
    """The frame around `change_data`."""
    return event("change", data, to_seq)


def tick_data(head: int, fresh_at: str | None, server_time: str) -> bytes:
    """JSON of the heartbeat: what has been sent, how fresh it is, what time it is."""
    return _json({"head": head, "fresh_at": fresh_at, "server_time": server_time})


def tick(data: bytes, head: int) -> bytes:
    """The frame around `tick_data`."""
    return event("tick", data, head)


def stops(data: bytes) -> bytes:
    """All that nobody should send now: said when a stream begins and whenever it changes."""
    return event("stops", data)


def stops_data(stops: Sequence[Mapping[str, Any]]) -> bytes:
    """JSON of the stops in force; what is not in it is no longer stopped."""
    return _json({"stops": stops})


def reset(reason: str) -> bytes:
    """Fetch a snapshot and open again: `epoch`, `too_old`, `ahead` or `slow`."""
    return event("reset", _json({"reason": reason}))


def bye(after_ms: int, reason: str) -> bytes:
    """Open again after a while: `deploy`, `life` or `revoked`."""
    return event("bye", _json({"after_ms": after_ms, "reason": reason}))


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
