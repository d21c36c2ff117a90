"""Since when is everything published? A complete read at database time W is drained when all it left open is.

`drained_at` moves only forward, and only when nothing that was visible at that time is still on its way.
"""

from collections.abc import Iterable
from datetime import datetime


class Drain:
    """Follows one read at a time; between reads that found everything there may be hours of backlog."""

    def __init__(self) -> None:
        self.drained_at: datetime | None = None
        self._read_at: datetime | None = None
        self._open: set[int] = set()

    @property
    def is_free(self) -> bool:
        """Whether no read is being followed."""
        return self._read_at is None

    def complete_read(self, read_at: datetime, held: set[int]) -> None:
        """A read at `read_at` saw every row there was; `held` are those not yet marked as published."""
        if self._read_at is None:
            self._read_at = read_at
            self._open = set(held)
            self._settle()

    def marked(self, positions: Iterable[int]) -> None:
        """These rows are marked as published."""
        if self._read_at is not None:
            self._open.difference_update(positions)
            self._settle()

    def _settle(self) -> None:
        if not self._open:
            self.drained_at = self._read_at
            self._read_at = None
