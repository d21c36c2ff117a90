"""Every error a caller may see has both languages, the same facts in each, and a place in the document."""

import string
from collections import defaultdict
from typing import Any, cast

import pytest

from imece_chassis.http.problems import code_of
from tests.architecture.discovery import composed_services, refusals
from tests.architecture.errors_document import PLACE, document

KINDS = refusals()


def placeholders(template: str) -> set[str]:
    """Facts a template names; one that is itself a sentence exists per language (rule_en, rule_tr)."""
    names = {name for _, name, _, _ in string.Formatter().parse(template) if name}
    return {name.removesuffix("_en").removesuffix("_tr") for name in names}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.__module__}.{kind.__qualname__}")
def test_the_error_speaks_both_languages_with_the_same_facts(kind: type[Exception]) -> None:
    own = cast(Any, kind)
    assert (kind.__dict__.get("__doc__") or "").strip(), "its docstring is the English title"
    assert "tr" in kind.__dict__, "it has a Turkish title of its own"
    assert own.tr.strip()
    english, turkish = getattr(own, "detail_en", ""), getattr(own, "detail_tr", "")
    assert bool(english) == bool(turkish), "a detail exists in both languages or in none"
    assert placeholders(english) == placeholders(turkish)


def test_a_code_has_one_status_everywhere() -> None:
    statuses: dict[str, set[int]] = defaultdict(set)
    for kind in KINDS:
        statuses[code_of(kind)].add(cast(Any, kind).status)
    assert {code: found for code, found in statuses.items() if len(found) > 1} == {}


def test_the_document_lists_exactly_the_errors_of_the_code() -> None:
    assert PLACE.exists(), "run: python -m tests.architecture.errors_document"
    assert PLACE.read_text(encoding="utf-8") == document(), (
        "run: python -m tests.architecture.errors_document"
    )


def test_errors_are_found_in_the_chassis_and_in_every_composed_service() -> None:
    packages = {kind.__module__.split(".")[0] for kind in KINDS}
    assert {"imece_chassis", *composed_services()} <= packages
