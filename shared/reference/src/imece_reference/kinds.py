"""Kinds of organisations: legal forms of civil society, public bodies, companies, internal bodies.

Whether a kind has legal personality decides what it may hold: without it no key, no money, no signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from .refusals import UnknownCode
from .tables import rows


@dataclass(frozen=True, slots=True)
class Kind:
    """`minimum` counts what `minimum_of` names; `yearly_duty_due` is month-day (`04-30`) or None."""

    code: str
    name_tr: str
    name_en: str
    family: str
    is_legal_person: bool
    has_members: bool
    minimum: int | None
    minimum_of: str
    is_parent_required: bool
    official_register: str
    identifier_scheme: str
    yearly_duty: str
    yearly_duty_due: str | None
    iati_org_type: str
    may_hold_youth_status: bool
    status: str
    note: str


@cache
def _by_code() -> Mapping[str, Kind]:
    return MappingProxyType({row["code"]: _kind(row) for row in rows("organisation_kinds")})


def _kind(row: Mapping[str, str]) -> Kind:
    return Kind(
        code=row["code"],
        name_tr=row["name_tr"],
        name_en=row["name_en"],
        family=row["family"],
        is_legal_person=row["legal_personality"] == "yes",
        has_members=row["has_members"] == "yes",
        minimum=int(row["minimum"]) if row["minimum"] else None,
        minimum_of=row["minimum_of"],
        is_parent_required=row["parent_required"] == "yes",
        official_register=row["official_register"],
        identifier_scheme=row["identifier_scheme"],
        yearly_duty=row["yearly_duty"],
        yearly_duty_due=row["yearly_duty_due"] or None,
        iati_org_type=row["iati_org_type"],
        may_hold_youth_status=row["may_hold_youth_status"] == "yes",
        status=row["status"],
        note=row["note"],
    )


def kinds() -> tuple[Kind, ...]:
    return tuple(_by_code().values())


def kind(code: str) -> Kind:
    """Raises UnknownCode."""
    try:
        return _by_code()[code]
    except KeyError:
        raise UnknownCode(list="organisation_kinds", value=code[:40]) from None
