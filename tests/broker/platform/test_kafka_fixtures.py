from confluent_kafka import Producer

from imece_contracts.topics import TOPICS
from tests.platform.kafka import TestTopics
from tests.platform.log import read_all


def test_a_test_starts_with_empty_topics_whatever_ran_before(topics: TestTopics, kafka: str) -> None:
    name = next(iter(TOPICS))
    producer = Producer({"bootstrap.servers": kafka, "log_level": 0})
    producer.produce(name, b"{}", key=b"k", headers=[("ce_id", b"1")])
    assert producer.flush(10) == 0
    assert [record.header("ce_id") for record in read_all(kafka, [name])] == ["1"]
    topics.fresh()
    assert TOPICS.keys() <= topics.names()
    assert sum(topics.end_offsets(name).values()) == 0
    assert read_all(kafka, TOPICS) == []


def test_a_topic_of_its_own_has_a_name_nobody_else_has(topics: TestTopics) -> None:
    assert topics.create("own") != topics.create("own")
