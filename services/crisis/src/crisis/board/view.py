"""One board in memory: every card, the counters, the newest changes, stops, and the frames built from them.

Everything here follows from the snapshot it began with and the gapless changes after it; no clock, no I/O.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from starlette.types import Message

from crisis.board import frames
from crisis.board.card import Card
from crisis.board.ring import Entry, Ring
from crisis.board.source import Changes, Loaded
from crisis.board.stops import Stop
from crisis.board.tally import EMPTY, Tally, difference

ALL = "all"
"""The scope that is the whole crisis; every other scope is the p-code of a province."""


class Stale(Exception):
    """The changes do not continue this view: `epoch` or `too_old`. Load the board again."""


class BoardView:
    """The board of one crisis as of `head`."""

    def __init__(self, crisis: UUID, loaded: Loaded) -> None:
        self.crisis = crisis
        self.epoch = loaded.epoch
        self.cards: dict[UUID, Card] = {card.line: card for card in loaded.cards}
        self.fresh_at: datetime | None = None
        self.stops: tuple[Stop, ...] = ()
        self.stops_data = frames.stops_data(())
        self._ring = Ring(loaded.seq - len(loaded.entries))
        self._ring.extend(loaded.entries)
        self._ring.expire(loaded.now)
        self._totals: dict[str, Tally] = defaultdict(lambda: EMPTY)
        self._frames: dict[tuple[str, int], Message | None] = {}
        self._changes: dict[tuple[str, int], bytes | None] = {}
        self._count([(None, card) for card in loaded.cards])

    @property
    def head(self) -> int:
        """Seq of the newest change."""
        return self._ring.head

    @property
    def floor(self) -> int:
        """Oldest seq from which a reader may go on."""
        return self._ring.floor

    def totals(self, scope: str = ALL) -> Tally:
        """Counters of the crisis or of one province."""
        return self._totals.get(scope, EMPTY)

    def provinces(self) -> Mapping[str, Tally]:
        """Counters by p-code of the province, for provinces with cards."""
        return {scope: counts for scope, counts in self._totals.items() if scope != ALL}

    def extend(self, changes: Changes) -> None:
        """Take over changes that follow the head. Raises Stale when they do not."""
        if changes.epoch != self.epoch or changes.seq < self.head:
            raise Stale("epoch")
        if len(changes.entries) != changes.seq - self.head:
            raise Stale("too_old")
        pairs: list[tuple[Card | None, Card]] = []
        for entry in changes.entries:
            card = entry.card
            pairs.append((self.cards.get(card.line), card))
            self.cards[card.line] = card
        self._ring.extend(changes.entries)
        self._ring.expire(changes.now)
        self._count(pairs)
        self._frames.clear()
        self._changes.clear()

    def refusal(self, epoch: str | None, after: int) -> str | None:
        """Why a reader cannot go on from `after`: `epoch`, `ahead`, `too_old`; None when it can."""
        if epoch is not None and epoch != str(self.epoch):
            return "epoch"
        if after > self.head:
            return "ahead"
        return "too_old" if after < self.floor else None

    def frame(self, scope: str, cursor: int) -> Message | None:
        """The shared message that brings a viewer from `cursor` to the head; None when nothing concerns it.

        Raises LookupError when the ring does not reach back to `cursor`.
        """
        key = (scope, cursor)
        if key not in self._frames:
            data = self.change_data(scope, cursor)
            self._frames[key] = None if data is None else body(frames.change(data, self.head))
        return self._frames[key]

    def change_data(self, scope: str, cursor: int) -> bytes | None:
        """JSON of the merged change after `cursor`, made once for all who stand there.

        None when nothing in scope did. Raises LookupError.
        """
        key = (scope, cursor)
        if key not in self._changes:
            self._changes[key] = self._merged(scope, cursor)
        return self._changes[key]

    def _merged(self, scope: str, cursor: int) -> bytes | None:
        entries = self._ring.since(cursor)
        if entries is None:
            raise LookupError(cursor)
        happened = self._in_scope(self._ring.whats(cursor), scope)
        entries = self._in_scope(entries, scope)
        if not entries:
            return None
        touched = sorted({entry.province for entry in entries})
        return frames.change_data(
            cursor,
            self.head,
            entries,
            happened,
            self.totals(scope).as_dict(),
            {province: self.totals(province).gaps for province in touched},
        )

    def latest(self, count: int) -> list[Entry]:
        """The newest changes in memory, newest first."""
        return self._ring.latest(count)

    def _count(self, pairs: Sequence[tuple[Card | None, Card]]) -> None:
        by_province: dict[str, list[tuple[Card | None, Card | None]]] = defaultdict(list)
        for before, after in pairs:
            if before is not None and before.province != after.province:
                by_province[before.province].append((before, None))
                by_province[after.province].append((None, after))
            else:
                by_province[after.province].append((before, after))
        for province, moved in by_province.items():
            delta = difference(moved)
            self._totals[province] += delta
            self._totals[ALL] += delta

    @staticmethod
    def _in_scope(entries: list[Entry], scope: str) -> list[Entry]:
        return entries if scope == ALL else [entry for entry in entries if entry.province == scope]


def body(chunk: bytes, more: bool = True) -> Message:
    """An ASGI body message around bytes."""
    return {"type": "http.response.body", "body": chunk, "more_body": more}
