"""Values as a reader sees them: numbers, times, items and places in the reader's language.

Whatever comes from outside loses its control and direction-changing characters before it enters a text.
"""

import unicodedata
from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from imece_reference.items import item
from imece_reference.places import place
from imece_reference.refusals import ReferenceRefusal
from imece_reference.tamp import tamp_group
from imece_reference.units import unit
from notifications.domain.texts import Locale

ISTANBUL = ZoneInfo("Europe/Istanbul")
MAX_VALUE_CHARACTERS = 200
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"

# Bidirectional overrides and isolates: a value must not turn the text around it.
_DIRECTION = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}
_LINE_BREAKS = {0x2028, 0x2029}


def clean(text: str) -> str:
    """One line of plain text of at most 200 characters: no control characters, no direction overrides."""
    kept = (
        " " if unicodedata.category(c) == "Cc" or ord(c) in _LINE_BREAKS else c
        for c in text
        if ord(c) not in _DIRECTION and not 0xD800 <= ord(c) <= 0xDFFF
    )
    return " ".join("".join(kept).split())[:MAX_VALUE_CHARACTERS]


def quantity(text: str, locale: Locale) -> str:
    """Decimal text ("1000", "13.5") with the separators of the language; anything else unchanged."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    whole, _, fraction = format(number, "f").partition(".")
    grouped = f"{int(whole):,}".replace(",", locale.group_separator)
    return grouped + (locale.decimal_separator + fraction if fraction else "")


def moment(text: str, locale: Locale) -> str:
    """RFC 3339 text as local time of Türkiye; anything else unchanged."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return at.astimezone(ISTANBUL).strftime(locale.time_format) if at.tzinfo else text


def item_name(code: str, language: str) -> str:
    """Name of a catalogue item: Turkish in Turkish, English elsewhere; the code when it is not known."""
    try:
        found = item(code)
    except ReferenceRefusal:
        return code
    return found.name_tr if language == "tr" else found.name_en


def unit_name(code: str, language: str) -> str:
    """Name of a unit: Turkish in Turkish, English elsewhere; the code when it is not known."""
    try:
        found = unit(code)
    except ReferenceRefusal:
        return code
    return found.name_tr if language == "tr" else found.name_en


def group_name(code: str, language: str) -> str:
    """Name of a group of items: Turkish in Turkish, English elsewhere; the code when it is not known."""
    try:
        found = tamp_group(code)
    except ReferenceRefusal:
        return code
    return found.name_tr if language == "tr" else found.name_en


def place_name(pcode: str) -> str:
    """Province of a p-code, with the code itself for a district, which has no name in the lists."""
    try:
        found = place(pcode)
    except ReferenceRefusal:
        return pcode
    return f"{found.province_name} ({pcode})" if found.is_district else found.province_name
