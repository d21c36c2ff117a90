import json
import re
import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from crisis.domain import refusals
from crisis.domain.refusals.words import ACTIONS, KINDS, PLACES, SAME, SIDES
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


SOURCES = "\n".join(path.read_text() for path in Path(refusals.__file__).parents[2].rglob("*.py"))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (r'NotFound\(\s*kind="([^"]+)"', KINDS),
        (r'SameParty\(side="([^"]+)"', SIDES),
        (r'SameParty\(side="[^"]+", action="([^"]+)"', ACTIONS),
        (r'must_be_of_another\(\w+, "([^"]+)"', ACTIONS),
        (r'known_reason\([^()]+, "([^"]+)"\)', ACTIONS),
        (r'known_reason\([^()]+, [A-Z_]+, "([^"]+)"\)', ACTIONS),
        (r'same="([^"]+)" if', SAME),
        (r'place="([^"]+)"\)', PLACES),
    ],
)
def test_every_word_a_refusal_fills_in_has_a_turkish_one(found: str, words: Mapping[str, str]):
    used = set(re.findall(found, SOURCES))
    assert used and used <= words.keys()


@pytest.mark.parametrize(
    ("problem", "english", "turkish"),
    [
        (
            refusals.RoleMissing(roles="secretariat", place="TUR"),
            "This needs one of the roles secretariat for the whole country.",
            "Bu işlem Türkiye geneli için şu rollerden birini gerektirir: secretariat.",
        ),
        (
            refusals.RoleMissing(roles="asker", place="TUR031005"),
            "This needs one of the roles asker for TUR031005.",
            "Bu işlem TUR031005 için şu rollerden birini gerektirir: asker.",
        ),
        (
            refusals.SameParty(side="pledger", action="decide on the offer"),
            "Your organisation is the pledger here; another organisation must decide on the offer.",
            (
                "Kurumunuz burada taraf (taahhüt eden kurum); "
                "bu işlemi başka bir kurum yapmalı: teklif hakkında karar."
            ),
        ),
        (
            refusals.NotAwaited(awaiting="asker_side"),
            "This allocation waits for the asker's side.",
            "Bu tahsiste yanıt beklenen taraf: isteyen taraf.",
        ),
        (
            refusals.GapExceeded(quantity="40", room="30", gap="20", unit="adet"),
            "40 adet was to be accepted and there is room for 30 adet: gap is 20.",
            "40 adet kabul edilmek istendi, 30 adet yer var: eksik 20.",
        ),
        (
            refusals.NotYourCondition(stated_by="asker_side", answer="met"),
            "The condition was stated by the asker's side; only that side may say met.",
            "Koşulu koyan taraf: isteyen taraf; bunu yalnız o taraf söyleyebilir (gerçekleşti).",
        ),
    ],
)
def test_codes_become_words_in_sentences_and_stay_codes_as_members(
    problem: refusals.Refusal, english: str, turkish: str
):
    for language, sentence in (("en", english), ("tr", turkish)):
        document = json.loads(render(problem, language, "request-1", "/x").body)
        assert document["detail"] == sentence
        assert {name: document[name] for name in problem.facts} == problem.facts
