"""Links are built when they are sent, from ids and the public base address; none is stored."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Links:
    """Public addresses of the board and of this service, without trailing slash."""

    board_base: str
    own_base: str

    def board(self, crisis_id: UUID | None, need_line_id: object = None) -> str:
        """The board of a crisis, at the row of a line where there is one; or the list of boards."""
        if crisis_id is None:
            return f"{self.board_base}/"
        return f"{self.board_base}/c/{crisis_id}" + (f"#l-{need_line_id}" if need_line_id else "")

    def unsubscribe(self, token: str) -> str:
        """The page and one-click address of a mail's list."""
        return f"{self.own_base}/u/{token}"
