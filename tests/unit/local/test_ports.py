"""The same ports at every start where possible; another where the usual one is taken."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from imece_local.children import free_port
from imece_local.ports import USUAL, choose_ports, is_free


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_every_part_has_a_port_of_its_own(tmp_path: Path):
    chosen = choose_ports(tmp_path / "ports.json")
    assert chosen.keys() == USUAL.keys()
    assert len(set(chosen.values())) == len(chosen)


def test_a_recorded_port_is_used_again(tmp_path: Path):
    record = tmp_path / "ports.json"
    mine = free_port()
    record.write_text(json.dumps({"crisis": mine}))
    assert choose_ports(record)["crisis"] == mine
    assert choose_ports(record) == choose_ports(record)


def test_a_recorded_port_that_is_taken_is_replaced_and_recorded(tmp_path: Path, taken: int):
    record = tmp_path / "ports.json"
    record.write_text(json.dumps({"crisis": taken}))
    chosen = choose_ports(record)
    assert chosen["crisis"] != taken
    assert json.loads(record.read_text()) == chosen


def test_an_unreadable_record_is_ignored(tmp_path: Path):
    record = tmp_path / "ports.json"
    record.write_text("{half of")
    assert choose_ports(record).keys() == USUAL.keys()


def test_a_port_somebody_listens_on_is_not_free(taken: int):
    assert not is_free(taken)
    assert is_free(free_port())
