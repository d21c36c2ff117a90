"""PostgreSQL refuses to run as uid 0; this is how root runs it all the same, without making a user.

First choice: a user namespace that shows our own uid as 1000. Where those are forbidden (most containers):
the uid of `nobody`, keeping only the right to pass through folders that are closed to others.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_NOBODY = 65534


class NoOrdinaryUser(RuntimeError):
    """Root, and neither way is allowed here."""


@dataclass(frozen=True, slots=True)
class OrdinaryUser:
    """`prefix` goes before the command; files must belong to `uid` as seen from outside."""

    prefix: tuple[str, ...]
    uid: int

    def own(self, folder: Path) -> None:
        """Hand a folder over when the other way was used before (root only)."""
        if os.geteuid() == 0 and folder.exists() and folder.stat().st_uid != self.uid:
            os.chown(folder, self.uid, -1)
            for place, folders, files in os.walk(folder):
                for name in (*folders, *files):
                    os.chown(Path(place, name), self.uid, -1, follow_symlinks=False)


@functools.cache
def ordinary_user(dies_by: str) -> OrdinaryUser:
    """The way that works here. `dies_by` is the death signal, which changing the uid would clear."""
    if os.geteuid() != 0:
        return OrdinaryUser((), os.geteuid())
    mapped = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
    if _works(mapped):
        return OrdinaryUser(mapped, 0)
    keep = "-all,+dac_override"
    identity = (f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups")
    rights = (f"--inh-caps={keep}", f"--ambient-caps={keep}", f"--bounding-set={keep}")
    nobody = ("setpriv", *identity, *rights, "--pdeathsig", dies_by)
    if _works(nobody):
        return OrdinaryUser(nobody, _NOBODY)
    raise NoOrdinaryUser(
        "PostgreSQL refuses to run as root, and this machine allows neither user namespaces nor another uid:"
        " run as an ordinary user, or set DATABASE_URL_REGISTRY, _CRISIS and _NOTIFICATIONS."
    )


def _works(prefix: tuple[str, ...]) -> bool:
    if shutil.which(prefix[0]) is None:
        return False
    return subprocess.run([*prefix, "true"], check=False, capture_output=True).returncode == 0
