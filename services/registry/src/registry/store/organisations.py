"""Organisations in their table. `lock` serialises the changes of one organisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import asyncpg

from imece_chassis.database import Transaction
from imece_reference.turkish import ascii_key
from registry.domain.organisations import Organisation

_COLUMNS = """organisation_id, version, kind, legal_name, short_name, state, state_since, state_basis,
    seat_plate, province_plates, languages, parent_id, depth, registered_at, changed_at"""

_INSERT = f"""
    -- A new organisation.
    insert into organisations ({_COLUMNS}, sort_key, search_key)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
"""  # noqa: S608 - our own column list

_UPDATE = """
    -- The next version of an organisation; nothing happens when somebody was faster.
    update organisations
    set version = $2, kind = $3, legal_name = $4, short_name = $5, state = $6, state_since = $7,
        state_basis = $8, seat_plate = $9, province_plates = $10, languages = $11, parent_id = $12,
        depth = $13, registered_at = $14, changed_at = $15, sort_key = $16, search_key = $17
    where organisation_id = $1 and version = $2 - 1
"""

_FIND = f"select {_COLUMNS} from organisations where organisation_id = $1"  # noqa: S608 - our own column list
_LOCK = f"{_FIND} for update"

_PAGE = f"""
    -- One page in Turkish alphabetical order, from the index in that order.
    select {_COLUMNS}
    from organisations
    where (sort_key, organisation_id) > ($1, $2)
      -- and what is asked for
    order by sort_key, organisation_id
    limit $3
"""  # noqa: S608 - our own column list
# Only what is asked for is in the statement: a plan made once for all values cannot leave a condition out.
_CONDITIONS = {
    "state": "state = {0}",
    "province": "(seat_plate = {0} or {0} = any(province_plates))",
    "kind": "kind = {0}",
    "text": "position({0} in search_key) > 0",
    # Candidates are shown to the secretariat and to the organisation itself.
    "seen_by": "(state <> 'candidate' or organisation_id = {0})",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """None: no restriction. `province` matches seat and activity; `text` is sought in the names, folded."""

    state: str | None = None
    province: str | None = None
    kind: str | None = None
    text: str | None = None
    seen_by: UUID | None = None


def _values(organisation: Organisation) -> tuple[Any, ...]:
    return (
        organisation.organisation_id,
        organisation.version,
        organisation.kind,
        organisation.legal_name,
        organisation.short_name,
        organisation.state,
        organisation.state_since,
        organisation.state_basis,
        organisation.seat_plate,
        list(organisation.province_plates),
        list(organisation.languages),
        organisation.parent_id,
        organisation.depth,
        organisation.registered_at,
        organisation.changed_at,
        organisation.sort_key,
        organisation.search_key,
    )


def _organisation(row: asyncpg.Record) -> Organisation:
    return Organisation(
        organisation_id=row["organisation_id"],
        version=row["version"],
        kind=row["kind"],
        legal_name=row["legal_name"],
        short_name=row["short_name"],
        state=row["state"],
        state_since=row["state_since"],
        state_basis=row["state_basis"],
        seat_plate=row["seat_plate"],
        province_plates=tuple(row["province_plates"]),
        languages=tuple(row["languages"]),
        parent_id=row["parent_id"],
        depth=row["depth"],
        registered_at=row["registered_at"],
        changed_at=row["changed_at"],
    )


async def add(tx: Transaction, organisation: Organisation) -> None:
    await tx.execute(_INSERT, *_values(organisation))


async def save(tx: Transaction, organisation: Organisation) -> None:
    """Store the next version of a locked organisation."""
    if await tx.execute(_UPDATE, *_values(organisation)) != "UPDATE 1":
        raise RuntimeError("an organisation was saved without holding its lock")


async def find(tx: Transaction, organisation_id: UUID) -> Organisation | None:
    row = await tx.fetchrow(_FIND, organisation_id)
    return None if row is None else _organisation(row)


async def lock(tx: Transaction, organisation_id: UUID) -> Organisation | None:
    """The organisation, held until the transaction ends."""
    row = await tx.fetchrow(_LOCK, organisation_id)
    return None if row is None else _organisation(row)


async def page(
    tx: Transaction, wanted: Filter, after: tuple[str, UUID] | None, limit: int
) -> Sequence[Organisation]:
    """Up to `limit` organisations after (sort key, id)."""
    sort_key, organisation_id = after or ("", UUID(int=0))
    given = {name: value for name, value in asdict(wanted).items() if value is not None}
    if wanted.text is not None:
        given["text"] = " ".join(ascii_key(wanted.text).split())
    conditions = "".join(
        f"\n      and {_CONDITIONS[name].format(f'${number}')}" for number, name in enumerate(given, 4)
    )
    statement = _PAGE.replace("\n      -- and what is asked for", conditions)
    rows = await tx.fetch(statement, sort_key, organisation_id, limit, *given.values())
    return [_organisation(row) for row in rows]
