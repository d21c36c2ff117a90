"""A real Kafka for tests: one that is named by KAFKA_BOOTSTRAP_TEST, or a container, or the embedded one.

Topic names are fixed by the contracts, so a test gets them fresh: topics that hold records are deleted and
made anew, which also forgets every group's offsets. Tests of one session run one after another.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic, OffsetSpec  # pyright: ignore[reportPrivateImportUsage]

from imece_contracts.topics import TOPICS
from tests.platform import docker
from tests.waiting import wait_until_sync

IMAGE = "apache/kafka:4.3.1"
PARTITIONS = 2
_LATEST: OffsetSpec = OffsetSpec.latest()  # pyright: ignore[reportAssignmentType]


class TestTopics:
    """The topics of one test."""

    __test__ = False

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap
        self._admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})

    def fresh(self) -> None:
        """Every topic of the contracts exists and is empty (PARTITIONS each, progress topics 1)."""
        existing = {name for name in self.names() if not name.startswith("__")}
        used = {name for name, ends in self._ends(existing).items() if any(ends.values())}
        self.delete(used | (existing - TOPICS.keys()))
        self._create(
            NewTopic(
                topic.name,
                num_partitions=1 if topic.kind == "progress" else PARTITIONS,
                replication_factor=1,
                config=topic.configuration(),
            )
            for topic in TOPICS.values()
            if topic.name not in existing - used
        )

    def create(self, prefix: str = "test", partitions: int = PARTITIONS) -> str:
        """A topic with a name nobody else has, starting with `prefix`."""
        name = f"{prefix}.{uuid.uuid4().hex[:12]}"
        self.add(name, partitions)
        return name

    def add(self, name: str, partitions: int = PARTITIONS) -> None:
        """A topic with this name, until the next test."""
        self._create([NewTopic(name, num_partitions=partitions, replication_factor=1)])

    def delete(self, names: Iterable[str]) -> None:
        """Delete topics and with them every group's offsets in them."""
        doomed = sorted(names)
        if not doomed:
            return
        for done in self._admin.delete_topics(doomed).values():
            done.result(15)
        wait_until_sync(lambda: not set(doomed) & self.names(), message=f"{doomed} are gone")

    def names(self) -> set[str]:
        return set(self._admin.list_topics(timeout=10).topics)

    def end_offsets(self, topic: str) -> dict[int, int]:
        """Partition → offset of the next record, also of a broker that has only just come back."""
        return wait_until_sync(lambda: self._answered([topic]), 15, message=f"{topic} is led")[topic]

    def _answered(self, topics: Iterable[str]) -> dict[str, dict[int, int]]:
        """The ends, or nothing as long as a leader is not ready to tell them."""
        try:
            return self._ends(topics)
        except (KafkaException, KeyError):
            return {}

    def _ends(self, topics: Iterable[str]) -> dict[str, dict[int, int]]:
        """Asked from the partitions' leaders, so an answer also proves that they lead."""
        known = self._admin.list_topics(timeout=10).topics
        places = [TopicPartition(topic, part) for topic in topics for part in known[topic].partitions]
        if not places:
            return {}
        asked = self._admin.list_offsets(dict.fromkeys(places, _LATEST), request_timeout=5)
        ends: dict[str, dict[int, int]] = {}
        for place, done in asked.items():
            ends.setdefault(place.topic, {})[place.partition] = done.result(10).offset
        return ends

    def _create(self, topics: Iterable[NewTopic]) -> None:
        wanted = {topic.topic: topic for topic in topics}
        if not wanted:
            return
        for done in self._admin.create_topics(list(wanted.values())).values():
            done.result(15)
        wait_until_sync(lambda: self._are_led(wanted), message=f"{sorted(wanted)} have leaders")

    def _are_led(self, wanted: Mapping[str, NewTopic]) -> bool:
        ends = self._answered(wanted)
        return all(len(ends.get(name, ())) == topic.num_partitions for name, topic in wanted.items())


@contextmanager
def running_kafka(folder: Path, libs: Path, given: str | None) -> Iterator[tuple[str, str]]:
    """(bootstrap, origin) of the broker for this session; `libs` keeps the jars of the embedded one."""
    with ExitStack() as stack:
        if given:
            yield given, "KAFKA_BOOTSTRAP_TEST"
        elif docker.has_image(IMAGE):
            yield stack.enter_context(_container()), IMAGE
        else:
            yield stack.enter_context(_embedded(folder, libs)), "embedded"


@contextmanager
def _embedded(folder: Path, libs: Path) -> Iterator[str]:
    from imece_local.jars import ensure_jars
    from imece_local.kafka import EmbeddedKafka

    broker = EmbeddedKafka(folder, ensure_jars(libs))
    broker.start()
    try:
        yield broker.bootstrap
    finally:
        broker.stop()


@contextmanager
def _container() -> Iterator[str]:
    port = docker.free_port()
    settings = {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_LISTENERS": "BROKER://:9092,CONTROLLER://:9093",
        "KAFKA_ADVERTISED_LISTENERS": f"BROKER://127.0.0.1:{port}",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "KAFKA_INTER_BROKER_LISTENER_NAME": "BROKER",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS": "4",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
    }
    with docker.container(IMAGE, 9092, settings, outer_port=port):
        bootstrap = f"127.0.0.1:{port}"
        wait_until_sync(lambda: _answers(bootstrap), timeout=60, interval=0.5, message="Kafka is up")
        yield bootstrap


def _answers(bootstrap: str) -> bool:
    try:
        return bool(
            AdminClient({"bootstrap.servers": bootstrap, "log_level": 0}).list_topics(timeout=2).brokers
        )
    except KafkaException:
        return False
