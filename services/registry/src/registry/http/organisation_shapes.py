"""Requests and answers about organisations."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from registry.domain.organisations import Organisation, Particulars
from registry.domain.texts import BASIS_LIMIT, NAME_LIMIT
from registry.http.shapes import Body, Language, Moment, Plate, Plates, View

State = Literal["candidate", "active", "suspended", "dissolved", "merged"]
Name = Annotated[str, Field(min_length=2, max_length=NAME_LIMIT)]
Languages = Annotated[tuple[Language, ...], Field(min_length=1, max_length=20)]
EXAMPLE_ID = "0199c2d4-7b1e-7c3a-9a55-2f0c7b3d1e42"


class RegisterBody(Body):
    """An organisation as its papers say. `provinces` are those of its activity; without them, its seat."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "dernek",
                    "legal_name": "Örnek Yardım Derneği",
                    "short_name": "Örnek",
                    "seat_province": "31",
                    "provinces": ["31", "01"],
                    "languages": ["tr", "ar"],
                }
            ]
        }
    )

    kind: str = Field(min_length=1, max_length=40, description="A code of /kinds", examples=["dernek"])
    legal_name: Name
    short_name: Name | None = None
    seat_province: Plate
    provinces: Plates = ()
    languages: Languages = ("tr",)
    parent_id: UUID | None = Field(None, description="Of branches and units: the organisation they belong to")

    def particulars(self) -> Particulars:
        return Particulars(
            kind=self.kind,
            legal_name=self.legal_name,
            seat_plate=self.seat_province,
            short_name=self.short_name,
            province_plates=self.provinces,
            languages=self.languages,
        )


class ReviseBody(Body):
    """Members that are given replace what is there; null removes a short name."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"provinces": ["31", "01", "46"]}]})

    legal_name: Name | None = None
    short_name: Name | None = None
    seat_province: Plate | None = None
    provinces: Annotated[Plates, Field(min_length=1)] | None = None
    languages: Languages | None = None

    @model_validator(mode="after")
    def _only_the_short_name_can_go(self) -> ReviseBody:
        for name in self.model_fields_set - {"short_name"}:
            if getattr(self, name) is None:
                raise ValueError(f"{name} cannot be removed")
        return self

    def applied(self, particulars: Particulars) -> Particulars:
        """The particulars with this patch."""
        return replace(
            particulars,
            legal_name=self.legal_name or particulars.legal_name,
            short_name=self.short_name if "short_name" in self.model_fields_set else particulars.short_name,
            seat_plate=self.seat_province or particulars.seat_plate,
            province_plates=self.provinces or particulars.province_plates,
            languages=self.languages or particulars.languages,
        )


class MoveBody(Body):
    """Why: a decision, a date, a paper. No names of people, no identity numbers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"basis": "Karar 2026/14, 6 Şubat 2026"}]})

    basis: str = Field(min_length=2, max_length=BASIS_LIMIT)


class OrganisationView(View):
    """One organisation. `version` is also its ETag."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "organisation_id": EXAMPLE_ID,
                    "version": 2,
                    "kind": "dernek",
                    "legal_name": "Örnek Yardım Derneği",
                    "short_name": "Örnek",
                    "state": "active",
                    "state_since": "2026-02-06T06:12:00.000Z",
                    "seat_province": "31",
                    "provinces": ["01", "31"],
                    "languages": ["tr", "ar"],
                    "registered_at": "2026-02-06T06:00:00.000Z",
                    "changed_at": "2026-02-06T06:12:00.000Z",
                }
            ]
        }
    )

    organisation_id: UUID
    version: int
    kind: str
    legal_name: str
    short_name: str | None = None
    state: State
    state_since: Moment
    state_basis: str | None = Field(None, description="For the secretariat and the organisation itself")
    seat_province: Plate
    provinces: tuple[Plate, ...]
    languages: tuple[str, ...]
    parent_id: UUID | None = None
    registered_at: Moment
    changed_at: Moment


class OrganisationPage(View):
    """A page in Turkish alphabetical order; `next_cursor` is null on the last one."""

    items: tuple[OrganisationView, ...]
    has_more: bool
    next_cursor: str | None = None


def view_of(organisation: Organisation, *, with_basis: bool = False) -> OrganisationView:
    return OrganisationView(
        organisation_id=organisation.organisation_id,
        version=organisation.version,
        kind=organisation.kind,
        legal_name=organisation.legal_name,
        short_name=organisation.short_name,
        state=organisation.state,
        state_since=organisation.state_since,
        state_basis=organisation.state_basis if with_basis else None,
        seat_province=organisation.seat_plate,
        provinces=organisation.province_plates,
        languages=organisation.languages,
        parent_id=organisation.parent_id,
        registered_at=organisation.registered_at,
        changed_at=organisation.changed_at,
    )
