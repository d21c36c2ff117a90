"""Shape of a locale: one text per kind and variant, with the same placeholders in every language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KindText:
    """`subject` for mail, `short` for one inbox line, `long` as paragraphs of a mail."""

    subject: str
    short: str
    long: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Lines around every mail. `drill` starts every text of an exercise."""

    drill: str
    open_board: str
    why: str
    stop: str
    list_name: str


@dataclass(frozen=True, slots=True)
class PageText:
    """The unsubscribe page."""

    title: str
    question: str
    button: str
    done: str
    invalid: str


@dataclass(frozen=True, slots=True)
class Locale:
    """Everything a language needs. Separators are those of its written numbers.

    `outcomes` are the words for what became of a question, `conditions` those for what a promise waits for.
    """

    direction: str
    group_separator: str
    decimal_separator: str
    time_format: str
    kinds: Mapping[str, KindText]
    outcomes: Mapping[str, str]
    conditions: Mapping[str, str]
    phrases: Phrases
    page: PageText
