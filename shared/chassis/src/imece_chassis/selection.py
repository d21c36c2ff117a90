"""The WHERE of a list: only what was asked for stands in it, so that each filter finds its index."""

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

    def when(self, is_asked: bool, condition: str) -> "Selection":
        """Add a condition that holds no value, for what a partial index must be recognised by."""
        if is_asked:
            self._conditions.append(condition)
        return self

    def place(self, value: Any) -> str:
        """`$3` for a value that becomes the third argument."""
        self._arguments.append(value)
        return f"${len(self._arguments)}"

    def further(self) -> "Selection":
        """Conditions of another part of the same statement; their values travel with these."""
        other = Selection()
        other._arguments = self._arguments
        return other

    @property
    def is_empty(self) -> bool:
        """No condition was added."""
        return not self._conditions

    @property
    def text(self) -> str:
        """What stands behind WHERE; `true` without conditions."""
        return " AND ".join(self._conditions) or "true"

    def statement(self, text: str, limit: int, **parts: str) -> tuple[Any, ...]:
        """The statement, its `{where}`, `{limit}` and other named parts filled in, and then its arguments."""
        limit_at = self.place(limit)
        return (text.format(where=self.text, limit=limit_at, **parts), *self._arguments)
