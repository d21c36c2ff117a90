"""/livez: the loop runs. /readyz: named checks; a failing hard check is 503, a soft one only "degraded"."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter

Check = Callable[[], Awaitable[None]]


def health_router(service: str, checks: Mapping[str, Check]) -> APIRouter:
    """Routes of the three operator endpoints; a check named "broker" or "soft:…" never makes the process unready."""
    raise NotImplementedError
