"""The WHERE of a list: only what was asked for stands in it, so that each filter finds its index."""

from collections.abc import Sequence
from typing import Any


class Selection:
    """Conditions joined by AND. Their texts are constants of the code; values travel as arguments only."""

    def __init__(self, *arguments: Any) -> None:
        self._conditions: list[str] = []
        self._arguments: list[Any] = list(arguments)

    def where(self, condition: str, value: Any) -> "Selection":
        """Add a condition whose `{}` stands for the value; nothing when the value is None."""
        if value is not None:
            self._conditions.append(condition.replace("{}", self.place(value)))
        return self

    def place(self, value: Any) -> str:
        """`$3` for a value that becomes the third argument."""
        self._arguments.append(value)
        return f"${len(self._arguments)}"

    def into(self, statement: str, **parts: str) -> str:
        """The statement with `{where}` and other named parts, all constants of the code, filled in."""
        return statement.format(where=" AND ".join(self._conditions) or "true", **parts)

    @property
    def arguments(self) -> Sequence[Any]:
        """The arguments in the order of their places."""
        return self._arguments
