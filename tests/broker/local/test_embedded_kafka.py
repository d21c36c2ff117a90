"""The embedded broker: keeps its records and its address over a stop and over a crash."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from imece_contracts.topics import TOPICS
from imece_local.children import is_running
from imece_local.jars import ensure_jars
from imece_local.kafka import EmbeddedKafka
from imece_local.kafka_ping import names_a_broker
from imece_local.topics import create_topics, list_topics

STATE = Path(os.environ.get("IMECE_STATE", Path(__file__).parents[3] / ".imece"))
TOPIC = "registry.organisations.v1"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedKafka]:
    broker = EmbeddedKafka(
        tmp_path_factory.mktemp("kafka") / "broker", ensure_jars(STATE / "kafka-libs")
    ).start()
    yield broker
    broker.stop()


@pytest.fixture
async def declared(broker: EmbeddedKafka) -> str:
    await create_topics(broker.bootstrap, partitions=2)
    return broker.bootstrap


def _send(bootstrap: str, value: bytes) -> None:
    producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "log_level": 0})
    producer.produce(TOPIC, value, key=b"k", partition=0)
    assert producer.flush(20) == 0


def _first(bootstrap: str) -> bytes | None:
    reader = Consumer({"bootstrap.servers": bootstrap, "group.id": "test", "log_level": 0})
    reader.assign([TopicPartition(TOPIC, 0, 0)])
    record = reader.poll(20)
    reader.close()
    return record.value() if record else None


async def test_topics_are_created_once_as_the_contracts_declare_them(declared: str):
    assert await create_topics(declared, partitions=2) == []
    lines = {line.name: line for line in await list_topics(declared)}
    assert lines.keys() >= TOPICS.keys()
    for topic in TOPICS.values():
        assert lines[topic.name].owner == topic.owner
        assert lines[topic.name].partitions == min(2, topic.partitions)


def test_records_and_address_stay_over_a_stop_and_a_crash(broker: EmbeddedKafka, declared: str):
    _send(declared, b"first")
    assert broker.stop(), "SIGTERM is a clean stop"
    assert not names_a_broker("127.0.0.1", broker.port)
    broker.start()
    assert broker.bootstrap == declared
    crashed = broker.pid
    broker.kill()
    assert not is_running(crashed)
    broker.start()
    assert _first(broker.bootstrap) == b"first"


def test_a_port_nobody_listens_on_names_no_broker():
    assert not names_a_broker("127.0.0.1", 1, timeout=0.5)
