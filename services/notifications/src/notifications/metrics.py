"""Figures of this service. Labels are bounded (channel, class, state, outcome), never an id or address."""

from imece_chassis.telemetry.metrics import Counter, Gauge, Histogram

notices_total = Counter("notification_notices_total", "Notices written", ["notice_class"])
terminal_total = Counter(
    "notification_terminal_total", "Deliveries that reached an ending", ["channel", "state"]
)
attempts_total = Counter(
    "notification_attempts_total", "Attempts by what they came to", ["channel", "outcome"]
)
first_attempt_seconds = Histogram(
    "notification_first_attempt_seconds",
    "From the event to the first attempt of a delivery",
    ["channel", "notice_class"],
    buckets=(0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0),
)
queue_oldest_seconds = Gauge(
    "notification_queue_oldest_seconds",
    "Age of the oldest delivery that is due and waits",
    ["lane_kind"],
    multiprocess_mode="max",
)
reach_total = Counter(
    "notification_reach_total", "Notices about a clock by what became of them last", ["reach"]
)
endpoints_disabled_total = Counter(
    "notification_endpoints_disabled_total", "Endpoints switched off", ["reason"]
)
