"""What operators see of the board. Labels never hold ids."""

from imece_chassis.telemetry.metrics import Counter, Gauge, Histogram

APPLIED = Histogram(
    "board_event_to_card_seconds",
    "From the moment an event happened to the commit of the card that shows it",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)
MARK_AGE = Gauge(
    "board_mark_age_seconds",
    "Age of the newest moment up to which boards are known to be complete; grows by the pace of the marks",
)
FLUSH = Histogram(
    "board_commit_to_flush_seconds",
    "From the commit of a change to the frame that carries it being handed to the sockets",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 1, 2.5, 5, 10),
)
STREAMS = Gauge("board_streams", "Open event streams")
RESETS = Counter("board_stream_resets_total", "Streams told to start again from a snapshot", ["reason"])
RING_HITS = Counter("board_ring_hits_total", "Streams that resumed from memory")
SNAPSHOT_BUILDS = Counter(
    "board_snapshot_builds_total", "Snapshots put together, each for all readers of its moment"
)
LOADS = Counter("board_loads_total", "Boards read from the database as a whole")
PARKED = Gauge("board_parked_keys", "Need lines shown as incomplete because an event is missing")
