"""One textual form for figures from any source: shortest decimals, sorted keys, then SHA-256."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def plain(value: Any) -> str:
    """1200.000, "1200" and 1200 are the same figure."""
    number = Decimal(str(value))
    return format(number.normalize(), "f") if number else "0"


def digest(lines: Mapping[str, Mapping[str, str]]) -> str:
    """SHA-256 over the canonical JSON of line → figures."""
    text = json.dumps(lines, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def differences(one: Mapping[str, Mapping[str, str]], other: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What to say when two digests differ: line by line, figure by figure."""
    found: list[str] = []
    for line in sorted(one.keys() | other.keys()):
        left, right = one.get(line), other.get(line)
        if left is None or right is None:
            found.append(f"{line} is missing on {'the first' if left is None else 'the second'} side")
            continue
        found += [
            f"{line}.{name}: {left.get(name)} ≠ {right.get(name)}"
            for name in sorted(left.keys() | right.keys())
            if left.get(name) != right.get(name)
        ]
    return found
