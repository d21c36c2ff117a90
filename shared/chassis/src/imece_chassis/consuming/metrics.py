"""What consumers say about themselves. Labels: consumer names and reasons from our own code."""

from prometheus_client import Counter, Gauge, Histogram

lag_seconds = Gauge(
    "consumer_lag_seconds", "Age of the newest applied record while more wait, else 0", ["consumer"]
)
duplicates = Counter("inbox_duplicates_total", "Events that had been applied before", ["consumer"])
dead = Counter("dead_letters_total", "Records that became dead letters", ["consumer", "reason"])
dead_waiting = Gauge("dead_letters_waiting", "Dead letters nobody has settled", ["consumer"])
parked_keys = Gauge("parked_keys", "Keys whose events wait behind a failed one", ["consumer"])
batch_seconds = Histogram(
    "consumer_batch_seconds",
    "From receiving a batch to its commit in the database",
    ["consumer"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60),
)
applied = Counter("consumer_records_total", "Records by what became of them", ["consumer", "outcome"])
retries = Counter(
    "consumer_retries_total", "Batches tried again after a transient error", ["consumer", "error"]
)
unseen = Counter(
    "consumer_unseen_records_total", "Records the framework dropped before the handler", ["consumer"]
)
stopped = Gauge(
    "consumer_stopped", "1 while a consumer stands still because of a failed record", ["consumer"]
)
commit_failures = Counter(
    "consumer_commit_failures_total", "Offset commits refused (rebalance)", ["consumer"]
)
restarts = Counter("consumer_restarts_total", "Restarts of a group member", ["consumer", "reason"])
