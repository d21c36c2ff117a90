"""Consumers of Kafka topics: a batch of records becomes one transaction, offsets are committed after it.

Every event is applied once: its id enters the inbox in the transaction that applies it.
"""

from imece_chassis.consuming.declaration import Consumer, KeyEnded, Lost, Policy, Received
from imece_chassis.consuming.runner import ConsumerRunner

__all__ = ["Consumer", "ConsumerRunner", "KeyEnded", "Lost", "Policy", "Received"]
