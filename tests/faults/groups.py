"""Consumer groups seen and moved from outside, with a client the services do not use."""

from collections.abc import Sequence

from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient  # pyright: ignore[reportPrivateImportUsage]

from tests.platform.kafka import TestTopics


class Groups:
    """All groups of the services, or those that are named."""

    def __init__(self, bootstrap: str, *names: str) -> None:
        self._bootstrap = bootstrap
        self._admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
        self._names = names

    def rewind(self) -> bool:
        """Put every group to offset 0 in all its partitions. AssertionError while it still has members."""
        for group in self._all():
            start = [TopicPartition(place.topic, place.partition, 0) for place in self._offsets(group)]
            wish = ConsumerGroupTopicPartitions(group, start)
            try:
                self._admin.alter_consumer_group_offsets([wish])[group].result(10)
            except KafkaException as error:
                raise AssertionError(f"{group}: {error}") from None
        return True

    def are_at_the_end(self) -> bool:
        """Whether every group has committed the end of every topic of facts; AssertionError says what not."""
        topics = TestTopics(self._bootstrap)
        ends: dict[str, dict[int, int]] = {}
        for group in self._all():
            for place in self._offsets(group):
                if ".progress." in place.topic:
                    continue  # grows for ever
                if place.topic not in ends:
                    ends[place.topic] = topics.end_offsets(place.topic)
                assert place.offset >= ends[place.topic][place.partition], f"{group}: {place}"
        return True

    def _all(self) -> Sequence[str]:
        if self._names:
            return self._names
        found = [group.group_id for group in self._admin.list_consumer_groups().result(10).valid]
        return sorted(name for name in found if name.startswith(("crisis.", "notifications.")))

    def _offsets(self, group: str) -> list[TopicPartition]:
        asked = self._admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])[group]
        return asked.result(10).topic_partitions
