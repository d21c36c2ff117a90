"""What a quantity given is worth where it is needed: exact ratios of whole numbers, nothing is ever rounded.

`num` need units are done by `den` supply units. Goods that cannot be divided move in whole supply units, so a
need may be left with less than one of them missing; that rest counts as covered.
"""

import math
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from imece_reference.equivalences import equivalence

from .allocations import Allocation
from .lines import Line
from .refusals import ItemNotEqual, RatioInexact
from .units import goods, plain

THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Ratio:
    """`grain` is the smallest supply quantity that may move by itself: one piece, or a thousandth."""

    num: int
    den: int
    grain: Decimal

    @property
    def _steps(self) -> int:
        """Every how many grains both sides are exact with three decimals."""
        need_thousandths = self.grain * self.num / THOUSANDTH
        return self.den // math.gcd(int(need_thousandths), self.den)

    @property
    def smallest_supply(self) -> Decimal:
        """The smallest supply quantity that is exact on both sides; all others are its multiples."""
        return self.grain * self._steps

    @property
    def smallest_need(self) -> Decimal:
        """The same in need units."""
        return self.need_of(self.smallest_supply)

    def need_of(self, supply: Decimal) -> Decimal:
        """What a workable supply quantity does."""
        return supply * self.num / self.den

    def supply_of(self, need: Decimal) -> Decimal:
        """What a workable need quantity takes."""
        return need * self.den / self.num

    def down(self, need: Decimal) -> Decimal:
        """The largest workable need quantity that is not above this one."""
        if self.num == self.den and self.grain == THOUSANDTH:
            return need
        whole = (need / self.smallest_need).to_integral_value(ROUND_FLOOR)
        return whole * self.smallest_need

    def must_work(self, supply: Decimal, unit: str) -> None:
        """Raise RatioInexact with the nearest workable supply quantities unless this one is exact."""
        if self.num == self.den:
            return
        smallest = self.smallest_supply
        if supply % smallest:
            _refuse(supply, smallest, unit)

    def must_divide(self, need: Decimal, unit: str) -> None:
        """Raise RatioInexact with the nearest workable need quantities unless this one is exact."""
        smallest = self.smallest_need
        if need % smallest:
            _refuse(need, smallest, unit)


def ratio_between(item_code: str, line: Line) -> Ratio:
    """How goods of this item serve the line; raises ItemNotEqual unless equal or allowed to stand in."""
    grain = _grain(item_code)
    if item_code == line.item_code:
        return Ratio(1, 1, grain)
    known = equivalence(item_code, line.item_code)
    if known is None or line.substitution == "none":
        raise ItemNotEqual(
            item_code=item_code, wanted=line.item_code, substitution=line.substitution, known=_known(known)
        )
    return Ratio(known.num, known.den, grain)


def ratio_of_row(num: int, den: int, item_code: str) -> Ratio:
    """A ratio as frozen on a row; `item_code` is the item really given."""
    return Ratio(num, den, _grain(item_code))


def ratio_of(row: Allocation, line: Line) -> Ratio:
    """The ratio a row froze when it was proposed."""
    return ratio_of_row(row.ratio_num, row.ratio_den, row.given_item or line.item_code)


def _grain(item_code: str) -> Decimal:
    return THOUSANDTH if goods(item_code).is_divisible else Decimal(1)


def _known(known: object) -> str:
    return "equivalent" if known else "not equivalent"


def _refuse(quantity: Decimal, smallest: Decimal, unit: str) -> None:
    below = quantity - quantity % smallest
    raise RatioInexact(
        quantity=plain(quantity),
        below=plain(below) if below else plain(below + smallest),
        above=plain(below + smallest),
        unit=unit,
    )
