"""The notifications service: who must hear of an event hears of it once, in time, and we know whether they did."""
