"""Which part of a board a reader asked for: all of it, or one province by its p-code."""

from crisis.board.problems import FilterInvalid
from crisis.board.view import ALL
from imece_reference.places import is_valid_pcode

PROVINCE_LENGTH = len("TUR031")


def scope_of(text: str | None) -> str:
    """`all` or the p-code of a province. Raises FilterInvalid."""
    if text is None or text in {"", ALL}:
        return ALL
    if len(text) != PROVINCE_LENGTH or not is_valid_pcode(text):
        raise FilterInvalid(name="scope", value=text[:20])
    return text
