"""Secrets of the local system: generated once, kept one per file, readable by their owner only."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path


def secret_file(file: Path, *, random_bytes: int = 24) -> str:
    """The secret in `file` (url-safe base64 text), made with mode 600 in a folder of mode 700 if missing.

    Two processes that ask at once get the same secret. A file that others can read is closed again.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            file.chmod(0o600)
        return file.read_text()
    return keep_secret(file, secrets.token_urlsafe(random_bytes), overwrite=False)


def keep_secret(file: Path, value: str, *, overwrite: bool = True) -> str:
    """Write `value` in one step, mode 600; without `overwrite` an existing secret wins. Returns what is there."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(value)
    try:
        if overwrite:
            fresh.replace(file)
        else:
            os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink(missing_ok=True)
    return file.read_text()
