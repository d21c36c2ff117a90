"""W3C trace context over HTTP; sampling is ours, a malformed header starts a new trace, never an error."""

import re
import secrets

from imece_chassis import context

# Version 00 has exactly four fields; later versions may append more; ff is invalid.
_LATER = re.compile(r"(?!00|ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")


def incoming(header: str | None) -> str:
    """The traceparent of a request: the caller's trace in a span of our own, or a new trace."""
    if header is not None:
        if context.is_traceparent(header):
            return f"00-{header[3:35]}-{secrets.token_hex(8)}-01"
        later = _LATER.fullmatch(header)
        if later is not None:
            return f"00-{later[1]}-{secrets.token_hex(8)}-01"
    return context.new_traceparent()
