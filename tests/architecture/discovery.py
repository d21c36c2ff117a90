"""What the product declares at run time: services, routes, refusals. Found by importing, never listed."""

import importlib
import os
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Any

from fastapi import FastAPI

from imece_chassis.http.problems import is_refusal
from tests.architecture.tree import SERVICES, Tree

PACKAGES = ("imece_chassis", "imece_contracts", "imece_reference", "imece_web", *SERVICES)
ENVIRONMENT = {
    "IMECE_ENV": "test",
    "KAFKA_BOOTSTRAP": "127.0.0.1:1",
    "DATABASE_URL_REGISTRY": "postgresql://nobody@127.0.0.1:1/registry",
    "DATABASE_URL_CRISIS": "postgresql://nobody@127.0.0.1:1/crisis",
    "DATABASE_URL_NOTIFICATIONS": "postgresql://nobody@127.0.0.1:1/notifications",
    "SMTP_HOST": "127.0.0.1",
    "SMTP_PORT": "1",
    "SMTP_SENDER": "imece@imece.example",
    "PUBLIC_BOARD_URL": "http://127.0.0.1:1",
}


def composed_services() -> list[str]:
    """Services that have a composition root."""
    tree = Tree()
    return [name for name in SERVICES if tree.has(f"{name}.wiring")]


def service_of(name: str) -> Any:
    """The imece_chassis Service a composition root declares."""
    return importlib.import_module(f"{name}.wiring").SERVICE


def app_of(name: str) -> FastAPI:
    """The HTTP application of a service, not started: no database, no broker."""
    service = service_of(name)
    before = dict(os.environ)
    os.environ.update(ENVIRONMENT)
    try:
        return service.app(service.settings_class())
    finally:
        os.environ.clear()
        os.environ.update(before)


@cache
def import_everything() -> None:
    """Import every module of the product except the __main__ ones."""
    for package in PACKAGES:
        if not Tree().has(package):
            continue
        root = importlib.import_module(package)
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)


def refusals() -> list[type[Exception]]:
    """Every error class a caller may see, bases excluded, sorted by package and name."""
    import_everything()
    found = {kind for kind in _subclasses(Exception) if kind.__module__.split(".")[0] in PACKAGES}
    shown = {kind for kind in found if is_refusal(kind) and not _is_base(kind)}
    return sorted(shown, key=lambda kind: (kind.__module__, kind.__qualname__))


def _subclasses(kind: type[Exception]) -> Iterator[type[Exception]]:
    for child in kind.__subclasses__():
        yield child
        yield from _subclasses(child)


def _is_base(kind: type[Exception]) -> bool:
    is_named_so = kind.__name__ == "Problem" or kind.__name__.endswith("Refusal") or kind.__name__[0] == "_"
    return bool(kind.__subclasses__()) and is_named_so
