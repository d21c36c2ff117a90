"""W3C trace context in and out of HTTP; sampling is ours, a malformed header starts a new trace."""

from imece_chassis import context


def incoming(header: str | None) -> str:
    """The traceparent of a request: same trace, own span; a new trace for a missing or malformed header."""
    return context.child_traceparent(header)
