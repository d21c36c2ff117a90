"""Encryption at rest: one AES-GCM key per recipient, wrapped by the master key; deleting it is erasure.

Every ciphertext is bound to its row by associated data, so it cannot be moved to another row.
Keys for different purposes are derived from the master key and never the master key itself.
"""

import base64
import hashlib
import hmac
import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
KEY_BYTES = 32
TOKEN_MAC_BYTES = 16
SECRET_PREFIX = "whsec_"
SECRET_BYTES = 32


class Unreadable(ValueError):
    """The ciphertext does not belong to this key and row."""


class Vault:
    """Seals and opens. Holds the master key of 32 bytes for the life of the process; never shows it."""

    def __init__(self, master_key: bytes) -> None:
        self._wrapping = AESGCM(_derive(master_key, b"recipient-keys"))
        self._endpoints = AESGCM(_derive(master_key, b"endpoint-secrets"))
        self._mac_key = _derive(master_key, b"address-mac")
        self._token_key = _derive(master_key, b"unsubscribe-tokens")
        self.cursor_key = _derive(master_key, b"cursors")

    def new_recipient_key(self, recipient_id: UUID) -> bytes:
        """A fresh key for a recipient, wrapped for storage."""
        return _seal(self._wrapping, AESGCM.generate_key(8 * KEY_BYTES), recipient_id.bytes)

    def seal_address(self, wrapped_key: bytes, recipient_id: UUID, contact_ref: UUID, address: str) -> bytes:
        """The address under the recipient's key. Raises Unreadable for a key of somebody else."""
        return _seal(self._unwrap(wrapped_key, recipient_id), address.encode(), contact_ref.bytes)

    def open_address(self, wrapped_key: bytes, recipient_id: UUID, contact_ref: UUID, sealed: bytes) -> str:
        """The address again. Raises Unreadable."""
        return _open(self._unwrap(wrapped_key, recipient_id), sealed, contact_ref.bytes).decode()

    def address_mac(self, comparable: str) -> bytes:
        """Keyed hash of an address, to find it again without reading any."""
        return hmac.digest(self._mac_key, comparable.encode(), hashlib.sha256)

    def new_secret(self) -> str:
        """A webhook secret: whsec_ and base64 of 32 random bytes."""
        return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()

    def seal_secret(self, subscription_id: UUID, secret: str) -> bytes:
        """The secret of a webhook rule, for storage."""
        return _seal(self._endpoints, secret.encode(), subscription_id.bytes)

    def open_secret(self, subscription_id: UUID, sealed: bytes) -> str:
        """The secret again. Raises Unreadable."""
        return _open(self._endpoints, sealed, subscription_id.bytes).decode()

    def unsubscribe_token(self, contact_ref: UUID) -> str:
        """What a mail carries to stop its list: opaque, unforgeable, and nothing needs to be stored."""
        mac = hmac.digest(self._token_key, contact_ref.bytes, hashlib.sha256)[:TOKEN_MAC_BYTES]
        return base64.urlsafe_b64encode(contact_ref.bytes + mac).decode().rstrip("=")

    def contact_of_token(self, token: str) -> UUID | None:
        """The contact a token stands for; None for anything we did not make."""
        try:
            raw = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except (ValueError, UnicodeEncodeError):
            return None
        if len(raw) != 16 + TOKEN_MAC_BYTES:
            return None
        contact_ref = UUID(bytes=raw[:16])
        is_ours = hmac.compare_digest(self.unsubscribe_token(contact_ref).encode(), token.encode())
        return contact_ref if is_ours else None

    def _unwrap(self, wrapped_key: bytes, recipient_id: UUID) -> AESGCM:
        return AESGCM(_open(self._wrapping, wrapped_key, recipient_id.bytes))


def _derive(master_key: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"imece/notifications/" + purpose).derive(
        master_key
    )


def _seal(cipher: AESGCM, plain: bytes, row: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plain, row)


def _open(cipher: AESGCM, sealed: bytes, row: bytes) -> bytes:
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], row)
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error
