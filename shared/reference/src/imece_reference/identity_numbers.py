"""Finds national identity numbers in free text by their checksum, so that a name field can refuse them.

Eleven digits, the first not zero, digits ten and eleven computed from the others. Single spaces, dots, dashes
and invisible characters between the digits do not hide a number. One random eleven-digit number in a hundred
looks like one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_RUN = re.compile(r"(?<!\d)\d(?:[ .\-\u00a0]?\d)+(?!\d)")


def has_national_id(text: str) -> bool:
    """Whether the text holds a digit group with a valid national identity checksum."""
    text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    for match in _RUN.finditer(text):
        digits = [int(character) for character in match[0] if character.isdigit()]
        if len(digits) == 11 and _is_valid(digits):
            return True
    return any(_is_valid([int(c) for c in run]) for run in re.findall(r"(?<!\d)\d{11}(?!\d)", text))


def national_ids_in(text: str) -> Iterator[tuple[int, int]]:
    """Where in the text a national identity number stands, from–to; a longer group of digits is none."""
    for match in _RUN.finditer(text):
        digits = [int(character) for character in match[0] if character.isdigit()]
        if len(digits) == 11 and _is_valid(digits):
            yield match.span()
        else:
            for run in re.finditer(r"(?<!\d)\d{11}(?!\d)", match[0]):
                if _is_valid([int(character) for character in run[0]]):
                    yield match.start() + run.start(), match.start() + run.end()


def _is_valid(digits: list[int]) -> bool:
    if digits[0] == 0:
        return False
    tenth = (sum(digits[0:9:2]) * 7 - sum(digits[1:8:2])) % 10
    return digits[9] == tenth and digits[10] == sum(digits[:10]) % 10
