"""`./imece logs [PART] [-f]`: the last lines of the parts' logs, and new ones as they come with -f."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from imece_local.state import State

_LOOK_EVERY = 0.2


def logs(state: State, argv: Sequence[str]) -> int:
    """0, or 1 when there is no such log."""
    known = sorted(file.stem for file in state.logs.glob("*.log"))
    parser = argparse.ArgumentParser(prog="imece logs", description=__doc__)
    parser.add_argument(
        "part", nargs="*", help=f"all of them without; known here: {', '.join(known) or 'none yet'}"
    )
    parser.add_argument("-f", "--follow", action="store_true", help="go on with new lines until Ctrl-C")
    parser.add_argument("-n", "--lines", type=int, default=40, help="how many old lines (default 40)")
    options = parser.parse_args(argv)
    for part in options.part:
        if part not in known:
            print(f"no log of {part!r}; there are: {', '.join(known) or 'none yet'}", file=sys.stderr)
            return 1
    parts: list[str] = options.part or known
    followers = [_Follower(state.log(part), f"{part}: " if len(parts) > 1 else "") for part in parts]
    for follower in followers:
        follower.show_last(options.lines)
    while options.follow:
        shown = [follower.show_new() for follower in followers]
        if not any(shown):
            time.sleep(_LOOK_EVERY)
    return 0


class _Follower:
    """One log file; starts over when the file was replaced."""

    def __init__(self, file: Path, prefix: str) -> None:
        self._file, self._prefix = file, prefix
        self._at = 0
        self._rest = ""

    def show_last(self, count: int) -> None:
        text = self._file.read_text(errors="replace")
        self._at = self._file.stat().st_size
        self._print(text.splitlines()[-count:] if count else [])

    def show_new(self) -> bool:
        """Print whole lines that were added; True when there were any."""
        try:
            size = self._file.stat().st_size
        except FileNotFoundError:
            return False
        if size < self._at:
            self._at, self._rest = 0, ""
        if size == self._at:
            return False
        with self._file.open("rb") as file:
            file.seek(self._at)
            added = file.read(size - self._at)
        self._at = size
        *lines, self._rest = (self._rest + added.decode(errors="replace")).split("\n")
        self._print(lines)
        return True

    def _print(self, lines: Sequence[str]) -> None:
        for line in lines:
            print(f"{self._prefix}{line}")
        sys.stdout.flush()
