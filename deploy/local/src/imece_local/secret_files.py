"""Secrets of the local system: generated once, kept one per file, readable by their owner only."""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path


def password() -> str:
    """192 random bits, safe inside URLs."""
    return secrets.token_urlsafe(24)


def key_of_32_bytes() -> str:
    """32 random bytes in standard base64, as encryption keys are written in settings."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def secret_file(file: Path, make: Callable[[], str] = password) -> str:
    """The secret in `file`, made with mode 600 in a folder of mode 700 if missing.

    Two processes that ask at once get the same secret. A file that others can read is closed again.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            file.chmod(0o600)
        return file.read_text()
    return keep_secret(file, make(), overwrite=False)


def keep_secret(file: Path, value: str, *, overwrite: bool = True) -> str:
    """Write `value` in one step, mode 600; an existing one wins unless `overwrite`. Returns what is there."""
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
