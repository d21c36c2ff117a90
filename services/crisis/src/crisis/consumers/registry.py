"""Organisations, grants and key digests of the registry, mirrored so that pledging goes on without it.

And what follows here when an organisation may no longer act, or may again.
"""

from collections.abc import Sequence

from crisis.usecases.follow_standing import take_in
from crisis.usecases.tools import Tools, real_tools
from imece_chassis.access.mirror import mirror_consumer
from imece_chassis.consumer import Consumer, Policy, Received
from imece_chassis.database import Transaction
from imece_contracts.registry import OrganisationState
from imece_contracts.topics import ORGANISATIONS

STANDING = "organisation_standing"


def registry_consumers() -> tuple[Consumer, ...]:
    """The consumers of the registry's topics."""
    return (mirror_consumer(), standing_consumer(real_tools()))


def standing_consumer(tools: Tools) -> Consumer:
    """Lets offers follow the standing of their organisation; later news of one waits behind what failed."""

    async def handle(tx: Transaction, batch: Sequence[Received]) -> None:
        newest: dict[str, Received] = {}
        for item in batch:
            known = newest.get(item.envelope.key)
            if known is None or known.envelope.sequence < item.envelope.sequence:
                newest[item.envelope.key] = item
        for _, item in sorted(newest.items()):
            if isinstance(item.data, OrganisationState):
                await take_in(tx, item.data.organisation_id, item.envelope.sequence, item.data.state, tools)

    return Consumer(name=STANDING, topics=(ORGANISATIONS,), policy=Policy.PARK, handle=handle)
