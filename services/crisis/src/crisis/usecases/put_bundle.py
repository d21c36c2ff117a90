"""PutBundle: a bundle under an id of the pledger's own; said twice in the same words it is made once.

As with a single pledge the id is taken before anything is locked, and saying it again changes nothing.
"""

from crisis.domain.own_ids import is_in_order
from crisis.domain.refusals import PledgeIdNotOrdered, PledgeIdTaken, PledgeSaidOtherwise
from crisis.store import bundles, pledge_ids
from crisis.store.pledge_ids import Stated
from crisis.usecases.propose_bundle import ProposeBundle, propose_bundle
from crisis.usecases.tools import Tools
from imece_chassis.database import Transaction
from imece_chassis.ids import uuid7


async def put_bundle(tx: Transaction, command: ProposeBundle, body_hash: bytes, tools: Tools) -> bool:
    """Whether the bundle is new; `body_hash` is of its words.

    Raises PledgeIdNotOrdered for a new id that is no UUIDv7 or says a time to come, PledgeIdTaken for the id
    of anything else, PledgeSaidOtherwise for other words than the first time, and what a bundle is refused
    for.
    """
    bundle_id = command.bundle_id
    said = Stated(command.caller.organisation_id, body_hash)
    before = await pledge_ids.claim(tx, bundle_id, said)
    if before is None and not await pledge_ids.is_of_another_kind(tx, bundle_id):
        if not is_in_order(bundle_id, uuid7()):
            raise PledgeIdNotOrdered(pledge_id=str(bundle_id))
        await propose_bundle(tx, command, tools)
        return True
    known = await bundles.read(tx, bundle_id)
    is_own = before is not None and before.org_id == said.org_id
    if not is_own or known is None or known.crisis_id != command.crisis_id:
        raise PledgeIdTaken(pledge_id=str(bundle_id))
    if before != said:
        raise PledgeSaidOtherwise(pledge_id=str(bundle_id))
    return False
