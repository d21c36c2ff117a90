"""Frozen unit conversions as JSON: {pack, factor, count, edition}, decimals as text."""

import json
from decimal import Decimal
from functools import lru_cache
from typing import Any

from crisis.domain.units import PackSnapshot, plain


@lru_cache(maxsize=4096)
def pack_json(pack: PackSnapshot) -> str:
    """A conversion as stored."""
    return json.dumps(
        {
            "pack": pack.pack,
            "factor": plain(pack.factor),
            "count": plain(pack.count),
            "edition": pack.edition,
        },
        ensure_ascii=False,
    )


def pack_of(document: str) -> PackSnapshot:
    """The conversion of a stored row."""
    stored: dict[str, Any] = json.loads(document)
    return PackSnapshot(
        stored["pack"], Decimal(stored["factor"]), Decimal(stored["count"]), stored.get("edition")
    )
