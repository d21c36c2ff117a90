"""Organisations, grants and key digests of the registry, mirrored so that pledging goes on without it."""

from imece_chassis.access.mirror import mirror_consumer
from imece_chassis.consumer import Consumer


def registry_consumers() -> tuple[Consumer, ...]:
    """The consumers of the registry's topics."""
    return (mirror_consumer(),)
