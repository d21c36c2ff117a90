"""A real SMTP server that delivers to a folder: each message is one .eml file, nothing leaves the machine."""

from __future__ import annotations

import itertools
import os
import time
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

_numbers = itertools.count(1)


class MailSink:
    """Listens on 127.0.0.1:port in a thread of its own; messages go to `folder`, newest last by name."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self._controller = Controller(_ToFolder(folder), hostname="127.0.0.1", port=port, ready_timeout=10)

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop(no_assert=True)


class _ToFolder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802 # aiosmtpd's name
        name = f"{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}-{next(_numbers):05}.eml"
        fresh = self._folder / f".{name}"
        fresh.write_bytes(envelope.content)
        fresh.replace(self._folder / name)
        return "250 stored"
