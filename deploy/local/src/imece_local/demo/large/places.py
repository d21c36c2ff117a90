"""Where the large demonstration plays: the provinces of the earthquakes of February 2023, and who helps."""

from collections.abc import Mapping
from types import MappingProxyType

DISTRICTS: Mapping[str, int] = MappingProxyType(
    {
        "31": 15,
        "46": 11,
        "02": 9,
        "27": 9,
        "44": 13,
        "80": 7,
        "01": 15,
        "21": 17,
        "63": 13,
        "79": 4,
        "23": 11,
    }
)
"""How many districts each province has, by plate; a district's p-code is the province's and a number."""
HELPING = (
    "06", "07", "09", "10", "16", "20", "22", "25", "26", "33", "34", "35", "38", "41", "42", "48", "54",
    "55", "59", "61", "65",
)  # fmt: skip
"""Plates of provinces that send goods."""
