"""Places: the 81 provinces by plate (two characters, leading zero) and p-codes of provinces and districts.

A p-code is `TUR` + three-digit plate, for a district + three digits. District names are not part of this
edition: a district is valid by its form and belongs to the province in its code.
Coordinates are provincial centres (for pins and distances), not centroids of areas.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from .refusals import UnknownPlace
from .tables import rows

PCODE_PATTERN = r"^TUR0(0[1-9]|[1-7]\d|8[01])(\d{3})?$"
PROVINCE_PATTERN = r"^TUR0(0[1-9]|[1-7]\d|8[01])$"
PLATE_PATTERN = r"^(0[1-9]|[1-7]\d|8[01])$"
_PCODE = re.compile(PCODE_PATTERN.rstrip("$") + r"\Z", re.ASCII)

MEAN_EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Province:
    """One of the 81 provinces; lat and lon in degrees (WGS 84) of the provincial centre."""

    plate: str
    name_tr: str
    name_en: str
    iso: str
    pcode: str
    region: str
    lat: float
    lon: float
    region_en: str
    nuts1: str
    nuts2: str
    nuts3: str
    phone_area_codes: tuple[str, ...]
    is_metropolitan: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A province or district by p-code, with the province it lies in."""

    pcode: str
    plate: str
    province_name: str
    is_district: bool


@cache
def _by_plate() -> Mapping[str, Province]:
    return MappingProxyType({row["plate_code"]: _province(row) for row in rows("provinces")})


def _province(row: Mapping[str, str]) -> Province:
    return Province(
        plate=row["plate_code"],
        name_tr=row["name_tr"],
        name_en=row["name_en"],
        iso=row["iso_3166_2"],
        pcode=row["p_code"],
        region=row["region_tr"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        region_en=row["region_en"],
        nuts1=row["nuts1"],
        nuts2=row["nuts2"],
        nuts3=row["nuts3"],
        phone_area_codes=tuple(row["phone_area_codes"].split("|")),
        is_metropolitan=row["metropolitan"] == "true",
    )


def provinces() -> tuple[Province, ...]:
    """All provinces in plate order."""
    return tuple(_by_plate().values())


def province(plate: str) -> Province:
    """The province of a two-character plate code; raises UnknownPlace."""
    try:
        return _by_plate()[plate]
    except KeyError:
        raise UnknownPlace(place=plate[:40]) from None


def is_valid_plate(text: str) -> bool:
    return text in _by_plate()


def is_valid_pcode(text: str) -> bool:
    return _PCODE.match(text) is not None


def place(pcode: str) -> Place:
    """The place of a p-code like `TUR031` or `TUR031005`; raises UnknownPlace."""
    if not is_valid_pcode(pcode):
        raise UnknownPlace(place=pcode[:40])
    home = _by_plate()[pcode[4:6]]
    return Place(pcode=pcode, plate=home.plate, province_name=home.name_tr, is_district=len(pcode) > 6)


def covers(area: str, pcode: str) -> bool:
    """Whether a p-code lies inside an area given as p-code; raises UnknownPlace for either."""
    outer, inner = place(area), place(pcode)
    return outer.pcode == inner.pcode if outer.is_district else outer.plate == inner.plate


def distance_km(plate: str, other: str) -> float:
    """Great-circle distance between two provincial centres in kilometres; raises UnknownPlace."""
    a, b = province(plate), province(other)
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = math.sin((lat_b - lat_a) / 2) ** 2
    half_lon = math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    chord = half_lat + math.cos(lat_a) * math.cos(lat_b) * half_lon
    return 2 * MEAN_EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))
