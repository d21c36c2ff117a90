"""Links are built when they are sent, from ids and the public base address; none is stored."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Links:
    """Public addresses of the board and of this service, without trailing slash."""

    board_base: str
    own_base: str

    def board(self, crisis_id: UUID | None) -> str:
        """The board of a crisis, or the list of boards."""
        return f"{self.board_base}/c/{crisis_id}" if crisis_id else f"{self.board_base}/"

    def unsubscribe(self, token: str) -> str:
        """The page and one-click address of a mail's list."""
        return f"{self.own_base}/u/{token}"
