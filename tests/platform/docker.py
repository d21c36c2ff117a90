"""Containers through testcontainers, where a Docker engine answers and the image is there or can be pulled.

IMECE_TEST_PLATFORM=embedded skips Docker; =docker refuses to fall back.
"""

import asyncio
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from urllib.parse import urlsplit

import asyncpg

from tests.waiting import wait_until_sync


@cache
def answers() -> bool:
    """True when a Docker engine listens where DOCKER_HOST or the usual socket says."""
    if os.environ.get("IMECE_TEST_PLATFORM") == "embedded":
        return False
    host = urlsplit(os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock"))
    address = host.path if host.scheme == "unix" else (host.hostname or "127.0.0.1", host.port or 2375)
    with socket.socket(socket.AF_UNIX if host.scheme == "unix" else socket.AF_INET) as probe:
        probe.settimeout(2)
        return probe.connect_ex(address) == 0


@cache
def has_image(name: str) -> bool:
    """True when the image can be run: it is there, or it can be pulled."""
    if not answers():
        return False
    import docker as engine
    from docker.errors import APIError

    client = engine.from_env(timeout=300)
    try:
        if not client.images.list(name=name):
            client.images.pull(name)
    except APIError:
        if os.environ.get("IMECE_TEST_PLATFORM") == "docker":
            raise
        return False
    finally:
        client.close()
    return True


@contextmanager
def container(
    image: str,
    inner_port: int,
    environment: Mapping[str, str],
    command: Sequence[str] | None = None,
    outer_port: int | None = None,
) -> Iterator[int]:
    """A running container; yields the port on 127.0.0.1 that leads to `inner_port`."""
    from testcontainers.core.container import DockerContainer

    port = outer_port or free_port()
    box = DockerContainer(image).with_bind_ports(inner_port, port)
    for name, value in environment.items():
        box = box.with_env(name, value)
    if command:
        box = box.with_command(list(command))
    with box:
        yield port


def free_port() -> int:
    """A port on 127.0.0.1 nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_postgres(url: str) -> None:
    """Return once the server answers; the image restarts its server once while it initialises."""

    async def answers_twice() -> bool:
        for _ in range(2):
            try:
                connection = await asyncpg.connect(url, timeout=2)
            except (OSError, asyncpg.PostgresError):
                return False
            await connection.close()
        return True

    wait_until_sync(
        lambda: asyncio.run(answers_twice()), timeout=60, interval=0.3, message="PostgreSQL is up"
    )
