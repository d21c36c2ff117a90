"""An organisation's record and its life: candidate → active ⇄ suspended.

Every change makes a new version; sort and search keys follow the names. A change of state carries its basis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from imece_reference.kinds import kind as kind_of
from imece_reference.places import province
from imece_reference.turkish import ascii_key, sort_key

from .acts import Act, Actor
from .refusals import KindHoldsNoKeys, ParentNotPossible, ParentRequired, WrongState
from .texts import BASIS_LIMIT, checked_text

State = Literal["candidate", "active", "suspended", "dissolved", "merged"]
MAX_DEPTH = 3
CLOSED: tuple[State, ...] = ("dissolved", "merged")
KINDS_WITHOUT_KEYS = frozenset({"platform"})


@dataclass(frozen=True, slots=True)
class Organisation:
    """`depth` is 1 without a parent. Plates are two-character province codes; times are UTC."""

    organisation_id: UUID
    version: int
    kind: str
    legal_name: str
    short_name: str | None
    state: State
    state_since: datetime
    seat_plate: str
    province_plates: tuple[str, ...]
    languages: tuple[str, ...]
    registered_at: datetime
    changed_at: datetime
    parent_id: UUID | None = None
    depth: int = 1
    state_basis: str | None = None

    @property
    def sort_key(self) -> str:
        return sort_key(self.legal_name)

    @property
    def search_key(self) -> str:
        return ascii_key(f"{self.legal_name} {self.short_name or ''}")


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is declared about an organisation; plates and kind are checked against the reference lists."""

    kind: str
    legal_name: str
    seat_plate: str
    short_name: str | None = None
    province_plates: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("tr",)


def register(act: Act, said: Particulars, parent: Organisation | None) -> Organisation:
    """A new candidate. Raises the refusals of names, places, kinds and parents."""
    kind = kind_of(said.kind)
    if kind.is_parent_required and parent is None:
        raise ParentRequired(kind=kind.code)
    if parent is not None and (
        not kind.is_parent_required or parent.state in CLOSED or parent.depth >= MAX_DEPTH
    ):
        raise ParentNotPossible(kind=kind.code, limit=str(MAX_DEPTH))
    return Organisation(
        organisation_id=act.new_id(),
        version=1,
        kind=kind.code,
        legal_name=checked_text("legal_name", said.legal_name),
        short_name=None if said.short_name is None else checked_text("short_name", said.short_name),
        state="candidate",
        state_since=act.now,
        seat_plate=province(said.seat_plate).plate,
        province_plates=_plates(said.province_plates) or (said.seat_plate,),
        languages=tuple(dict.fromkeys(said.languages)),
        registered_at=act.now,
        changed_at=act.now,
        parent_id=None if parent is None else parent.organisation_id,
        depth=1 if parent is None else parent.depth + 1,
    )


def revise(organisation: Organisation, act: Act, said: Particulars) -> Organisation:
    """The record with new particulars; the kind stays. Raises WrongState when closed, and name refusals."""
    if organisation.state in CLOSED:
        raise WrongState(state=organisation.state, possible="candidate, active, suspended")
    revised = replace(
        organisation,
        legal_name=checked_text("legal_name", said.legal_name),
        short_name=None if said.short_name is None else checked_text("short_name", said.short_name),
        seat_plate=province(said.seat_plate).plate,
        province_plates=_plates(said.province_plates) or (said.seat_plate,),
        languages=tuple(dict.fromkeys(said.languages)),
    )
    if revised == organisation:
        return organisation
    return replace(revised, version=organisation.version + 1, changed_at=act.now)


def activate(organisation: Organisation, act: Act, basis: str) -> Organisation:
    """candidate → active."""
    return _moved(organisation, act, ("candidate",), "active", basis)


def suspend(organisation: Organisation, act: Act, basis: str) -> Organisation:
    """active → suspended: it keeps reading, every write scope of its keys is dead."""
    return _moved(organisation, act, ("active",), "suspended", basis)


def reinstate(organisation: Organisation, act: Act, basis: str) -> Organisation:
    """suspended → active."""
    return _moved(organisation, act, ("suspended",), "active", basis)


def is_visible(organisation: Organisation, actor: Actor) -> bool:
    """Members see each other; a candidate is seen by itself and the secretariat only."""
    return (
        actor.is_secretariat
        or organisation.organisation_id == actor.organisation_id
        or organisation.state != "candidate"
    )


def must_hold_keys(organisation: Organisation) -> None:
    """Raises KindHoldsNoKeys for kinds that cannot answer for a key, WrongState for closed organisations."""
    if organisation.kind in KINDS_WITHOUT_KEYS:
        raise KindHoldsNoKeys(kind=organisation.kind)
    if organisation.state in CLOSED:
        raise WrongState(state=organisation.state, possible="candidate, active, suspended")


def _moved(
    organisation: Organisation, act: Act, possible: Sequence[State], target: State, basis: str
) -> Organisation:
    if organisation.state not in possible:
        raise WrongState(state=organisation.state, possible=", ".join(possible))
    return replace(
        organisation,
        version=organisation.version + 1,
        state=target,
        state_since=act.now,
        changed_at=act.now,
        state_basis=checked_text("basis", basis, BASIS_LIMIT),
    )


def _plates(plates: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({province(plate).plate for plate in plates}))
