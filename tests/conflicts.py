"""What units of work of this process met and got over, as the operator's metric counts it."""

from prometheus_client import REGISTRY


def deadlocks() -> float:
    """Deadlocks so far: each gave one unit of work another try.

    A session waits longer for a lock than the server takes to find a deadlock, so none passes for a long
    wait.
    """
    return REGISTRY.get_sample_value("db_conflicts_total", {"conflict": "deadlock"}) or 0.0
