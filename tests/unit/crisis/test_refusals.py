import string
from typing import Any

import pytest

from crisis.domain import refusals
from imece_chassis.http.problems import code_of, is_refusal, refusals_in, render

CLASSES = [kind for kind in refusals_in(refusals) if kind is not refusals.Refusal]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_refusal_speaks_both_languages_about_the_same_facts(kind: type[refusals.Refusal]):
    assert is_refusal(kind) and kind.__doc__ and kind.tr and kind.tr != kind.__doc__
    english, turkish = (
        {name for _, name, _, _ in string.Formatter().parse(text) if name}
        for text in (kind.detail_en, kind.detail_tr)
    )
    assert turkish <= english
    facts: dict[str, Any] = dict.fromkeys(english, "7")
    problem = kind(**facts)
    for language in ("tr", "en"):
        answer = render(problem, language, "request-1", "/x")
        assert answer.status == kind.status and b"{" not in answer.body[1:]


def test_codes_are_the_snake_case_of_the_class_and_unique():
    assert refusals.GapExceeded.code == "gap_exceeded"
    assert len({code_of(kind) for kind in CLASSES}) == len(CLASSES)
