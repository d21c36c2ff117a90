"""Remembers which migrations a database has had, so that a start does not load a whole service to find none.

A service is migrated again when any .sql file of its migrations or the chassis' changed, when its database is
new, or when it is not ours. The service's own `migrate` stays the only thing that changes a schema.
"""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

from imece_local.state import read_json, write_json

_writing = threading.Lock()


def fingerprint(checkout: Path, service: str) -> str:
    """Changes with the name or content of any migration the service applies."""
    seen = hashlib.sha256()
    for source in (checkout / "shared" / "chassis" / "src", checkout / "services" / service / "src"):
        for file in sorted(source.rglob("migrations/*.sql")):
            seen.update(f"{file.relative_to(source)}\0".encode() + file.read_bytes() + b"\0")
    return seen.hexdigest()


def is_migrated(record: Path, service: str, now: str) -> bool:
    """True when `record` says the service was migrated with exactly these files."""
    return read_json(record).get(service) == now


def remember(record: Path, service: str, now: str) -> None:
    with _writing:
        write_json(record, read_json(record) | {service: now})
