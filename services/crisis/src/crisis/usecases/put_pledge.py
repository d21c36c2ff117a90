"""PutPledge: a pledge under an id of the pledger's own; said twice in the same words it is made once.

The id is taken before anything is locked, so two at the same moment follow one another. What was made is
never changed by saying it again: it is shown as it is by then.
"""

from crisis.domain.refusals import PledgeIdNotOrdered, PledgeIdTaken, PledgeSaidOtherwise
from crisis.store import allocations, pledge_ids
from crisis.store.pledge_ids import Stated
from crisis.usecases.propose_allocations import ProposeAllocation, ProposeAllocations
from imece_chassis.database import Transaction


async def put_pledge(tx: Transaction, command: ProposeAllocation, propose: ProposeAllocations) -> bool:
    """Whether the pledge is new. `command.pledge.allocation_id` is its id, `command.key` of its words.

    Raises PledgeIdNotOrdered for an id that is no UUIDv7, PledgeIdTaken for the id of anything else,
    PledgeSaidOtherwise for other words than the first time, and what a pledge is refused for.
    """
    allocation_id = command.pledge.allocation_id
    assert allocation_id is not None
    if allocation_id.version != 7:
        raise PledgeIdNotOrdered(pledge_id=str(allocation_id))
    said = Stated(command.caller.organisation_id, command.key.body_hash)
    before = await pledge_ids.claim(tx, allocation_id, said)
    known = await allocations.read(tx, allocation_id)
    if before is None and known is None and not await pledge_ids.is_of_another_kind(tx, allocation_id):
        await propose.one(tx, command)
        return True
    is_own = before is not None and before.org_id == said.org_id
    if not is_own or known is None or known.crisis_id != command.crisis_id:
        raise PledgeIdTaken(pledge_id=str(allocation_id))
    if before != said:
        raise PledgeSaidOtherwise(pledge_id=str(allocation_id))
    return False
