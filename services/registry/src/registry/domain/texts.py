"""Free text at the door: trimmed, composed (NFC), printable, never a carrier of identity numbers."""

from __future__ import annotations

import unicodedata

from imece_reference.identity_numbers import has_national_id

from .refusals import IdentityNumberInText, TextRefused

NAME_LIMIT = 200
BASIS_LIMIT = 500


def checked_text(field: str, text: str, limit: int = NAME_LIMIT) -> str:
    """The text with single spaces. Raises TextRefused, IdentityNumberInText; they name the field only."""
    if any(unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") for character in text):
        raise TextRefused(field=field, limit=str(limit))
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    if not any(character.isalpha() for character in clean) or len(clean) > limit:
        raise TextRefused(field=field, limit=str(limit))
    if has_national_id(clean):
        raise IdentityNumberInText(field=field)
    return clean
