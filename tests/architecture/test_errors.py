"""Every error a caller may see has both languages, the same facts in each, and a place in the document."""

import string
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, cast

import pytest

from imece_chassis.http.pages import describe
from imece_chassis.http.problems import code_of
from tests.architecture.discovery import composed_services, refusals
from tests.architecture.errors_document import PLACE, document

KINDS = refusals()


def complaints(kind: type[Exception]) -> Iterator[str]:
    """What is wrong with one error class."""
    own = cast(Any, kind)
    english, turkish = getattr(own, "detail_en", ""), getattr(own, "detail_tr", "")
    if not (kind.__dict__.get("__doc__") or "").strip():
        yield "its docstring should be the English title"
    if not str(kind.__dict__.get("tr", "")).strip():
        yield "it has no Turkish title of its own"
    if bool(english) != bool(turkish):
        yield "a detail exists in both languages or in none"
    if placeholders(english) != placeholders(turkish):
        yield f"the details differ in their facts: {placeholders(english) ^ placeholders(turkish)}"


def silences(kind: type[Exception]) -> Iterator[str]:
    """Where the page of an error says no more than its title."""
    shown = describe(kind)
    for language in ("en", "tr"):
        cause, title = shown["cause"][language], shown["title"][language]
        if cause.rstrip(".").casefold() == title.casefold():
            yield f"its cause ({language}) is its title"
        if "‹" in str(shown["example"]):
            yield "its example shows a placeholder"


def causes_shared(kinds: Iterable[type[Exception]]) -> dict[str, set[str]]:
    """Causes that several codes give: one of them has not said its own."""
    codes: dict[str, set[str]] = defaultdict(set)
    for kind in kinds:
        for cause in describe(kind)["cause"].values():
            codes[cause].add(code_of(kind))
    return {cause: found for cause, found in codes.items() if len(found) > 1}


def placeholders(template: str) -> set[str]:
    """Facts a template names; one that is itself a sentence exists per language (rule_en, rule_tr)."""
    names = {name for _, name, _, _ in string.Formatter().parse(template) if name}
    return {name.removesuffix("_en").removesuffix("_tr") for name in names}


def codes_with_several_statuses(kinds: Iterable[type[Exception]]) -> dict[str, set[int]]:
    statuses: dict[str, set[int]] = defaultdict(set)
    for kind in kinds:
        statuses[code_of(kind)].add(cast(Any, kind).status)
    return {code: found for code, found in statuses.items() if len(found) > 1}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.__module__}.{kind.__qualname__}")
def test_the_error_speaks_both_languages_with_the_same_facts(kind: type[Exception]) -> None:
    assert list(complaints(kind)) == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.__module__}.{kind.__qualname__}")
def test_the_page_of_an_error_says_more_than_its_title(kind: type[Exception]) -> None:
    assert list(silences(kind)) == []


def test_every_code_has_a_cause_of_its_own() -> None:
    assert causes_shared(KINDS) == {}


def test_a_code_has_one_status_everywhere() -> None:
    assert codes_with_several_statuses(KINDS) == {}


def test_the_document_lists_exactly_the_errors_of_the_code() -> None:
    assert PLACE.exists(), "run: python -m tests.architecture.errors_document"
    assert PLACE.read_text(encoding="utf-8") == document(), (
        "run: python -m tests.architecture.errors_document"
    )


def test_errors_are_found_in_the_chassis_and_in_every_service() -> None:
    packages = {kind.__module__.split(".")[0] for kind in KINDS}
    assert {"imece_chassis", *composed_services()} <= packages


class Complete(Exception):
    """The line is full"""

    status = 409
    tr = "Satır dolu"
    detail_en = "There is room for {room}; {rule_en}."
    detail_tr = "{room} için yer var; {rule_tr}."


class Untitled(Complete):
    tr = "Başlıksız"


class OnlyEnglish(Complete):
    """The line is closed"""


class OneLanguageOfDetail(Complete):
    """The line is late"""

    tr = "Satır geç kaldı"
    detail_tr = ""


class OtherFacts(Complete):
    """The line is short"""

    tr = "Satır eksik"
    detail_tr = "{gap} eksik; {rule_tr}."


@pytest.mark.parametrize("kind", [Untitled, OnlyEnglish, OneLanguageOfDetail, OtherFacts])
def test_an_incomplete_error_is_found(kind: type[Exception]) -> None:
    assert list(complaints(kind)) != []
    assert list(complaints(Complete)) == []


def test_one_code_with_two_statuses_is_found() -> None:
    other = type("Complete", (Exception,), {"status": 404, "tr": "Yok", "__doc__": "None"})
    assert codes_with_several_statuses([Complete, other]) == {"complete": {404, 409}}


class Silent(Complete):
    """The line is silent"""

    tr = "Satır sessiz"
    cause_tr = "Kimse bir şey söylemedi."


class Told(Complete):
    """The line is told

    Somebody said so.
    """

    tr = "Satır söylendi"
    cause_tr = "Biri söyledi."


def test_a_page_that_repeats_its_title_is_found() -> None:
    assert list(silences(Silent)) == ["its cause (en) is its title"]
    assert list(silences(Told)) == []


def test_a_cause_told_twice_is_found() -> None:
    other = type("Other", (Told,), {"__doc__": "Another line is told", "tr": "Öbürü"})
    assert causes_shared([Told, other]) == {"Biri söyledi.": {"told", "other"}}
