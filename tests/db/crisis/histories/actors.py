"""Who gives a command: the program of the organisation a row belongs to, mostly; sometimes somebody else."""

from uuid import UUID

from imece_chassis.access.caller import Caller
from tests.db.crisis.histories.choices import Choices
from tests.db.crisis.histories.ground import EVERYBODY


def of_organisation(organisation_id: UUID) -> Caller:
    """The program of this organisation."""
    return next(who for who in EVERYBODY if who.organisation_id == organisation_id)


def mostly(choose: Choices, usual: Caller) -> Caller:
    """The one who may, seven times in eight; else anybody."""
    return choose.mostly(usual, *EVERYBODY)
