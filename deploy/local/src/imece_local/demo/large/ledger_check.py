"""The operator's check of the ledger, run as an operator runs it: `python -m crisis check`."""

import os
import subprocess
import sys
from dataclasses import dataclass

from imece_local.consoles import embedded_url
from imece_local.state import State


@dataclass(frozen=True, slots=True)
class Checked:
    """How many invariants were proved, and what the command said of those that are broken."""

    holding: int
    broken: tuple[str, ...]


def check_ledger(state: State) -> Checked | None:
    """Prove every invariant on the running system's database; None where this checkout runs none."""
    url = os.environ.get("DATABASE_URL_CRISIS") or (embedded_url(state, "crisis") if state.who_runs() else "")
    if not url:
        return None
    said = subprocess.run(
        [sys.executable, "-m", "crisis", "check"],
        env={**os.environ, "DATABASE_URL_CRISIS": url},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    holding = sum(line.startswith("holds") for line in said.stdout.splitlines())
    broken = tuple(line for line in said.stdout.splitlines() if not line.startswith("holds"))
    if said.returncode and not broken:
        broken = (f"python -m crisis check ended with {said.returncode}",)
    return Checked(holding, broken)
