"""What every page says to the browser: nothing from elsewhere, nothing inline, no framing, no guessing."""

CONTENT_SECURITY_POLICY = "; ".join(  # noqa: FLY002 - one directive a line is how it is read
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types imece",
    ]
)

_OFF = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock",
    "sync-xhr", "usb", "xr-spatial-tracking",
)  # fmt: skip

PAGE_HEADERS: tuple[tuple[str, str], ...] = (
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        ", ".join(
            [f"{feature}=()" for feature in _OFF]
            + ["publickey-credentials-create=(self)", "publickey-credentials-get=(self)"]
        ),
    ),
    ("cache-control", "no-store"),
    ("vary", "accept-language"),
)
"""For every HTML answer. Pages carry live figures, so no copy may be kept."""
