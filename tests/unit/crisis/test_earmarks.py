from typing import Any

import pytest

from crisis.domain.alternatives import Alternative
from crisis.domain.clocks import Urgency
from crisis.domain.earmarks import Earmark, earmark_of, fits, misfits
from crisis.domain.refusals import EarmarkInvalid, SupplyExceeded
from imece_reference.refusals import UnknownPlace
from tests.unit.crisis.examples import ASKER, NOW, PLEDGER, TENT, a_line, new_id

HATAY, MALATYA = "TUR031", "TUR044"


def earmark(**sets: Any) -> Earmark:
    return earmark_of(sets)


def test_an_empty_earmark_fits_everywhere_even_where_earmarks_are_unwelcome():
    assert fits(Earmark(), a_line(is_earmark_welcome=False))
    assert not Earmark() and earmark(places=[HATAY])


def test_a_province_covers_its_districts_and_one_of_several_places_is_enough():
    assert fits(earmark(places=[HATAY]), a_line(district="TUR031005"))
    assert fits(earmark(places=[MALATYA, HATAY]), a_line(district="TUR031005"))
    assert not fits(earmark(places=[HATAY]), a_line(district="TUR044002"))
    assert not fits(earmark(places=["TUR031005"]), a_line(district="TUR031006"))


def test_every_set_must_be_met_and_the_unmet_ones_are_named():
    wanted = earmark(places=[HATAY], tamp_groups=["BAR"], asker_orgs=[str(ASKER)])
    assert fits(wanted, a_line(tamp_group="BAR"))
    stranger = a_line(tamp_group="BES", asker_org_id=PLEDGER, district="TUR044001")
    assert misfits(wanted, stranger) == ("places", "tamp_groups", "asker_orgs")


def test_population_groups_fit_only_a_line_that_names_one_of_them():
    wanted = earmark(populations=["women", "children"])
    assert not fits(wanted, a_line())
    assert fits(wanted, a_line(populations=frozenset({"children", "elderly"})))


def test_an_item_earmark_looks_at_what_is_asked_and_at_what_is_given():
    assert fits(earmark(items=[TENT]), a_line())
    assert fits(earmark(items=["SHL-TENT-FAM6"]), a_line(), item_code="SHL-TENT-FAM6")
    assert not fits(earmark(items=["FSC-FLOUR"]), a_line())


def test_a_line_may_not_want_earmarked_goods():
    assert not fits(earmark(places=[HATAY]), a_line(is_earmark_welcome=False))


def test_what_is_stored_reads_back_as_the_same_earmark():
    wanted = earmark(places=[HATAY], asker_orgs=[str(ASKER)], populations=["women"])
    assert earmark_of(wanted.as_document()) == wanted
    assert set(wanted.as_document()) == {"places", "asker_orgs", "populations"}


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ({"towns": ["x"]}, EarmarkInvalid),
        ({"populations": ["Ayşe"]}, EarmarkInvalid),
        ({"asker_orgs": ["nobody"]}, EarmarkInvalid),
        ({"places": ["Hatay"]}, UnknownPlace),
    ],
)
def test_what_cannot_be_read_is_refused(document: dict[str, list[str]], error: type[Exception]):
    with pytest.raises(error):
        earmark_of(document)


def test_a_refusal_may_say_where_else_the_goods_are_missing():
    gap = Alternative(
        new_id(), new_id(), "TUR046003", a_line().min_useful + 40, "adet", NOW, Urgency.URGENT, 120
    )
    refused = SupplyExceeded(quantity="5", free="0", unit="adet", alternatives=[gap.as_facts()])
    assert refused.facts["alternatives"] == [
        {
            "need_line": str(gap.need_line_id),
            "need": str(gap.need_id),
            "district": "TUR046003",
            "room": "40",
            "unit": "adet",
            "needed_by": "2026-02-06T09:00:00Z",
            "urgency": "urgent",
            "distance_km": 120,
        }
    ]
    assert "alternatives" not in SupplyExceeded(quantity="5", free="0", unit="adet").facts
