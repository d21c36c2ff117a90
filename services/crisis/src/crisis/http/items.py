"""/items: the catalogue of what can be asked for and pledged, cacheable for an hour."""

from functools import cache

from fastapi import APIRouter, Depends
from starlette.responses import Response

from crisis.domain.units import plain
from crisis.events import json_bytes
from crisis.http.shapes import View
from imece_chassis.answers import Answer, json_answer
from imece_chassis.http.callers import public
from imece_chassis.http.responses import respond
from imece_reference.items import EDITION, items

router = APIRouter(tags=["lists"], dependencies=[Depends(public)])


class ItemView(View):
    """`packs` maps the pack's name to its factor in base units; only goods can be asked for yet."""

    code: str
    name_tr: str
    name_en: str
    kind: str
    sector: str
    tamp_group: str
    base_unit: str
    packs: dict[str, str]
    is_divisible: bool


class ItemList(View):
    """The catalogue of one edition."""

    edition: str
    items: tuple[ItemView, ...]


@cache
def _catalogue() -> Answer:
    listed = [
        {
            "code": item.code,
            "name_tr": item.name_tr,
            "name_en": item.name_en,
            "kind": item.kind,
            "sector": item.sector,
            "tamp_group": item.tamp_group,
            "base_unit": item.base_unit,
            "packs": {pack: plain(factor) for pack, factor in item.packs.items()},
            "is_divisible": item.is_divisible,
        }
        for item in items()
    ]
    headers = (("cache-control", "public, max-age=3600"), ("etag", f'"{EDITION}"'))
    return json_answer(json_bytes({"edition": EDITION, "items": listed}), 200, headers)


@router.get("/items", response_model=ItemList, operation_id="listItems", summary="Catalogue of items")
async def catalogue() -> Response:
    """Items with base unit and packs, in list order."""
    return respond(_catalogue())
