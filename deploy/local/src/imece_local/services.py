"""The services as processes: which command runs each, and the environment it gets.

Each process is given its own database and nobody else's: the variables of the other services are taken away.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from imece_local.secret_files import key_of_32_bytes, secret_file

# What makes the local system open; said at every start.
DEVELOPMENT = {
    "IMECE_ENV": "development",
    "CRISIS_BOARD_ACCESS": "open",
    "WEBHOOK_ALLOW_HTTP": "true",
    "WEBHOOK_ALLOWED_SUBNETS": "127.0.0.0/8",
}


@dataclass(frozen=True)
class ServiceProcess:
    """`roles` are the arguments of `run`; one process per service is enough for one machine."""

    name: str
    roles: tuple[str, ...]

    @property
    def database_variable(self) -> str:
        return f"DATABASE_URL_{self.name.upper()}"

    @property
    def run(self) -> list[str]:
        return self.command("run", *self.roles)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", self.name, *arguments]


SERVICES = (
    ServiceProcess("registry", ("api", "relay")),
    ServiceProcess("crisis", ("api", "relay", "consume", "board", "timers")),
    ServiceProcess("notifications", ("api", "relay", "consume", "deliver")),
)


@dataclass(frozen=True)
class Surroundings:
    """What the processes find around them. `database_urls`: service → URL; `secrets`: the folder."""

    ports: Mapping[str, int]
    kafka_bootstrap: str
    database_urls: Mapping[str, str]
    secrets: Path
    given: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    def url(self, service: str) -> str:
        """Base URL of a service's HTTP API."""
        return f"http://127.0.0.1:{self.ports[service]}"

    def environment(self, service: ServiceProcess) -> dict[str, str]:
        """Environment of one service's processes; what the caller set wins over the local defaults."""
        ours = {
            **DEVELOPMENT,
            "API_KEY_PEPPER": secret_file(self.secrets / "api-key-pepper", key_of_32_bytes),
            "NOTIFICATIONS_MASTER_KEY": secret_file(
                self.secrets / "notifications-master-key", key_of_32_bytes
            ),
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.ports["smtp"]),
            "SMTP_SENDER": "imece@localhost",
            "PUBLIC_BOARD_URL": self.url("crisis"),
            "LOG_LEVEL": "INFO",
        }
        fixed = {
            "KAFKA_BOOTSTRAP": self.kafka_bootstrap,
            service.database_variable: self.database_urls[service.name],
            f"{service.name.upper()}_HTTP_HOST": "127.0.0.1",
            f"{service.name.upper()}_HTTP_PORT": str(self.ports[service.name]),
            "PYTHONUNBUFFERED": "1",
        }
        # One port for three processes would be taken by the first.
        foreign = {other.database_variable for other in SERVICES} | {"DATABASE_URL", "OPS_PORT"}
        given = {name: value for name, value in self.given.items() if name not in foreign}
        if service.name != "notifications":
            ours.pop("NOTIFICATIONS_MASTER_KEY")
        return {**ours, **given, **fixed}
