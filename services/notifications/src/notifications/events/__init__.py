"""The anti-corruption line: what others say becomes a fact, what became of a notice becomes an event."""

from notifications.events.facts import fact_of
from notifications.events.promises import place_in, promises_in
from notifications.events.reach import told

__all__ = ["fact_of", "place_in", "promises_in", "told"]
