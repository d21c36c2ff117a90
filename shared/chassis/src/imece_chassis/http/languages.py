"""The caller's language from Accept-Language; Turkish when nothing fits."""

from collections.abc import Sequence

SUPPORTED = ("tr", "en")
DEFAULT = "tr"


def negotiate(header: str | None, supported: Sequence[str] = SUPPORTED, default: str = DEFAULT) -> str:
    """Best supported primary language tag of an Accept-Language header, by q then by order of appearance."""
    if not header:
        return default
    best, best_q = default, 0.0
    refused: set[str] = set()
    for part in header[:512].split(","):
        tag, _, parameters = part.partition(";")
        primary = tag.strip().lower().split("-", 1)[0]
        q = _quality(parameters)
        if q == 0.0:
            refused.add(primary)
        elif primary == "*":
            if best_q < q:
                best, best_q = (
                    next((name for name in (default, *supported) if name not in refused), default),
                    q,
                )
        elif primary in supported and q > best_q:
            best, best_q = primary, q
    return best


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        q = float(value.strip())
    except ValueError:
        return 0.0
    return q if 0.0 <= q <= 1.0 else 0.0
