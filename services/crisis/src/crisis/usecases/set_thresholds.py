"""SetThresholds: an organisation says above which size a second key of its own must agree to an offer.

Limits that are raised or removed go on counting for a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from crisis.domain.thresholds import Thresholds
from crisis.domain.units import whole_or_refused
from crisis.store import command_log, organisations
from crisis.usecases.authority import PLEDGERS, acting_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class SetThresholds:
    """`quantities` by item as decimal text in base units, `values` by currency."""

    quantities: Mapping[str, str]
    values: Mapping[str, Decimal]


async def set_thresholds(tx: Transaction, command: SetThresholds, caller: Caller, tools: Tools) -> Thresholds:
    """The organisation's next thresholds. Raises RoleMissing, UnknownItem, ItemNotGoods, InvalidQuantity,
    NotWhole, QuantityTooLarge."""
    role = acting_role(caller, PLEDGERS)
    before = await organisations.thresholds(tx, caller.organisation_id, is_locked=True)
    quantities = {code: whole_or_refused(code, quantity) for code, quantity in command.quantities.items()}
    after = Thresholds(quantities, command.values, before.version + 1)
    command_id, now = tools.new_id(), tools.clock.now()
    await organisations.set_thresholds(tx, caller.organisation_id, after, command_id)
    story = story_of(caller, role, command_id, None, False, now)
    logged = audit(
        story,
        caller,
        "set_thresholds",
        "organisation",
        caller.organisation_id,
        (before.version, after.version),
    )
    await command_log.record(tx, [logged])
    return after


async def own_thresholds(tx: Transaction, caller: Caller) -> tuple[Thresholds, Thresholds]:
    """The thresholds the caller's organisation stated last, and those that count now."""
    stated = await organisations.thresholds(tx, caller.organisation_id)
    return stated, await organisations.thresholds_in_force(tx, caller.organisation_id)
