"""The notifications service: who must hear of an event hears of it once, and we know whether."""
