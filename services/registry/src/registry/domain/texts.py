"""Free text at the door: trimmed, composed (NFC), printable, never a carrier of identity numbers."""

from __future__ import annotations

import unicodedata

from imece_reference.identity_numbers import has_national_id

from .refusals import IdentityNumberInText, TextRefused

_UNPRINTABLE = frozenset({"Cc", "Cs", "Co", "Cn"})
# They reorder what is shown around them, so a name could look like another one.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

NAME_LIMIT = 200
BASIS_LIMIT = 500


def checked_text(field: str, text: str, limit: int = NAME_LIMIT) -> str:
    """The text with single spaces. Raises TextRefused, IdentityNumberInText; they name the field only."""
    if any(character in _REORDERING or unicodedata.category(character) in _UNPRINTABLE for character in text):
        raise TextRefused(field=field, limit=str(limit))
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    if not any(character.isalpha() for character in clean) or len(clean) > limit:
        raise TextRefused(field=field, limit=str(limit))
    if has_national_id(clean):
        raise IdentityNumberInText(field=field)
    return clean
