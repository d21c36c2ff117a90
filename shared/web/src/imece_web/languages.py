"""The languages of the pages: which there are, how they are written, and which one a reader gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is the BCP 47 tag, `name` what its speakers call it, `intl` the tag for numbers in browsers."""

    code: str
    name: str
    direction: str
    intl: str


LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {
        "tr": Language("tr", "Türkçe", "ltr", "tr"),
        "en": Language("en", "English", "ltr", "en-GB"),
        # Latin digits: figures are read aloud across languages at the desks.
        "ar": Language("ar", "العربية", "rtl", "ar-u-nu-latn"),
    }
)
DEFAULT = "tr"


def choose(wanted: str | None, accept_language: str | None) -> Language:
    """The language named in the URL, else the best of Accept-Language, else Turkish."""
    if wanted is not None and wanted in LANGUAGES:
        return LANGUAGES[wanted]
    best, best_q = DEFAULT, 0.0
    for part in (accept_language or "")[:512].split(","):
        tag, _, parameter = part.partition(";")
        primary = tag.strip().lower().split("-", 1)[0]
        q = _quality(parameter)
        if primary in LANGUAGES and q > best_q:
            best, best_q = primary, q
    return LANGUAGES[best]


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
