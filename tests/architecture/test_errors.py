"""Every error a caller may see has both languages, the same facts in each, and a place in the document."""

import string
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, cast

import pytest

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
