"""A service's own copy of credentials, grants and organisations, fed by the owner's state topics.

A row changes only for a higher sequence, a tombstone deletes it, and mirror_head moves in the same transaction,
so a reader that compares one number knows whether to load again.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from imece_chassis.consumer import Consumer


def mirror_consumer() -> "Consumer":
    """The consumer that keeps the *_mirror tables; its policy parks nothing and stops on a defect."""
    raise NotImplementedError
