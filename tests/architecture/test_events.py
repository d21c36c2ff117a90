"""Every topic and event type has its producer and its readers in the services that are said to be."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import imece_contracts
from imece_contracts import topics
from imece_contracts.catalogue import EVENTS
from imece_contracts.event import EventData
from imece_contracts.topics import TOPICS, Topic
from tests.architecture.test_rules import plant
from tests.architecture.tree import SERVICES, Tree

SAMPLES = Path(imece_contracts.__file__).parent / "samples"
CONSTANTS = {value.name: name for name, value in vars(topics).items() if isinstance(value, Topic)}
READING_PARTS = ("consumers", "board", "wiring", "deliver")
# The chassis' mirror of organisations, grants and credentials reads these for whoever composes it.
MIRRORED = {"ORGANISATIONS", "GRANTS", "CREDENTIALS", "REGISTRY_PROGRESS"}


def names_in(tree: Tree, prefix: str) -> set[str]:
    """Every name and attribute mentioned below a package."""
    return {
        node.id if isinstance(node, ast.Name) else node.attr
        for module in tree.package(prefix)
        for node in ast.walk(module.syntax)
        if isinstance(node, ast.Name | ast.Attribute)
    }


def unread(topic: Topic, tree: Tree) -> Iterator[str]:
    """Services that are declared as readers of a topic and do not mention it where they read."""
    for service in set(topic.consumers) - {"public"}:
        names = set[str]().union(*(names_in(tree, f"{service}.{part}") for part in READING_PARTS))
        if CONSTANTS[topic.name] not in names | (MIRRORED if "mirror_consumer" in names else set()):
            yield f"{service} does not read {topic.name}"


def is_produced(event: type[EventData], tree: Tree) -> bool:
    """Whether the owner of the event's topic makes it in its events module."""
    return event.__name__ in names_in(tree, f"{event.topic.owner}.events")


@pytest.fixture(scope="session")
def repository() -> Tree:
    return Tree()


@pytest.mark.parametrize("topic", TOPICS.values(), ids=lambda topic: topic.name)
def test_the_topic_has_an_owner_and_readers_that_exist(topic: Topic) -> None:
    assert topic.owner in SERVICES
    assert topic.name.startswith(topic.owner + ".")
    assert topic.consumers
    assert set(topic.consumers) <= {*SERVICES, "public"}


@pytest.mark.parametrize("topic", TOPICS.values(), ids=lambda topic: topic.name)
def test_the_declared_readers_read_the_topic(topic: Topic, repository: Tree) -> None:
    assert list(unread(topic, repository)) == []


@pytest.mark.parametrize("event", EVENTS)
def test_the_event_type_has_a_frozen_sample(event: str) -> None:
    assert (SAMPLES / f"{event}.v{EVENTS[event].version}.json").exists()


@pytest.mark.parametrize("event", EVENTS)
def test_the_event_type_has_a_producer_in_its_owner(event: str, repository: Tree) -> None:
    assert is_produced(EVENTS[event], repository)


def test_no_sample_is_left_of_a_type_that_is_gone() -> None:
    known = {f"{event}.v{model.version}.json" for event, model in EVENTS.items()}
    assert {path.name for path in SAMPLES.iterdir()} - known == set()


def test_a_reader_that_does_not_read_and_a_type_nobody_makes_are_found(tmp_path: Path) -> None:
    tree = plant(
        tmp_path,
        {
            "services/crisis/src/crisis/events.py": "from imece_contracts.crisis import CrisisOpened\n",
            "services/notifications/src/notifications/consumers/crises.py": "READ = (topics.CRISES,)\n",
        },
    )
    assert list(unread(topics.LINES, tree)) != []
    assert list(unread(topics.CRISES, tree)) == ["crisis does not read crisis.crises.v1"]
    assert not is_produced(EVENTS["crisis.crisis.opened"], tree), "an import alone makes nothing"
