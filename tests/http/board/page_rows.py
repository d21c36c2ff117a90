"""The crisis of these tests, and what a page says of one of its lines."""

import re
from uuid import UUID

from tests.boards.lines import Line

CRISIS = UUID(int=31)


def row(html: str, line: Line) -> str:
    """The text of one row, tags taken out."""
    found = re.search(rf'<tr id="l-{line.id}".*?</tr>', html, re.DOTALL)
    assert found, "the row is there"
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])).strip()
