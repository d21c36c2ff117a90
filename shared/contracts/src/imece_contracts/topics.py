"""Every topic, declared once: name, key, kind, partitions, retention, owner, consumers.

`events` topics keep facts for ever; `state` topics are compacted and each record is the whole current state;
`progress` topics are compacted and carry one mark per relay lane.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["events", "state", "progress"]
FOREVER = -1
MAX_RECORD_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Topic:
    """One Kafka topic. `retention_ms` is -1 for ever; `partitions` is the production number."""

    name: str
    key: str
    kind: Kind
    owner: str
    consumers: tuple[str, ...]
    partitions: int = 12
    retention_ms: int = FOREVER

    @property
    def is_compacted(self) -> bool:
        return self.kind != "events"

    def configuration(self) -> dict[str, str]:
        """Broker settings of the topic, as text."""
        return {
            "cleanup.policy": "compact" if self.is_compacted else "delete",
            "retention.ms": str(self.retention_ms),
            "max.message.bytes": str(MAX_RECORD_BYTES),
        }


ORGANISATIONS = Topic(
    "registry.organisations.v1", "organisation_id", "state", "registry", ("crisis", "notifications")
)
GRANTS = Topic("registry.grants.v1", "grant_id", "state", "registry", ("crisis", "notifications"))
CREDENTIALS = Topic("registry.credentials.v1", "key_id", "state", "registry", ("crisis", "notifications"))
REGISTRY_PROGRESS = Topic(
    "registry.progress.v1", "lane", "progress", "registry", ("crisis", "notifications"), partitions=1
)
CRISES = Topic("crisis.crises.v1", "crisis_id", "events", "crisis", ("crisis", "notifications"))
NEEDS = Topic("crisis.needs.v1", "need_id", "events", "crisis", ("public",))
LINES = Topic("crisis.lines.v1", "need_line_id", "events", "crisis", ("crisis", "notifications"))
OFFERS = Topic("crisis.offers.v1", "offer_id", "events", "crisis", ("notifications", "public"))
TASKS = Topic("crisis.tasks.v1", "task_id", "events", "crisis", ("notifications",))
ORDERS = Topic("crisis.orders.v1", "order_id", "events", "crisis", ("crisis", "notifications"))
CRISIS_PROGRESS = Topic(
    "crisis.progress.v1", "lane", "progress", "crisis", ("crisis", "notifications"), partitions=1
)
DELIVERIES = Topic("notifications.deliveries.v1", "deadline_ref", "events", "notifications", ("crisis",))
NOTIFICATIONS_PROGRESS = Topic(
    "notifications.progress.v1", "lane", "progress", "notifications", ("crisis",), partitions=1
)

TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        ORGANISATIONS,
        GRANTS,
        CREDENTIALS,
        REGISTRY_PROGRESS,
        CRISES,
        NEEDS,
        LINES,
        OFFERS,
        TASKS,
        ORDERS,
        CRISIS_PROGRESS,
        DELIVERIES,
        NOTIFICATIONS_PROGRESS,
    )
}
