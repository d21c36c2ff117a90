"""GET /: what this is and where its documents are."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from pydantic import ConfigDict, JsonValue

from imece_chassis.http.callers import public
from registry.http.shapes import View

VERSION = "0.1.0"
LINKS: dict[str, JsonValue] = {
    "openapi": "/openapi.json",
    "organisations": "/organisations",
    "provinces": "/provinces",
    "kinds": "/kinds",
    "me": "/me",
    "health": "/readyz",
}

router = APIRouter(tags=["index"], dependencies=[Depends(public)])


class Index(View):
    """The service and its links."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"service": "registry", "version": VERSION, "links": LINKS}]}
    )

    service: str
    version: str
    links: dict[str, JsonValue]


@router.get("/", response_model=Index, operation_id="getIndex", summary="Where to go from here")
async def index() -> Index:
    """A small map of this service."""
    return Index(service="registry", version=VERSION, links=LINKS)
