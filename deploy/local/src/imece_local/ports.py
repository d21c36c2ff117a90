"""Ports of the local system: the same at every start where possible, another where the usual is taken."""

from __future__ import annotations

import socket
from pathlib import Path

from imece_local.children import free_port
from imece_local.state import read_json, write_json

USUAL = {
    "postgres": 15432,
    "kafka": 19092,
    "kafka-controller": 19093,
    "registry": 8101,
    "crisis": 8102,
    "notifications": 8103,
    "smtp": 8125,
}


def choose_ports(record: Path) -> dict[str, int]:
    """Part → port of 127.0.0.1: what `record` says, else the usual one, else a free one. Writes `record`."""
    remembered = read_json(record)
    chosen: dict[str, int] = {}
    for part, usual in USUAL.items():
        wishes = [remembered.get(part), usual]
        fits = [
            port for port in wishes if isinstance(port, int) and is_free(port) and port not in chosen.values()
        ]
        chosen[part] = fits[0] if fits else _another(set(chosen.values()))
    if chosen != remembered:
        write_json(record, chosen)
    return chosen


def is_free(port: int) -> bool:
    """True when nobody listens on 127.0.0.1:port (connections that are winding down do not count)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _another(taken: set[int]) -> int:
    while (port := free_port()) in taken:
        pass
    return port
