"""What the demo's places ask for: items of the catalogue with believable sizes in their base unit."""

from imece_local.demo.scenario import Want
from imece_reference.items import item

SIZES: dict[str, tuple[int, ...]] = {
    "SHL-TENT-FAM": (80, 150, 300, 500),
    "SHL-BLNK-MED": (400, 1000, 2500),
    "SHL-SLEEP-COLD": (150, 400, 900),
    "SHL-TARP-4X6": (100, 250),
    "SHL-STOVE-WC": (60, 120, 200),
    "ERY-GEN-3": (6, 12, 20),
    "ERY-FUEL-DSL": (500, 2000, 5000),
    "WSH-WATER-BULK": (5000, 12000, 30000),
    "WSH-HYG-5P1M": (100, 300, 600),
    "WSH-TOILET-MOB": (10, 25, 40),
    "FSC-PARC-5P1M": (150, 400, 800),
    "FSC-FLOUR": (1000, 4000),
    "HEA-FAK": (20, 50, 100),
}


def wants() -> list[Want]:
    """The catalogue items above, with the base unit of the edition in use."""
    return [Want(code, item(code).base_unit, sizes) for code, sizes in SIZES.items()]
