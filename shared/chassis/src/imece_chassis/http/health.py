"""/livez: the loop runs. /readyz: named checks; a hard one that fails is 503, a soft one only "degraded".

Checks run together, each within a second, and say nothing but ok or failed: causes belong into the log.
/metrics is for this machine only, and not here at all when the process has a port of its own for it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from imece_chassis.settings import is_loopback
from imece_chassis.telemetry import metrics
from imece_chassis.telemetry.logs import log

Check = Callable[[], Awaitable[None]]
CHECK_SECONDS = 1.0
_logger = logging.getLogger("imece.health")


def is_soft(name: str) -> bool:
    """The broker, and whatever is named "soft:…", may fail without making the process unready."""
    return name == "broker" or name.startswith("soft:")


async def run_checks(
    checks: Mapping[str, Check], within_seconds: float = CHECK_SECONDS
) -> tuple[str, dict[str, str]]:
    """("ready" | "degraded" | "unready", each check's "ok" or "failed")."""
    outcomes = await asyncio.gather(*(_passes(name, check, within_seconds) for name, check in checks.items()))
    found = {
        name.removeprefix("soft:"): "ok" if ok else "failed"
        for name, ok in zip(checks, outcomes, strict=True)
    }
    failed = [name for name, ok in zip(checks, outcomes, strict=True) if not ok]
    if not failed:
        return "ready", found
    return ("degraded" if all(is_soft(name) for name in failed) else "unready"), found


async def _passes(name: str, check: Check, within_seconds: float) -> bool:
    try:
        await asyncio.wait_for(check(), within_seconds)
    except Exception as exc:  # noqa: BLE001 - whatever a check raises means "failed"
        log(_logger, logging.WARNING, "check_failed", check=name, error=type(exc).__name__)
        return False
    return True


def _may_scrape(request: Request) -> bool:
    """From this machine, and not passed on by a proxy on it."""
    is_elsewhere = bool(getattr(request.app.state, "is_scraped_elsewhere", False))
    is_passed_on = "forwarded" in request.headers or "x-forwarded-for" in request.headers
    is_near = request.client is not None and is_loopback(request.client.host)
    return is_near and not is_passed_on and not is_elsewhere


def health_routes(service: str, checks: Mapping[str, Check]) -> list[Route]:
    """The three operator endpoints; they need no credentials and are not part of the published API."""

    async def livez(request: Request) -> Response:
        return JSONResponse({"status": "alive", "service": service})

    async def readyz(request: Request) -> Response:
        is_draining = bool(getattr(request.app.state, "is_draining", False))
        status, found = await run_checks(checks)
        if is_draining:
            status = "unready"
        content: dict[str, Any] = {"status": status, "service": service, "checks": found}
        headers = {"retry-after": "1"} if status == "unready" else None
        return JSONResponse(content, status_code=503 if status == "unready" else 200, headers=headers)

    async def scrape(request: Request) -> Response:
        if not _may_scrape(request):
            raise HTTPException(404)
        body, content_type = metrics.exposition(request.headers.get("accept"))
        # The content type is negotiated in full; a Response would append its own charset.
        return Response(body, headers={"content-type": content_type})

    return [Route("/livez", livez), Route("/readyz", readyz), Route("/metrics", scrape)]
