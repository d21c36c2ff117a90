"""PutPledge: a pledge under an id of the pledger's own; said twice in the same words it is made once.

The id is taken before anything is locked, so two at the same moment follow one another. What was made is
never changed by saying it again: it is shown as it is by then.
"""

from crisis.domain.allocations import Allocation
from crisis.domain.own_ids import is_in_order
from crisis.domain.pledges import PledgeRequest
from crisis.domain.refusals import PledgeIdNotOrdered, PledgeIdTaken, PledgeSaidOtherwise
from crisis.domain.units import parse_quantity
from crisis.store import allocations, pledge_ids
from crisis.store.pledge_ids import Stated
from crisis.usecases.propose_allocations import ProposeAllocation, ProposeAllocations
from imece_chassis.database import Transaction
from imece_chassis.ids import uuid7
from imece_reference.turkish import ascii_key


async def put_pledge(
    tx: Transaction, command: ProposeAllocation, propose: ProposeAllocations, as_sent: bytes | None = None
) -> bool:
    """Whether the pledge is new. `command.pledge.allocation_id` is its id, `command.key` of its words.

    The hash of the body `as_sent` counts as well: it may be what is kept of the first time.

    Raises PledgeIdNotOrdered for a new id that is no UUIDv7 or says a time to come, PledgeIdTaken for the id
    of anything else, PledgeSaidOtherwise for other words than the first time, and what a pledge is refused
    for.
    """
    allocation_id = command.pledge.allocation_id
    assert allocation_id is not None
    said = Stated(command.caller.organisation_id, command.key.body_hash)
    before = await pledge_ids.claim(tx, allocation_id, said)
    known = await allocations.read(tx, allocation_id)
    if before is None and known is None and not await pledge_ids.is_of_another_kind(tx, allocation_id):
        if not is_in_order(allocation_id, uuid7()):
            raise PledgeIdNotOrdered(pledge_id=str(allocation_id))
        await propose.one(tx, command)
        return True
    is_own = before is not None and before.org_id == said.org_id
    if not is_own or known is None or known.crisis_id != command.crisis_id:
        raise PledgeIdTaken(pledge_id=str(allocation_id))
    assert before is not None
    if before.stated not in (said.stated, as_sent):
        raise PledgeSaidOtherwise(pledge_id=str(allocation_id), differs=_differences(command.pledge, known))
    return False


def _differences(said: PledgeRequest, made: Allocation) -> list[str]:
    """Members that the record has otherwise; it does not hold all that was said."""
    pack = made.pack
    found: list[str] = []
    if said.need_line_id != made.need_line_id:
        found.append("need_line_id")
    if parse_quantity(said.quantity) != pack.count:
        found.append("quantity")
    if ascii_key(said.unit.strip()) != ascii_key(pack.pack):
        found.append("unit")
    if said.offer_line_id not in (None, made.offer_line_id):
        found.append("offer_line_id")
    return found
