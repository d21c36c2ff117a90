"""The language of an answer comes from Accept-Language; Turkish is the fallback."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imece_chassis.http.languages import negotiate


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "tr"),
        ("", "tr"),
        ("en", "en"),
        ("EN-gb", "en"),
        ("tr-TR,tr;q=0.9,en;q=0.8", "tr"),
        ("en;q=0.8, tr;q=0.9", "tr"),
        ("de-DE,en;q=0.3", "en"),
        ("de, fr;q=0.5", "tr"),
        ("*", "tr"),
        ("tr;q=0, *;q=0.5", "en"),
        ("en;q=0", "tr"),
        ("en;q=2", "tr"),
        ("en;q=nan", "tr"),
        ("en;q=x, tr;q=0.1", "tr"),
        ("en ; q=1.0", "en"),
        ("en;level=1", "en"),
        (";;,,q=1", "tr"),
    ],
)
def test_the_best_supported_language_by_weight_is_chosen(header: str | None, language: str) -> None:
    assert negotiate(header) == language


@given(st.text(max_size=2000))
def test_no_header_breaks_it(header: str) -> None:
    assert negotiate(header) in {"tr", "en"}
