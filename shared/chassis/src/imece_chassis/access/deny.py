"""The operator's own list of shut-out keys: works when nothing else does, without the broker or the database.

Entries are ids of keys, integrations or organisations, one per line (# starts a comment) in the file named by
API_KEY_DENY_FILE, or comma-separated in API_KEY_DENY. The file is looked at again at most once a second.
"""

import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from imece_chassis.access.caller import Caller

LOOK_AGAIN_SECONDS = 1.0


class DenyList:
    """Fixed entries and, optionally, a file that an operator edits while the process runs."""

    def __init__(
        self,
        entries: Iterable[str] = (),
        file: Path | None = None,
        *,
        look_again_seconds: float = LOOK_AGAIN_SECONDS,
    ) -> None:
        self._fixed = _clean(entries)
        self._file = file
        self._look_again_seconds = look_again_seconds
        self._from_file: frozenset[str] = frozenset()
        self._stamp: tuple[int, int] | None = None
        self._looked_at = float("-inf")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "DenyList":
        """The list an operator configured; empty by default."""
        file = environment.get("API_KEY_DENY_FILE")
        return cls(environment.get("API_KEY_DENY", "").split(","), Path(file) if file else None)

    def contains(self, caller: Caller) -> bool:
        """Whether the key, its integration or its organisation is shut out."""
        self._look()
        if not self._fixed and not self._from_file:
            return False
        names = {str(caller.key_id), str(caller.integration_id), str(caller.organisation_id)}
        return not (self._fixed.isdisjoint(names) and self._from_file.isdisjoint(names))

    def _look(self) -> None:
        if self._file is None or time.monotonic() - self._looked_at < self._look_again_seconds:
            return
        self._looked_at = time.monotonic()
        try:
            stat = self._file.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if stamp != self._stamp:
                self._from_file = _clean(
                    line.partition("#")[0] for line in self._file.read_text().splitlines()
                )
                self._stamp = stamp
        except FileNotFoundError:
            self._from_file, self._stamp = frozenset(), None
        except OSError:
            return  # an unreadable file keeps shutting out whom it named before


def _clean(entries: Iterable[str]) -> frozenset[str]:
    return frozenset(text for entry in entries if (text := entry.strip().lower()))
