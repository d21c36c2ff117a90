"""Turkish text: case folding, accent-free search keys and alphabetical sort keys.

Python lowers `İ` to two code points and never `I` to `ı`; here İ→i and I→ı come first, then casefold.
Sort keys are plain text that orders correctly byte by byte, so a database may store and index them.
"""

from __future__ import annotations

import unicodedata

ALPHABET = "abcçdefgğhıijklmnoöpqrsştuüvwxyz"
"""The Turkish alphabet with q, w and x of foreign names at their usual places."""

_CAPITALS = str.maketrans({"İ": "i", "I": "ı"})
_DOT_ABOVE = "\u0307"
# 'A' (0x41) for the first letter: above space and digits, below every letter of another script.
_RANK = {letter: chr(0x41 + position) for position, letter in enumerate(ALPHABET)}


def fold(text: str) -> str:
    """Case-free form for comparing: `İSTANBUL` and `istanbul` give one text, `ılık` and `ilik` do not."""
    folded = unicodedata.normalize("NFC", text).translate(_CAPITALS).casefold()
    return unicodedata.normalize("NFC", folded).replace("i" + _DOT_ABOVE, "i")


def ascii_key(text: str) -> str:
    """Search key without case and accents: `Çağrı` and `CAGRI` give `cagri`."""
    decomposed = unicodedata.normalize("NFD", fold(text).replace("ı", "i"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def sort_key(text: str) -> str:
    """Key whose code-point order is Turkish alphabetical order; spaces before digits before letters.

    Other accents (â, î, û, é) sort as their letter; punctuation separates words.
    """
    ranked = "".join(_ranked(character) for character in fold(text))
    return " ".join(ranked.split())


def _ranked(character: str) -> str:
    rank = _RANK.get(character)
    if rank is not None:
        return rank
    base = unicodedata.normalize("NFD", character)
    stripped = "".join(c for c in base if not unicodedata.combining(c))
    if stripped != character:
        return "".join(_RANK.get(c, c) for c in stripped)
    return character if character.isalnum() else " "
