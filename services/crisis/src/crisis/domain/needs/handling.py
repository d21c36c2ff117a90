"""How a need is to be handled: who may be shown it, how much its exact place must be kept, how it came in.

The district is everybody's. The exact place is the site; a need with a sensitivity above 0 keeps it from all
but those who have to go there or to judge it.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID


class Visibility(StrEnum):
    """To whom a need is offered: a restricted one is never named to others as a gap or perhaps the same."""

    MEMBER = "member"
    PUBLIC = "public"
    RESTRICTED = "restricted"


class Intake(StrEnum):
    """The channel by which a need came in."""

    FORM = "form"
    CHAT = "chat"
    PHONE = "phone"
    IMPORT = "import"
    PAPER = "paper"


OPEN_PLACE = 0
MOST_SENSITIVE = 3


@dataclass(frozen=True, slots=True)
class Handling:
    """`sensitivity` from OPEN_PLACE to MOST_SENSITIVE; `site_id` is a site entered elsewhere."""

    visibility: Visibility = Visibility.MEMBER
    sensitivity: int = OPEN_PLACE
    intake: Intake = Intake.FORM
    site_id: UUID | None = None

    @property
    def keeps_its_place(self) -> bool:
        """Whether the exact place is shown only to those who need it."""
        return self.sensitivity > OPEN_PLACE

    def moved(self) -> "Handling":
        """The same at another place, whose site nobody has named."""
        return replace(self, site_id=None)


@dataclass(frozen=True, slots=True)
class HandlingSaid:
    """What somebody says of it; None and False leave that part as it stands."""

    visibility: Visibility | None = None
    sensitivity: int | None = None
    intake: Intake | None = None
    site_id: UUID | None = None
    is_without_site: bool = False

    def on(self, known: Handling) -> Handling:
        """What stands after it was said."""
        return Handling(
            visibility=self.visibility or known.visibility,
            sensitivity=known.sensitivity if self.sensitivity is None else self.sensitivity,
            intake=self.intake or known.intake,
            site_id=None if self.is_without_site else self.site_id or known.site_id,
        )


NOTHING_SAID = HandlingSaid()
USUAL = Handling()
