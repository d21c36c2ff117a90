"""/provinces and /kinds: reference lists everybody may read, cacheable for an hour."""

from __future__ import annotations

import hashlib
from functools import cache

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from imece_chassis.answers import Answer, json_answer
from imece_chassis.http.callers import public
from imece_chassis.http.etags import etag, is_not_modified
from imece_chassis.http.responses import respond
from imece_reference.kinds import kinds
from imece_reference.places import provinces
from registry.http.shapes import Plate, View

router = APIRouter(tags=["lists"], dependencies=[Depends(public)])


class ProvinceView(View):
    """A province; lat and lon in degrees of the provincial centre."""

    plate: Plate
    name_tr: str
    name_en: str
    iso: str
    pcode: str
    region: str
    region_en: str
    lat: float
    lon: float
    is_metropolitan: bool


class ProvinceList(View):
    """All provinces in plate order."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "plate": "31",
                            "name_tr": "Hatay",
                            "name_en": "Hatay",
                            "iso": "TR-31",
                            "pcode": "TUR031",
                            "region": "Akdeniz",
                            "region_en": "Mediterranean",
                            "lat": 36.2021,
                            "lon": 36.1601,
                            "is_metropolitan": True,
                        }
                    ]
                }
            ]
        }
    )

    items: tuple[ProvinceView, ...]


class KindView(View):
    """A kind of organisation; `is_parent_required` kinds are entered below another organisation."""

    code: str
    name_tr: str
    name_en: str
    family: str
    is_legal_person: bool
    is_parent_required: bool
    iati_org_type: str
    status: str


class KindList(View):
    """All kinds of organisations."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "code": "dernek",
                            "name_tr": "Dernek",
                            "name_en": "Association",
                            "family": "civil",
                            "is_legal_person": True,
                            "is_parent_required": False,
                            "iati_org_type": "22",
                            "status": "sourced",
                        }
                    ]
                }
            ]
        }
    )

    items: tuple[KindView, ...]


@router.get(
    "/provinces",
    response_model=ProvinceList,
    operation_id="listProvinces",
    summary="The 81 provinces",
    responses={304: {"description": "Not modified"}},
)
async def list_provinces(request: Request) -> Response:
    """Plate code, names, region, p-code and centre."""
    return _cached(request, _provinces())


@router.get(
    "/kinds",
    response_model=KindList,
    operation_id="listKinds",
    summary="Kinds of organisations",
    responses={304: {"description": "Not modified"}},
)
async def list_kinds(request: Request) -> Response:
    """Legal forms of civil society, public bodies, companies and internal bodies."""
    return _cached(request, _kinds())


@cache
def _provinces() -> tuple[Answer, str]:
    return _listed(
        ProvinceList(
            items=tuple(
                ProvinceView(
                    plate=each.plate,
                    name_tr=each.name_tr,
                    name_en=each.name_en,
                    iso=each.iso,
                    pcode=each.pcode,
                    region=each.region,
                    region_en=each.region_en,
                    lat=each.lat,
                    lon=each.lon,
                    is_metropolitan=each.is_metropolitan,
                )
                for each in provinces()
            )
        )
    )


@cache
def _kinds() -> tuple[Answer, str]:
    return _listed(
        KindList(
            items=tuple(
                KindView(
                    code=each.code,
                    name_tr=each.name_tr,
                    name_en=each.name_en,
                    family=each.family,
                    is_legal_person=each.is_legal_person,
                    is_parent_required=each.is_parent_required,
                    iati_org_type=each.iati_org_type,
                    status=each.status,
                )
                for each in kinds()
            )
        )
    )


def _listed(model: BaseModel) -> tuple[Answer, str]:
    plain = json_answer(model)
    tag = hashlib.sha256(plain.body).hexdigest()[:16]
    headers = (("etag", etag(tag)), ("cache-control", "public, max-age=3600"))
    return Answer(plain.status, plain.body, plain.headers + headers), tag


def _cached(request: Request, listed: tuple[Answer, str]) -> Response:
    answer, tag = listed
    if is_not_modified(request, tag):
        return Response(status_code=304, headers={"etag": etag(tag), "cache-control": "public, max-age=3600"})
    return respond(answer)
