"""Whose desk wrote a stored row down for another organisation."""

from typing import Any

from crisis.domain.behalf import Behalf


def behalf_of(row: Any) -> Behalf | None:
    """The mark of a row with `behalf_org_id` and `object_until`; None if its organisation spoke."""
    by_org_id = row["behalf_org_id"]
    return None if by_org_id is None else Behalf(by_org_id, row["object_until"])
