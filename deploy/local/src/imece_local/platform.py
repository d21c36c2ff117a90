"""PostgreSQL and Kafka for the local system: embedded, unless variables name servers of your own.

Every service has its own database and a role that owns only that database.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from imece_local.jars import ensure_jars
from imece_local.kafka import EmbeddedKafka
from imece_local.postgres import EmbeddedPostgres
from imece_local.services import SERVICES
from imece_local.state import State
from imece_local.steps import Steps
from imece_local.supervisor import Supervisor

PLATFORM_WAVE = 1  # ended after the services that use it


class Platform:
    """Where the databases and the broker are, known before they run; `start_...` makes it true."""

    def __init__(self, state: State, ports: Mapping[str, int]) -> None:
        self._state = state
        self.postgres = EmbeddedPostgres(state.postgres, ports["postgres"], log=state.log("postgres"))
        self.broker = EmbeddedKafka(
            state.kafka, state.libs, ports["kafka"], ports["kafka-controller"], log=state.log("kafka")
        )
        given = {service.name: os.environ.get(service.database_variable, "") for service in SERVICES}
        self._own_databases = {name for name, url in given.items() if url}
        self._own_broker = os.environ.get("KAFKA_BOOTSTRAP", "")
        self.fresh_databases: set[str] = set()

    @property
    def has_own_broker(self) -> bool:
        return bool(self._own_broker)

    def knows(self, service: str) -> bool:
        """True when the service's database is ours and was there before this start: its history is known."""
        return service not in self._own_databases and service not in self.fresh_databases

    @property
    def bootstrap(self) -> str:
        return self._own_broker or self.broker.bootstrap

    def database_urls(self) -> dict[str, str]:
        """Service → URL."""
        return {
            service.name: os.environ[service.database_variable]
            if service.name in self._own_databases
            else self.postgres.url(service.name, service.name)
            for service in SERVICES
        }

    def start_postgres(self, supervisor: Supervisor, steps: Steps) -> None:
        """Start the embedded server and make missing databases; nothing when every URL is given."""
        wanted = {service.name for service in SERVICES} - self._own_databases
        if not wanted:
            steps.say("          PostgreSQL: your own (DATABASE_URL_... are set)")
            return
        is_new = not self.postgres.data_dir.exists()
        with steps.step(f"PostgreSQL 18 on 127.0.0.1:{self.postgres.port}") as more:
            supervisor.add("postgres", self.postgres, wave=PLATFORM_WAVE)
            self.postgres.start()
            if is_new:
                more.append("(new)")
        missing = sorted(wanted - self.postgres.databases())
        if not missing:
            return
        with steps.step("databases and roles: " + ", ".join(missing)):
            for name in missing:
                self.postgres.create_role(name)
                self.postgres.create_database(name, owner=name)
        self.fresh_databases = set(missing)

    def start_kafka(self, supervisor: Supervisor, steps: Steps) -> None:
        """Start the embedded broker, its jars fetched if missing; nothing when KAFKA_BOOTSTRAP is given."""
        if self._own_broker:
            steps.say(f"          Kafka: your own ({self._own_broker})")
            return
        ensure_jars(self._state.libs, report=steps.say)
        is_new = not self.broker.data_dir.exists()
        with steps.step(f"Kafka 4.3 on {self.broker.bootstrap}") as more:
            supervisor.add("kafka", self.broker, wave=PLATFORM_WAVE)
            self.broker.start()
            if is_new:
                more.append("(new)")
