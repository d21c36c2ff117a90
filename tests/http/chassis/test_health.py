"""Operator endpoints: alive, ready with named checks, and metrics two parsers accept."""

import asyncio
from typing import Any

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as classic

from imece_chassis.cli import NOWHERE, roles_of
from imece_chassis.http import health
from imece_chassis.runtime import ApiRole
from tests.http.chassis.edge_app import EdgeService


async def test_alive_is_said_without_asking_anything(service: EdgeService) -> None:
    service.broken_checks = {"database", "broker"}
    async with service.client() as client:
        response = await client.get("/livez")
    assert (response.status_code, response.json()) == (200, {"status": "alive", "service": "orders"})


@pytest.mark.parametrize(
    ("broken", "status", "word"),
    [
        (set(), 200, "ready"),
        ({"broker"}, 200, "degraded"),
        ({"database"}, 503, "unready"),
        ({"database", "broker"}, 503, "unready"),
    ],
)
async def test_ready_names_its_checks_and_the_broker_only_degrades(
    service: EdgeService, broken: set[str], status: int, word: str
) -> None:
    service.broken_checks = broken
    async with service.client() as client:
        response = await client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (status, word)
    assert response.json()["checks"] == {
        name: "failed" if name in broken else "ok" for name in ("database", "broker")
    }
    assert ("retry-after" in response.headers) is (status == 503)


async def test_a_draining_process_is_unready(service: EdgeService) -> None:
    service.app.state.is_draining = True
    async with service.client() as client:
        assert (await client.get("/readyz")).status_code == 503


async def test_a_check_that_hangs_fails_in_time() -> None:
    async def hang() -> None:
        await asyncio.Event().wait()

    assert await health.run_checks({"soft:slow": hang}, within_seconds=0.02) == (
        "degraded",
        {"slow": "failed"},
    )


@pytest.mark.parametrize("host", ["203.0.113.7", "10.0.0.4", "2001:db8::1"])
async def test_metrics_are_not_there_for_other_machines(service: EdgeService, host: str) -> None:
    transport = httpx.ASGITransport(app=service.app, client=(host, 40_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://orders") as client:
        assert (await client.get("/metrics")).status_code == 404
        assert (await client.get("/livez")).status_code == 200


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded"])
async def test_metrics_are_not_passed_on_by_a_proxy_beside_the_service(
    service: EdgeService, header: str
) -> None:
    async with service.client() as client:
        assert (await client.get("/metrics", headers={header: "for=127.0.0.1"})).status_code == 404


async def test_metrics_leave_the_public_port_when_the_process_has_one_of_its_own(
    service: EdgeService,
) -> None:
    service.app.state.is_scraped_elsewhere = True
    async with service.client() as client:
        assert (await client.get("/metrics")).status_code == 404


def test_a_process_with_an_operators_port_answers_there_and_asks_the_checks_of_its_api() -> None:
    from crisis.wiring import SERVICE

    def process(**given: Any) -> tuple[Any, int]:
        settings = SERVICE.settings_class.model_validate({"database_url": NOWHERE, "env": "test", **given})
        (api, *others) = roles_of(SERVICE, settings, ["api"])
        assert isinstance(api, ApiRole)
        return api.app.state, len(others)

    state, others = process(ops_port=9)
    assert (state.is_scraped_elsewhere, others, set(state.checks)) == (True, 1, {"database", "credentials"})
    state, others = process()
    assert (state.is_scraped_elsewhere, others) == (False, 0)


async def test_metrics_are_served_in_both_text_formats(service: EdgeService) -> None:
    async with service.client() as client:
        await client.get("/orders")
        plain = await client.get("/metrics")
        accept = {"accept": "application/openmetrics-text; version=1.0.0; charset=utf-8"}
        open_ = await client.get("/metrics", headers=accept)
    assert plain.headers["content-type"].startswith("text/plain")
    assert open_.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert open_.text.endswith("# EOF\n")
    for families in (list(classic(plain.text)), list(openmetrics(open_.text))):
        names = {family.name for family in families}
        assert {"http_request_seconds", "process_resident_memory_bytes", "build_info"} <= names
        samples = [
            (sample.name, tuple(sorted(sample.labels.items()))) for f in families for sample in f.samples
        ]
        assert len(samples) == len(set(samples)), "no sample twice"
        assert not [name for name, _ in samples if name.endswith("_created")]
