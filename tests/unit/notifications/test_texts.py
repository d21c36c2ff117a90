"""Every kind speaks every mandatory language with the same figures; no value leaves its place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.domain.kinds import KINDS
from notifications.domain.rendering import Subject, placeholders, render, render_short, words
from notifications.domain.texts import LOCALES, MANDATORY_LOCALES
from notifications.domain.values import clean, quantity

PARAMS: dict[str, Any] = {
    "qty": "1000",
    "gap": "13.5",
    "unit": "adet",
    "item": "SHL-TENT-FAM",
    "district": "TUR031005",
    "area": ["TUR031", "TUR027"],
    "needed_by": "2026-02-07T06:12:00Z",
    "answer_by": "2026-02-06T10:12:00Z",
    "lease_until": "2026-02-08T06:12:00Z",
    "occurred_at": "2026-02-06T01:17:00Z",
    "until": "2026-02-09T12:00:00Z",
    "depot_district": "TUR001",
    "endpoint": "0199c2d4",
    "reason": "gone",
}


def subject(kind: str = "allocation.held", *, is_drill: bool = False, **params: Any) -> Subject:
    return Subject(
        kind=kind,
        params={**PARAMS, **params},
        crisis_no="KRZ-2026-0007",
        crisis_title={"tr": "Hatay depremi", "en": "Hatay earthquake"},
        is_drill=is_drill,
        link="https://board.example/c/1",
    )


@pytest.mark.parametrize("language", MANDATORY_LOCALES)
def test_every_kind_has_texts_in_every_mandatory_language(language: str) -> None:
    assert LOCALES[language].kinds.keys() == KINDS


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_placeholders_are_the_same_in_every_language_and_variant(kind: str) -> None:
    found = [LOCALES[language].kinds[kind] for language in MANDATORY_LOCALES]
    assert len({placeholders(text.subject) for text in found}) == 1
    assert len({placeholders(text.short) for text in found}) == 1
    assert len({placeholders("".join(text.long)) for text in found}) == 1


@pytest.mark.parametrize("language", MANDATORY_LOCALES)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_placeholder_is_a_known_word(kind: str, language: str) -> None:
    text = LOCALES[language].kinds[kind]
    known = words(subject(kind), language).keys()
    assert placeholders(text.subject + text.short + "".join(text.long)) <= known


@pytest.mark.parametrize("language", MANDATORY_LOCALES)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_message_says_its_figures_and_its_links(kind: str, language: str) -> None:
    rendered = render(subject(kind), language, "https://bildirim.example/u/token")
    assert "{" not in rendered.subject + rendered.text
    assert (
        "https://board.example/c/1" in rendered.text and "https://bildirim.example/u/token" in rendered.html
    )
    if "{quantity}" in LOCALES[language].kinds[kind].subject:
        assert ("1.000" if language == "tr" else "1,000") in rendered.subject


@pytest.mark.parametrize(("language", "goods"), [("tr", "Barınma"), ("en", "Shelter")])
def test_an_order_about_a_group_of_items_names_the_group(language: str, goods: str) -> None:
    order = {"area": ["TUR031"], "item_group": "BAR", "until": "2026-02-09T12:00:00Z"}
    stop = Subject("saturation_order.issued", order, "KRZ-2026-0007", {}, is_drill=False, link="https://x")
    rendered = render(stop, language, "https://x/u/1")
    assert goods in rendered.subject and "Hatay" in rendered.subject
    assert rendered.text.count("–") >= 1, "without a depot a dash stands for it"


def test_the_same_params_always_give_the_same_bytes() -> None:
    assert render(subject(), "ar", "https://x/u/1") == render(subject(), "ar", "https://x/u/1")


@pytest.mark.parametrize(("language", "mark"), [("tr", "TATBİKAT"), ("en", "EXERCISE"), ("ar", "تمرين")])
def test_every_text_of_an_exercise_starts_by_saying_so(language: str, mark: str) -> None:
    rendered = render(subject(is_drill=True), language, "https://x/u/1")
    head, short = render_short(subject(is_drill=True), language)
    assert all(text.startswith(mark) for text in (rendered.subject, rendered.text, head, short))
    assert mark in rendered.html


def test_arabic_is_right_to_left_with_isolated_values() -> None:
    rendered = render(subject(), "ar", "https://x/u/1")
    assert 'dir="rtl"' in rendered.html and "<bdi>1,000</bdi>" in rendered.html
    assert "\u20681,000\u2069" in rendered.subject


def test_an_unknown_language_falls_back_to_turkish() -> None:
    assert render(subject(), "de", "https://x/u/1").language == "tr"


@given(st.text())
def test_no_value_breaks_a_line_or_turns_the_direction(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= 200
    assert not set("\r\n\t\x00\x0b\x85\u2028\u2029\u202e\u2066\u2067\u2068\u2069") & set(cleaned)
    cleaned.encode()


@pytest.mark.parametrize("language", MANDATORY_LOCALES)
def test_hostile_values_stay_text_in_every_part(language: str) -> None:
    evil = "<script>alert(1)</script>\r\nBcc: x@y.example {crisis} \u202e"
    rendered = render(subject(unit=evil, item=evil, district=evil), language, "https://x/u/1")
    assert "\n" not in rendered.subject and "\r" not in rendered.text
    assert "<script>" not in rendered.html and "\u202e" not in rendered.text


@pytest.mark.parametrize(
    ("text", "turkish", "english"),
    [("1234567.5", "1.234.567,5", "1,234,567.5"), ("0", "0", "0"), ("x", "x", "x"), ("NaN", "NaN", "NaN")],
)
def test_quantities_are_written_as_the_language_writes_them(text: str, turkish: str, english: str) -> None:
    assert quantity(text, LOCALES["tr"]) == turkish
    assert quantity(text, LOCALES["en"]) == english


def test_items_and_units_are_named_in_the_readers_language() -> None:
    assert words(subject(), "tr")["unit"] == "adet" and "adır" in words(subject(), "tr")["item"]
    assert words(subject(), "en")["unit"] == "piece" and "tent" in words(subject(), "en")["item"]
    assert words(subject(item="NO-SUCH"), "en")["item"] == "NO-SUCH"
