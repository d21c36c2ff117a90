"""Which needs look like the same one: same group, near, recent, and said alike, the Turkish way."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from crisis.domain.clocks import Urgency
from crisis.domain.duplicates import MOST_SHOWN, Candidate, hints_for, near_plates
from crisis.domain.needs import LineRequest, Need, Statement, stated
from tests.unit.crisis.examples import ASKER, NOW, a_crisis, a_line, new_id

PARCEL, BLANKET = "FSC-PARC-5P1M", "SHL-BLNK-MED"
TEXT = "Yılmaz ailesi için erzak, İskenderun Barbaros Mahallesi"


def a_need(title: str | None = TEXT, code: str = PARCEL, unit: str = "koli") -> Need:
    line = LineRequest(code, "3", unit, a_line().needed_by)
    said = Statement("TUR031005", Urgency.URGENT, (line,), title=title)
    return stated(a_crisis(), ASKER, said, NOW, new_id)


def a_candidate(title: str | None = TEXT, **changes: Any) -> Candidate:
    plain = Candidate(new_id(), ASKER, "TUR031005", "submitted", NOW, title, None, (PARCEL,))
    return replace(plain, **changes)


def likeness(need: Need, other: Candidate) -> Decimal | None:
    hints = hints_for(need, [other])
    return hints[0].similarity if hints else None


def test_the_same_text_is_wholly_alike_and_one_letter_less_nearly():
    assert likeness(a_need(), a_candidate()) == 1
    changed = likeness(a_need(), a_candidate(TEXT.replace("erzak", "ersak")))
    assert changed is not None and Decimal("0.9") < changed < 1


def test_case_is_folded_the_turkish_way():
    assert likeness(a_need(), a_candidate("YILMAZ AİLESİ İÇİN ERZAK, İSKENDERUN BARBAROS MAHALLESİ")) == 1
    dotless = likeness(a_need("ilik su"), a_candidate("ılık su"))
    assert dotless is not None and dotless < 1


def test_without_any_text_the_things_asked_for_speak():
    assert likeness(a_need(None), a_candidate(None)) == 1


def test_different_things_for_one_household_are_no_duplicates():
    heating = a_candidate(TEXT.replace("erzak", "battaniye"), item_codes=(BLANKET,))
    assert likeness(a_need(), heating) is None


def test_something_said_otherwise_is_no_hint():
    other = a_candidate("Depo 4 nolu cadde üstü, kasım sevki", item_codes=("FSC-FLOUR",))
    assert likeness(a_need("Okul bahçesi, çocuklara süt"), other) is None


def test_the_likeliest_come_first_and_the_same_district_before_another():
    far, near = a_candidate(district="TUR031009"), a_candidate()
    less = a_candidate(TEXT + " yakınında okul")
    assert [hint.need_id for hint in hints_for(a_need(), [less, far, near])] == [
        near.need_id,
        far.need_id,
        less.need_id,
    ]
    assert len(hints_for(a_need(), [a_candidate() for _ in range(20)])) == MOST_SHOWN


@pytest.mark.parametrize(("plate", "near", "far"), [("31", "80", "06"), ("34", "41", "35")])
def test_near_is_the_own_province_first_and_close_centres(plate: str, near: str, far: str):
    plates = near_plates(plate)
    assert plates[0] == plate and near in plates and far not in plates
