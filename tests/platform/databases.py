"""One migrated template database per service and session; one copy per test, dropped after it."""

import importlib
import uuid
from collections.abc import Sequence

from imece_chassis.migrations import CHASSIS, Component, migrate
from tests.platform.loops import BackgroundLoop
from tests.platform.postgres import TestPostgres

SERVICES = ("registry", "crisis", "notifications")


def components_of(service: str) -> Sequence[Component]:
    """The migrations the service itself names in its composition, in their order."""
    from imece_chassis.cli import Service

    for module in (f"{service}.wiring", f"{service}.__main__"):
        for value in vars(importlib.import_module(module)).values():
            if isinstance(value, Service):
                return value.components
    raise LookupError(f"neither {service}.wiring nor {service}.__main__ has a Service")


class Databases:
    """Makes databases for tests. A template is made at the first use of its service."""

    def __init__(self, server: TestPostgres) -> None:
        self.server = server
        self._run = uuid.uuid4().hex[:8]
        self._loop = BackgroundLoop()
        self._templates: dict[str, str] = {}
        self._made: list[str] = []

    def create(self, service: str) -> str:
        """URL of a new database with the migrations of `service` ("chassis": only those; "": none)."""
        name = f"imece_{self._run}_{service or 'empty'}_{uuid.uuid4().hex[:8]}"
        url = self.server.create(name, self._template(service) if service else None)
        self._made.append(name)
        return url

    def drop_all(self) -> None:
        """Drop the databases made since the last call."""
        while self._made:
            self.server.drop(self._made.pop())

    def close(self) -> None:
        self.drop_all()
        for name in self._templates.values():
            self.server.drop(name)
        self._loop.close()

    def _template(self, service: str) -> str:
        if service not in self._templates:
            components = [CHASSIS] if service == "chassis" else components_of(service)
            name = f"imece_{self._run}_template_{service}"
            url = self.server.create(name)
            try:
                self._loop.run(migrate(url, components, lambda _: None))
            except BaseException:
                self.server.drop(name)
                raise
            self._templates[service] = name
        return self._templates[service]
