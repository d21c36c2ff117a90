"""Prometheus metrics of the process: base units, bounded labels, one registry."""

from prometheus_client import REGISTRY, Counter, Gauge, Histogram

__all__ = ["REGISTRY", "Counter", "Gauge", "Histogram", "exposition"]


def exposition(accept: str | None) -> tuple[bytes, str]:
    """The registry as text and its content type: OpenMetrics when asked for, classic otherwise."""
    raise NotImplementedError
