"""The board's source, named before its database is open."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from crisis.board.names import Names, nobody
from crisis.board.source import Changes, DatabaseSource, Loaded, Overview, SourceLost


class LateSource:
    """The board's source before its database is open: routes exist, answers do not."""

    def __init__(self) -> None:
        self.opened: DatabaseSource | None = None
        self.names: Names = nobody

    def _source(self) -> DatabaseSource:
        if self.opened is None:
            raise SourceLost
        return self.opened

    async def overview(self) -> Overview:
        """See DatabaseSource."""
        return await self._source().overview()

    async def load(self, crisis: UUID) -> Loaded | None:
        """See DatabaseSource."""
        return await self._source().load(crisis)

    async def changes(self, crisis: UUID, after: int) -> Changes | None:
        """See DatabaseSource."""
        return await self._source().changes(crisis, after)

    def listen(self, wake: Callable[[UUID], None]) -> Any:
        """See DatabaseSource."""
        return self._source().listen(wake)

    async def names_of(self, wanted: Iterable[UUID]) -> Mapping[UUID, str]:
        """Names of organisations as far as the mirror has them."""
        return await self.names(wanted)
