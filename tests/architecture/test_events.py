"""Every topic and event type has its producer and its readers in the services that are said to be."""

import ast
from pathlib import Path

import pytest

import imece_contracts
from imece_contracts import topics
from imece_contracts.catalogue import EVENTS
from imece_contracts.topics import TOPICS, Topic
from tests.architecture.discovery import composed_services
from tests.architecture.tree import SERVICES, Tree

SAMPLES = Path(imece_contracts.__file__).parent / "samples"
CONSTANTS = {value.name: name for name, value in vars(topics).items() if isinstance(value, Topic)}
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


def topics_read_by(service: str) -> set[str]:
    """Names of the topic constants a service mentions outside its producing side."""
    tree = Tree()
    parts = ("consumers", "board", "wiring", "deliver")
    names = set().union(*(names_in(tree, f"{service}.{part}") for part in parts))
    return names | (MIRRORED if "mirror_consumer" in names else set())


@pytest.mark.parametrize("topic", TOPICS.values(), ids=lambda topic: topic.name)
def test_the_topic_has_an_owner_and_readers_that_exist(topic: Topic) -> None:
    assert topic.owner in SERVICES
    assert topic.name.startswith(topic.owner + ".")
    assert topic.consumers
    assert set(topic.consumers) <= {*SERVICES, "public"}


@pytest.mark.parametrize("topic", TOPICS.values(), ids=lambda topic: topic.name)
def test_the_declared_readers_read_the_topic(topic: Topic) -> None:
    for service in set(topic.consumers) & set(composed_services()):
        assert CONSTANTS[topic.name] in topics_read_by(service), f"{service} does not read {topic.name}"


@pytest.mark.parametrize("event", EVENTS)
def test_the_event_type_has_a_frozen_sample(event: str) -> None:
    assert (SAMPLES / f"{event}.v{EVENTS[event].version}.json").exists()


@pytest.mark.parametrize("event", EVENTS)
def test_the_event_type_has_a_producer_in_its_owner(event: str) -> None:
    owner = EVENTS[event].topic.owner
    if owner not in composed_services():
        pytest.xfail(f"{owner} is not composed yet")
    assert EVENTS[event].__name__ in names_in(Tree(), f"{owner}.events"), f"{owner} never produces {event}"


def test_no_sample_is_left_of_a_type_that_is_gone() -> None:
    known = {f"{event}.v{model.version}.json" for event, model in EVENTS.items()}
    assert {path.name for path in SAMPLES.iterdir()} - known == set()
