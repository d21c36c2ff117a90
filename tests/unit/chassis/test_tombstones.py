"""A record without value ends its key on a state topic, and is malformed everywhere else."""

from collections.abc import Sequence
from dataclasses import dataclass

from imece_chassis.consumer import KeyEnded
from imece_chassis.consuming.declaration import Received
from imece_chassis.consuming.records import Malformed, classify
from imece_contracts.topics import CREDENTIALS, CRISES


@dataclass
class Record:
    topic: str = CREDENTIALS.name
    partition: int = 3
    offset: int = 41
    timestamp: int = 1_770_357_600_000
    key: bytes | None = b"0199c2d4-7b1e-7c3a-9a55-2f0c7b3d1e42"
    value: bytes | None = None
    headers: Sequence[tuple[str, bytes | None]] = ()


def test_on_a_state_topic_it_is_the_end_of_its_key() -> None:
    content = classify(Record()).content
    assert isinstance(content, Received) and isinstance(content.data, KeyEnded)
    assert content.envelope.key == "0199c2d4-7b1e-7c3a-9a55-2f0c7b3d1e42"
    assert content.envelope.data == b""


def test_its_id_comes_from_time_and_place_so_that_it_is_applied_once() -> None:
    contents = [classify(record).content for record in (Record(), Record(), Record(offset=42))]
    ids = [content.envelope.id for content in contents if isinstance(content, Received)]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].version == 7 and ids[0].int >> 80 == 1_770_357_600_000


def test_elsewhere_or_without_a_readable_key_it_is_malformed() -> None:
    for record in (Record(topic=CRISES.name), Record(key=None), Record(key=b""), Record(key=b"\xff")):
        assert isinstance(classify(record).content, Malformed)
