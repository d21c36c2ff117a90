"""A secret is stored for replay only sealed: it is opened in the last step before the answer leaves."""

import base64
import json
from typing import Any
from uuid import UUID

from starlette.responses import Response

from notifications.store.vault import Vault

SEALED = "sealed:"


def sealed_text(sealed: bytes | None) -> str | None:
    """What the stored answer holds in place of the secret."""
    return None if sealed is None else SEALED + base64.b64encode(sealed).decode()


def with_open_secret(response: Response, vault: Vault) -> Response:
    """The same answer with its secret readable; any other answer as it is."""
    if response.status_code != 201 or not response.body:
        return response
    document: dict[str, Any] = json.loads(bytes(response.body))
    secret = document.get("secret")
    if not isinstance(secret, str) or not secret.startswith(SEALED):
        return response
    sealed = base64.b64decode(secret.removeprefix(SEALED))
    document["secret"] = vault.open_secret(UUID(document["subscription_id"]), sealed)
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {name: value for name, value in response.headers.items() if name.lower() != "content-length"}
    return Response(body, response.status_code, headers | {"cache-control": "no-store"})
