"""Free text without personal data: phones, national ids, IBANs, plates and mail addresses become dots.

Text is masked, never refused: no call for help is lost over a phone number. Masking twice changes nothing;
digits of every script are seen as digits, invisible characters between them do not hide a number.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping

from imece_reference.identity_numbers import national_ids_in

MASK = "•••"
_GAP = r"[\s.\-/()]{0,2}"
_MAIL = re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)+")
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}(?!\w)")
_IBAN_SHAPE = re.compile(
    r"(?<!\w)(?:[Tt][Rr]\d{2}(?:[ -]?\d){22}|[A-Z]{2}\d{2} ?(?:[0-9A-Z]{4} ?){3,7}[0-9A-Z]{1,4})(?!\w)"
)
_ABROAD = re.compile(rf"(?<!\d)(?:\+|00){_GAP}[1-9](?:{_GAP}\d){{6,14}}(?!\d)")
_NATIONAL = rf"(?<!\d)(?:(?:\+|00)?{_GAP}9{_GAP}0{_GAP}|0{_GAP})?\(?[2-5](?:{_GAP}\d){{9}}"
_PHONE_ALONE = re.compile(_NATIONAL + r"(?![\s.\-/()]?\d)")
_PHONE = re.compile(_NATIONAL + r"(?!\d)")
_CALLED = re.compile(
    r"(?i)\b(?:tel|telefon|cep|gsm|whatsapp|wp|phone|mobile)\W{0,3}(\d(?:[\s.\-/()]{0,2}\d){5,})"
)
_DATE = re.compile(r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-[0-3]\d")
_PLATE = re.compile(r"(?<![\w-])(?:0[1-9]|[1-7]\d|8[01])[ .-]?[A-ZÇĞİÖŞÜ]{1,3}[ .-]?\d{2,5}(?![\w-])")
_SMALL_PLATE = re.compile(r"(?<![\w-])(?:0[1-9]|[1-7]\d|8[01])[a-z]{1,3}\d{2,5}(?![\w-])")


def without_personal_data(texts: Mapping[str, str]) -> dict[str, str]:
    """Texts by language tag as they may be stored."""
    return {language: masked(text)[0] for language, text in texts.items()}


def masked(text: str) -> tuple[str, tuple[str, ...]]:
    """The text as it may be stored, and what was found in it: `mail_address`, `iban`, `national_id`,
    `phone`, `plate`."""
    text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    found: list[str] = []
    for kind, spans in _FINDERS:
        left_of = len(text) + 1
        for start, end in sorted(spans(_with_digits(text)), reverse=True):
            if end <= left_of:
                text = text[:start] + MASK + text[end:]
                left_of = start
        if left_of <= len(text):
            found.append(kind)
    return text, tuple(found)


def looks_like(reference: str) -> str | None:
    """What a reference that should be opaque looks like instead; None for one that says nothing."""
    found = masked(reference)[1]
    return found[0] if found else None


def _with_digits(text: str) -> str:
    """The text with digits of every script as 0 to 9, character by character."""
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text)


def _mails(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _MAIL.finditer(text))


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    for match in _IBAN_SHAPE.finditer(text):
        yield match.span()
    for match in _IBAN.finditer(text):
        end = _iban_end(match[0])
        if end:
            yield match.start(), match.start() + end


def _iban_end(text: str) -> int:
    """How much of a text that begins like an IBAN is one by its checksum; 0 for none."""
    for end in range(len(text), 14, -1):
        compact = re.sub(r"[ -]", "", text[:end]).upper()
        if 15 <= len(compact) <= 34 and text[end - 1].isalnum() and compact.isascii():
            number = "".join(str(int(each, 36)) for each in compact[4:] + compact[:4])
            if int(number) % 97 == 1:
                return end
    return 0


def _phones(text: str) -> Iterator[tuple[int, int]]:
    """Written with their area, with a country, or after a word that announces one; longest first."""
    taken: list[tuple[int, int]] = []
    for pattern, group in ((_ABROAD, 0), (_PHONE_ALONE, 0), (_PHONE, 0), (_CALLED, 1)):
        for match in pattern.finditer(text):
            start, end = match.span(group)
            is_taken = any(start < known_end and known_start < end for known_start, known_end in taken)
            if not is_taken and not _DATE.search(text, start, end):
                taken.append((start, end))
    return iter(taken)


def _plates(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_PLATE, _SMALL_PLATE):
        for match in pattern.finditer(text):
            yield match.span()


_FINDERS = (
    ("mail_address", _mails),
    ("iban", _ibans),
    ("national_id", national_ids_in),
    ("phone", _phones),
    ("plate", _plates),
)
