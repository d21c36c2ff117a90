"""The checks of data/SOURCES.md, repeated against the loaders."""

import math
import re
from collections import Counter
from importlib.resources import files

import pycountry
import pytest

from imece_reference.equivalences import equivalence, equivalences
from imece_reference.items import item, items
from imece_reference.kinds import kind, kinds
from imece_reference.places import distance_km, provinces
from imece_reference.refusals import UnknownCode
from imece_reference.sectors import sector, sectors
from imece_reference.sphere import estimate, standard, standards
from imece_reference.tables import rows
from imece_reference.tamp import tamp_group, tamp_groups
from imece_reference.tiles import COLUMNS, ROWS, tile, tiles
from imece_reference.turkish import ALPHABET
from imece_reference.units import unit, units

LISTS = (
    "equivalences",
    "items",
    "organisation_kinds",
    "province_tiles",
    "provinces",
    "sectors",
    "sphere",
    "tamp_groups",
)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_plain_utf8_with_full_rows(name: str) -> None:
    raw = (files("imece_reference") / "data" / f"{name}.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    for row in rows(name):
        assert None not in row.values()
        assert None not in row


def test_there_are_81_provinces_with_unique_codes() -> None:
    everything = provinces()
    assert [p.plate for p in everything] == [f"{n:02d}" for n in range(1, 82)]
    for values in ({p.iso for p in everything}, {p.pcode for p in everything}, {p.nuts3 for p in everything}):
        assert len(values) == 81
    assert len({p.nuts2 for p in everything}) == 26
    assert len({p.nuts1 for p in everything}) == 12
    assert all(p.nuts1 == p.nuts2[:3] for p in everything)
    assert all(p.pcode == f"TUR0{p.plate}" for p in everything)
    assert sum(p.is_metropolitan for p in everything) == 30


def test_provinces_equal_the_iso_list() -> None:
    official = {s.code for s in pycountry.subdivisions.get(country_code="TR") or [] if s.type == "Province"}
    assert {p.iso for p in provinces()} == official


def test_the_seven_regions_have_their_provinces() -> None:
    assert Counter(p.region for p in provinces()) == {
        "Karadeniz": 18,
        "Doğu Anadolu": 14,
        "İç Anadolu": 13,
        "Marmara": 11,
        "Güneydoğu Anadolu": 9,
        "Ege": 8,
        "Akdeniz": 8,
    }


def test_upstream_mistakes_stay_corrected() -> None:
    by_name = {p.name_tr: p for p in provinces()}
    assert by_name["Çankırı"].region == "İç Anadolu"
    assert by_name["Hakkari"].region == "Doğu Anadolu"
    assert by_name["Tekirdağ"].nuts3 == "TR211"
    assert by_name["Malatya"].nuts3 == "TRB11"
    assert by_name["Ankara"].nuts3 == "TR510"


def test_centres_lie_inside_the_country() -> None:
    assert all(35.8 < p.lat < 42.2 and 25.6 < p.lon < 44.9 for p in provinces())


def test_every_province_has_its_own_tile() -> None:
    cells = tiles()
    assert {t.plate for t in cells} == {p.plate for p in provinces()}
    assert len({(t.col, t.row) for t in cells}) == 81
    assert all(0 <= t.col < COLUMNS and 0 <= t.row < ROWS for t in cells)
    assert {(1, 2), (6, 5)}.isdisjoint((t.col, t.row) for t in cells), "water stays empty"


def test_the_grid_follows_the_map() -> None:
    def correlation(xs: list[float], ys: list[float]) -> float:
        mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
        cross = sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True))
        return cross / (sum((x - mx) ** 2 for x in xs) * sum((y - my) ** 2 for y in ys)) ** 0.5

    everything = provinces()
    east = correlation([tile(p.plate).col for p in everything], [p.lon for p in everything])
    south = correlation([tile(p.plate).row for p in everything], [-p.lat for p in everything])
    assert round(east, 3) == 0.994
    assert round(south, 3) == 0.961


def test_the_plan_has_25_groups_now_and_had_28_in_2014() -> None:
    assert len(tamp_groups()) == 25
    assert Counter(g.level for g in tamp_groups()) == {"national_local": 23, "national": 2}
    assert len(tamp_groups("2014")) == 28
    assert all(g.cluster is None or sector(g.cluster) for e in ("2014", "2022") for g in tamp_groups(e))
    with pytest.raises(UnknownCode):
        tamp_groups("1999")


def test_feeding_is_food_security_and_not_nutrition() -> None:
    assert tamp_group("BES").cluster == "FSC"


def test_sectors_have_known_parents() -> None:
    assert len(sectors()) == 20
    assert all(s.parent is None or sector(s.parent).kind == "cluster" for s in sectors())


def test_items_refer_to_known_sectors_groups_and_units() -> None:
    assert len(items()) == 42
    for each in items():
        assert sector(each.sector)
        assert tamp_group(each.tamp_group)
        assert unit(each.base_unit)
        assert all(unit(pack) and factor > 1 for pack, factor in each.packs.items())
        assert each.base_unit not in each.packs
        assert re.fullmatch(r"[A-Z]{3}(-[A-Z0-9]+)+", each.code)
        assert hash(each)


def test_what_stands_in_for_another_is_another_item_by_whole_numbers() -> None:
    assert len(equivalences()) == 6
    for pair in equivalences():
        given, asked = item(pair.item_code), item(pair.stands_in_for)
        assert given != asked and {given.kind, asked.kind} == {"goods"}
        assert math.gcd(pair.num, pair.den) == 1 and min(pair.num, pair.den) >= 1
    six_for_four = equivalence("SHL-TENT-6P", "SHL-TENT-4P")
    assert six_for_four is not None and (six_for_four.num, six_for_four.den) == (3, 2)
    assert equivalence("SHL-TENT-FAM", "FSC-FLOUR") is None


def test_measures_without_figures_are_marked_unknown() -> None:
    without = [i for i in items() if i.measures == "sourced" and i.weight_kg is None]
    assert without == []
    assert {unit(i.base_unit).is_divisible for i in items() if i.unit_rec20 in ("LTR", "KGM")} == {True}
    assert {i.is_divisible for i in items() if i.unit_rec20 == "H87"} == {False}


def test_kinds_know_who_may_hold_rights() -> None:
    assert len(kinds()) == 33
    assert kind("dernek").minimum == 7
    assert not kind("platform").is_legal_person
    assert kind("sube").is_parent_required
    assert Counter(k.family for k in kinds())["internal"] == 2
    with pytest.raises(UnknownCode) as refused:
        kind("kulüp")
    assert refused.value.facts == {"list": "organisation_kinds", "value": "kulüp"}


def test_minimum_standards_are_complete() -> None:
    codes = {i.code for i in items()}
    assert len(standards()) == 27
    for figure in standards():
        assert figure.rule in ("multiply", "divide", "threshold", "parameter")
        assert sector(figure.sector)
        assert figure.item_code is None or figure.item_code in codes
        assert figure.value_min is not None or figure.value_max is not None


def test_estimates_multiply_by_days_and_round_facilities_up() -> None:
    assert estimate("water_minimum", persons=1000, days=7) == 105_000
    assert estimate("toilet_persons", persons=101) == 6
    assert estimate("living_space", persons=10, days=30) == 35
    assert standard("water_minimum").unit == "L"
    with pytest.raises(ValueError, match="no figure"):
        estimate("water_queue", persons=10)
    with pytest.raises(ValueError, match="counts"):
        estimate("water_minimum", persons=-1)


def test_distances_are_great_circles() -> None:
    assert 345 < distance_km("34", "06") < 355
    assert distance_km("31", "31") == 0
    assert distance_km("22", "30") == distance_km("30", "22") > 1200


def test_the_alphabet_has_29_turkish_letters_and_three_guests() -> None:
    assert len(ALPHABET) == 32 == len(set(ALPHABET))


def test_unknown_codes_of_every_list_are_refused_by_name() -> None:
    for look_up, name in (
        (sector, "sectors"),
        (unit, "units"),
        (standard, "sphere"),
        (kind, "organisation_kinds"),
    ):
        with pytest.raises(UnknownCode) as refused:
            look_up("nope")
        assert refused.value.facts == {"list": name, "value": "nope"}
    with pytest.raises(UnknownCode):
        tamp_group("ILT", "2014")
    assert {u.code for u in units()} >= {pack for item in items() for pack in item.packs}
