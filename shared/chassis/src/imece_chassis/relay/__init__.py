"""The ordered relay from the outbox to Kafka: one leader per lane, woken by coalesced notifications.

At least once, in position order within each key, and never a row of a rolled-back transaction.
"""

from imece_chassis.relay.relay import Relay

__all__ = ["Relay"]
