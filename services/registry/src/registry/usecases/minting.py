"""Makes new keys under the deployment's pepper. The key itself leaves here once and is never stored."""

from __future__ import annotations

from dataclasses import dataclass, field

from imece_chassis.access import keys
from registry.domain.keys import Secret
from registry.domain.roles import Mode


@dataclass(frozen=True, slots=True)
class Mint:
    """`number` tells readers which pepper made a digest, so that a pepper can be replaced."""

    pepper: str = field(repr=False)
    number: int = 1

    def make(self, mode: Mode) -> tuple[str, Secret]:
        """A new key and what is kept of it."""
        key = keys.new_key(live=mode == "live")
        digest = keys.digest(self.pepper, key)
        return key, Secret(keys.prefix(key), keys.last4(key), digest, self.number)
