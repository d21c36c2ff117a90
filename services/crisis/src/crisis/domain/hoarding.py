"""Who holds much and closes little loses what is done without a person; the limit is the crisis's own."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from .refusals import HoardingLimit
from .settings import Limits

LOOKED_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Standing:
    """Open held lines of an organisation in a crisis, and how many promises of held goods it concluded in 30
    days: `closed` are those of which at least half came.

    `held_lines` are those counted in `open_held`.
    """

    open_held: int = 0
    closed: int = 0
    concluded: int = 0
    held_lines: frozenset[UUID] = frozenset()

    def holding(self, need_line_id: UUID) -> "Standing":
        """The standing with this line held; a line held already counts once."""
        if need_line_id in self.held_lines:
            return self
        return replace(self, open_held=self.open_held + 1, held_lines=self.held_lines | {need_line_id})

    def is_above(self, limits: Limits) -> bool:
        """Whether the hoarding limit is reached."""
        if self.open_held < limits.open_held or self.concluded < limits.concluded:
            return False
        return Decimal(self.closed) / self.concluded < limits.ratio

    def must_be_overridden(self, limits: Limits, override: str | None) -> None:
        """Raise HoardingLimit with the figures unless below the limit or a reason is given."""
        if self.is_above(limits) and override is None:
            raise HoardingLimit(
                open_held=str(self.open_held), closed=str(self.closed), concluded=str(self.concluded)
            )


UNKNOWN = Standing()
