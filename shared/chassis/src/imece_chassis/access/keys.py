"""API keys: 256 random bits in base62 with a checksum, kept only as a keyed digest.

A typing error is refused by the checksum before any look-up. DETECTION is public: secret scanners may use it.
"""

import hashlib
import hmac
import re
import secrets
import zlib

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RANDOM_CHARS = 43
CHECKSUM_CHARS = 6
LIVE_PREFIX = "imc_live_"
TEST_PREFIX = "imc_test_"
KEY_CHARS = len(LIVE_PREFIX) + RANDOM_CHARS + CHECKSUM_CHARS
DETECTION = r"\bimc_(?:live|test)_[0-9A-Za-z]{49}\b"
_SHAPE = re.compile(r"imc_(?:live|test)_[0-9A-Za-z]{49}", re.ASCII)


def new_key(live: bool) -> str:
    """A fresh key; shown once, never stored."""
    body = (LIVE_PREFIX if live else TEST_PREFIX) + _base62(secrets.randbits(256), RANDOM_CHARS)
    return body + _checksum(body)


def is_wellformed(key: str) -> bool:
    """Right prefix, alphabet, length and checksum. Says nothing about the key being known."""
    body = key[:-CHECKSUM_CHARS]
    fits = _SHAPE.fullmatch(key) is not None
    return (
        hmac.compare_digest(_checksum(body).encode(), key[-CHECKSUM_CHARS:].encode("utf-8", "replace"))
        and fits
    )


def is_live(key: str) -> bool:
    """Live rather than test key, by its prefix."""
    return key.startswith(LIVE_PREFIX)


def digest(pepper: str | bytes, key: str) -> bytes:
    """HMAC-SHA-256 of the key under the deployment's pepper; 32 bytes."""
    secret = pepper.encode() if isinstance(pepper, str) else pepper
    return hmac.digest(secret, key.encode("utf-8", "replace"), hashlib.sha256)


def prefix(key: str) -> str:
    """First eight characters of the random part, to recognise a key in lists."""
    return key[len(LIVE_PREFIX) : len(LIVE_PREFIX) + 8]


def last4(key: str) -> str:
    """Last four characters, to recognise a key in lists."""
    return key[-4:]


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode("utf-8", "replace")), CHECKSUM_CHARS)


def _base62(number: int, width: int) -> str:
    digits: list[str] = []
    for _ in range(width):
        number, digit = divmod(number, 62)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))
