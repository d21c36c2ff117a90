"""The header suite of every response, errors included; a route that sets one of them keeps its own."""

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (
        b"content-security-policy",
        b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    # Two years; browsers ignore it over plain HTTP.
    (b"strict-transport-security", b"max-age=63072000; includeSubDomains"),
    (b"cache-control", b"no-store"),
)


def complete(headers: list[tuple[bytes, bytes]]) -> None:
    """Add what is missing to raw ASGI response headers (lower-case names)."""
    present = {name for name, _ in headers}
    headers.extend(pair for pair in HEADERS if pair[0] not in present)
