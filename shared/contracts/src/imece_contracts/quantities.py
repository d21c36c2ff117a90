"""Quantities travel as decimal text, never as floats: "500", "13.5"."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainSerializer

MAX_DIGITS = 18
DECIMAL_PLACES = 3


def decimal_text(value: Decimal) -> str:
    """Shortest plain text of a quantity: no exponent, no trailing zeros ("200", "0.5", "0")."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


Qty = Annotated[
    Decimal,
    Field(max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES, allow_inf_nan=False),
    PlainSerializer(decimal_text, return_type=str),
]
