"""Prometheus metrics of the process: base units, bounded labels (never ids, paths or times), one registry."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.exposition import choose_encoder

__all__ = ["REGISTRY", "Counter", "Gauge", "Histogram", "exposition", "http_requests", "set_build"]

# A second series per counter that nobody reads.
disable_created_metrics()

# 50 ms is the promise for the write path; the buckets are densest around it.
SECONDS = (0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_requests = Counter(
    "http_requests_total", "HTTP requests answered, by route template.", ["route", "method", "status_class"]
)
_duration = Histogram(
    "http_request_seconds",
    "Time until an HTTP request was answered; for event streams until their first byte.",
    ["route", "method"],
    buckets=SECONDS,
)
_build = Gauge("build_info", "Constant 1; the labels tell what runs.", ["service", "version"])

_counters: dict[tuple[str, str, int], Counter] = {}
_histograms: dict[tuple[str, str], Histogram] = {}


def http_requests(route: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request. `route` is a template, `method` one of the known ones."""
    # Looking a child up by labels costs more than counting; routes are few, so children are kept.
    counter = _counters.get((route, method, status // 100))
    if counter is None:
        counter = _requests.labels(route, method, f"{status // 100}xx")
        _counters[route, method, status // 100] = counter
    counter.inc()
    histogram = _histograms.get((route, method))
    if histogram is None:
        histogram = _histograms[route, method] = _duration.labels(route, method)
    histogram.observe(seconds)


def set_build(service: str, version: str) -> None:
    """Say which service and version this process runs."""
    _build.labels(service, version).set(1)


def exposition(accept: str | None, registry: CollectorRegistry = REGISTRY) -> tuple[bytes, str]:
    """The registry as text and its content type: OpenMetrics when asked for, classic otherwise."""
    encode, content_type = choose_encoder(accept or "")
    return encode(registry), content_type
