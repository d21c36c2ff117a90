"""P-codes and plates."""

import pytest

from imece_reference.places import covers, is_valid_pcode, is_valid_plate, place, province
from imece_reference.refusals import UnknownPlace
from imece_reference.tiles import tile


@pytest.mark.parametrize("pcode", ["TUR001", "TUR031", "TUR081", "TUR031005", "TUR081999"])
def test_a_pcode_of_a_province_or_district_is_valid(pcode: str) -> None:
    assert is_valid_pcode(pcode)
    assert place(pcode).plate == pcode[4:6]


@pytest.mark.parametrize(
    "pcode",
    ["", "TUR000", "TUR082", "TUR131", "TUR31", "TUR0310", "tur031", "TUR031\n", "TUR٠٣١", "TUR0310051"],
)
def test_anything_else_is_refused(pcode: str) -> None:
    assert not is_valid_pcode(pcode)
    with pytest.raises(UnknownPlace):
        place(pcode)


def test_a_district_knows_its_province() -> None:
    antakya = place("TUR031005")
    assert (antakya.plate, antakya.province_name, antakya.is_district) == ("31", "Hatay", True)
    assert not place("TUR031").is_district


def test_plates_keep_their_leading_zero() -> None:
    assert is_valid_plate("06")
    assert not is_valid_plate("6")
    with pytest.raises(UnknownPlace) as refused:
        province("82")
    assert refused.value.facts == {"place": "82"}
    assert "82" in str(refused.value)
    with pytest.raises(UnknownPlace):
        tile("00")


def test_a_province_covers_its_districts_and_a_district_only_itself() -> None:
    assert covers("TUR031", "TUR031005")
    assert covers("TUR031", "TUR031")
    assert not covers("TUR031005", "TUR031")
    assert not covers("TUR031005", "TUR031006")
    assert not covers("TUR001", "TUR031005")
