"""Turkish case and alphabetical order, and the detector for identity numbers."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imece_reference.identity_numbers import has_national_id
from imece_reference.places import provinces
from imece_reference.turkish import ascii_key, fold, sort_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("İSTANBUL", "istanbul"),
        ("ISPARTA", "ısparta"),
        ("Iğdır", "ığdır"),
        ("ÇAĞRI", "çağrı"),
        ("I\u0307zmir", "izmir"),
        ("i\u0307zmir", "izmir"),
        ("Straße", "strasse"),
    ],
)
def test_folding_knows_both_letters_i(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_dotless_and_dotted_stay_different_until_the_ascii_key() -> None:
    assert fold("ILIK") != fold("İLİK")
    assert ascii_key("ILIK") == ascii_key("İLİK") == "ilik"
    assert ascii_key("Hâkim Çağrı ÖĞÜN") == "hakim cagri ogun"


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert "\x00" in text or sort_key(text) == sort_key(text.strip())


def test_names_sort_in_turkish_alphabetical_order() -> None:
    ordered = ["Cizre", "Çanakkale", "Diyarbakır", "Gebze", "Ğ", "Hatay", "Isparta", "İzmir", "Konya", "Ordu"]
    ordered += ["Ödemiş", "Sivas", "Şırnak", "Uşak", "Ünye", "Van", "Zonguldak"]
    shuffled = random.Random(7).sample(ordered, len(ordered))
    assert sorted(shuffled, key=sort_key) == ordered


def test_spaces_come_before_digits_and_digits_before_letters() -> None:
    ordered = ["Yardım", "Yardım 2", "Yardım Ağı", "Yardım Derneği", "Yardımlaşma"]
    assert sorted(random.Random(3).sample(ordered, len(ordered)), key=sort_key) == ordered
    assert sort_key("Kâr-Yardım") == sort_key("kar  yardım")


def test_sort_keys_of_provinces_are_plain_ascii() -> None:
    assert all(sort_key(p.name_tr).isascii() for p in provinces())


def identity_number(first_nine: str) -> str:
    d = [int(c) for c in first_nine]
    tenth = (sum(d[0::2]) * 7 - sum(d[1::2])) % 10
    return first_nine + str(tenth) + str((sum(d) + tenth) % 10)


@given(st.integers(min_value=100_000_000, max_value=999_999_999))
def test_a_number_with_a_valid_checksum_is_found_anywhere(first_nine: int) -> None:
    number = identity_number(str(first_nine))
    assert has_national_id(number)
    assert has_national_id(f"Dernek {number} 2024 adına")
    assert has_national_id(f"{number[:3]} {number[3:6]} {number[6:9]} {number[9:]}")
    assert has_national_id(".".join(number))
    assert has_national_id(number[:5] + "\u200b" + number[5:])
    assert has_national_id(number.translate({ord("0") + n: 0x0660 + n for n in range(10)}))
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert not has_national_id(wrong)


@pytest.mark.parametrize(
    "text", ["", "Yardım Derneği", "0532 123 45 67", "31-042-117", "9" * 12, "12345678901"]
)
def test_other_numbers_pass(text: str) -> None:
    assert not has_national_id(text)
