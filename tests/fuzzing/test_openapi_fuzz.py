"""Schemathesis plays a hostile integrator against each service over a real socket and a real database.

The seed is fixed, so a failure repeats; IMECE_FUZZ=full asks for many more cases.
"""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from crisis import wiring as crisis
from crisis.settings import Settings as CrisisSettings
from imece_chassis.access import keys
from imece_chassis.access.authenticator import Authenticator
from imece_chassis.access.caller import Caller
from imece_chassis.clock import SystemClock
from imece_chassis.database import Transaction
from imece_chassis.ids import uuid7
from notifications import wiring as notifications
from registry import wiring as registry
from registry.settings import Settings as RegistrySettings
from registry.usecases.bootstrap import Bootstrap, Bootstrapped, bootstrap
from tests.db.crisis.world import caller
from tests.http.crisis.conftest import Keys
from tests.http.registry.conftest import OFFICE
from tests.notifying.api import PEPPER, SCOPES, Source, settings_for
from tests.waiting import wait_until

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "ignored_auth",
)
IS_FULL = os.environ.get("IMECE_FUZZ") == "full"
CASES = "200" if IS_FULL else "12"
SEED = "20260206"


@asynccontextmanager
async def listening(application: FastAPI) -> AsyncIterator[str]:
    """The application on a socket of its own; its base URL."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(application, log_config=None, lifespan="on"))
        serving = asyncio.create_task(server.serve([listener]))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            await wait_until(lambda: answers(url), timeout=30)
            yield url
        finally:
            server.should_exit = True
            await serving


async def answers(url: str) -> bool:
    """The server's lifespan is through."""
    async with httpx.AsyncClient(timeout=5) as client:
        try:
            return (await client.get(f"{url}/livez")).status_code == 200
        except httpx.TransportError:
            return False


async def fuzz(
    url: str, key: str, folder: Path, *, cases: str = CASES, phases: str = "examples,coverage,fuzzing"
) -> None:
    """Run the judge; fail with what it printed."""
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).parent / "schemathesis"),
        "run",
        f"{url}/openapi.json",
        "--wait-for-schema=30",
        f"--header=Authorization: Bearer {key}",
        f"--checks={','.join(CHECKS)}",
        f"--phases={phases}",
        f"--max-examples={cases}",
        f"--seed={SEED}",
        "--suppress-health-check=all",
        "--request-timeout=20",
        "--warnings=off",
        "--exclude-path-regex=stream",
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()[-12000:]


@pytest.mark.timeout(400)
async def test_the_registry_keeps_its_word(database: Callable[[str], str], tmp_path: Path) -> None:
    settings = RegistrySettings.model_validate({"database_url": database("registry"), "env": "test"})
    application = registry.app(settings)
    async with listening(application) as url:

        async def work(tx: Transaction) -> Bootstrapped:
            mint = registry.mint_of(settings)
            return await bootstrap(tx, Bootstrap(OFFICE), mint, SystemClock().now(), uuid7)

        made = await application.state.database.unit_of_work(work)
        await fuzz(url, made.key or "", tmp_path)


@pytest.mark.timeout(400)
async def test_crisis_keeps_its_word(database: Callable[[str], str], tmp_path: Path) -> None:
    settings = CrisisSettings.model_validate({"database_url": database("crisis"), "env": "test"})
    issued = Keys()
    async with listening(crisis.app(settings, credentials=issued)) as url:
        key = issued.issue(caller("secretariat"))
        if IS_FULL:
            await fuzz(url, key, tmp_path)
        else:  # a hundred operations: a few cases of each
            await fuzz(url, key, tmp_path, cases="5", phases="examples,fuzzing")


@pytest.mark.timeout(400)
async def test_notifications_keeps_its_word(database: Callable[[str], str], tmp_path: Path) -> None:
    application = notifications.app(settings_for(database("notifications")))
    source, key = Source(), keys.new_key(live=False)
    source.callers[keys.digest(PEPPER, key)] = Caller(
        key_id=uuid7(), integration_id=uuid7(), organisation_id=uuid7(), scopes=SCOPES, is_test=True
    )
    async with listening(application) as url:
        application.state.access = Authenticator(source, PEPPER)
        await fuzz(url, key, tmp_path)
