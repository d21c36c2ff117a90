"""The command line every service has."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI

from imece_chassis.migrations import Component
from imece_chassis.runtime import Role
from imece_chassis.settings import ServiceSettings


@dataclass(frozen=True)
class Service:
    """`roles` other than api; `app` builds the HTTP application served by the role api (its lifespan opens what it
    needs); `commands` are extra sub-commands: async (settings, argv) -> exit status."""

    name: str
    settings_class: type[ServiceSettings]
    components: Sequence[Component]
    roles: Mapping[str, Callable[[Any], AbstractAsyncContextManager[Role]]]
    app: Callable[[Any], FastAPI] | None = None
    commands: Mapping[str, Callable[[Any, Sequence[str]], Awaitable[int]]] = field(default_factory=dict)


def main(service: Service, argv: Sequence[str] | None = None) -> int:
    raise NotImplementedError
