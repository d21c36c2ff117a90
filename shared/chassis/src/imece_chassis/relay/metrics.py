"""What the relay says about itself. Labels: the lane number, at most 16."""

from prometheus_client import Counter, Gauge, Histogram

leader = Gauge("relay_leader", "1 while this process leads the lane", ["lane"])
published = Counter("relay_published_total", "Outbox rows acknowledged by the broker and marked", ["lane"])
failures = Counter("relay_failures_total", "Batches that were not acknowledged", ["lane", "error"])
refused = Counter("relay_refused_total", "Rows the broker refuses for ever", ["lane"])
marks = Counter("relay_progress_marks_total", "Progress marks written", ["lane"])
rows = Gauge("outbox_rows", "Rows waiting to be published (counted up to 100,000)", ["lane"])
oldest = Gauge("outbox_oldest_seconds", "Age of the oldest row waiting to be published", ["lane"])
mark_seconds = Histogram(
    "relay_mark_seconds", "Time to mark rows as published", buckets=(0.002, 0.01, 0.05, 0.2, 1)
)
batch_records = Histogram("relay_batch_records", "Records per batch", buckets=(1, 4, 16, 64, 128, 256, 512))
