"""What a PUT under an id of one's own has in common: said twice in the same words a thing is made once.

The id is taken before anything is locked, so two at the same moment follow one another. What was made is
never changed by saying it again: it is shown as it is by then.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from crisis.domain.own_ids import is_in_order
from crisis.domain.refusals import IdNotOrdered, IdTaken, NotFound, SaidOtherwise
from crisis.store import pledge_ids
from crisis.store.pledge_ids import Stated
from imece_chassis.database import Transaction
from imece_chassis.ids import uuid7

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OwnId:
    """An id, the organisation that made it, and the SHA-256 of the words said under it."""

    id: UUID
    org_id: UUID
    words: bytes


async def put_once(
    tx: Transaction, own: OwnId, find: Callable[[], Awaitable[T]], make: Callable[[], Awaitable[T]]
) -> tuple[T, bool]:
    """The thing and whether it is new: `make` gives it the id, `find` reads it and raises NotFound.

    Raises IdNotOrdered for a new id that is no UUIDv7 or says a time to come, IdTaken for the id of anything
    else, SaidOtherwise for other words than the first time, and what `make` is refused for; the id is free
    again then.
    """
    before = await pledge_ids.claim(tx, own.id, Stated(own.org_id, own.words))
    if before is None:
        if await pledge_ids.is_of_another_kind(tx, own.id):
            raise IdTaken(id=str(own.id))
        if not is_in_order(own.id, uuid7()):
            raise IdNotOrdered(id=str(own.id))
        return await make(), True
    if before.org_id != own.org_id:
        raise IdTaken(id=str(own.id))
    try:
        found = await find()
    except NotFound:
        raise IdTaken(id=str(own.id)) from None
    if before.stated != own.words:
        raise SaidOtherwise(id=str(own.id))
    return found, False
