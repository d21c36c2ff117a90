"""Keys under faults: a revoked one ends everywhere in time; knowledge that grew old is refused."""

import time

import httpx

from tests.faults.lab import Lab
from tests.faults.scenario import Party, enrol
from tests.waiting import wait_until

# Promised: 5 s. Doubled, because this machine may run other suites.
REVOKED_SECONDS = 10.0
PLACES = {"crisis": "/crises", "notifications": "/subscriptions"}
MARKS_GROW_OLD = "UPDATE progress_marks SET drained_at = drained_at - interval '2 days' WHERE consumer = $1"


async def test_a_revoked_key_is_refused_by_every_service_within_the_promise(lab: Lab) -> None:
    async with lab.client(lab.scenario.secretariat, "registry") as registry:
        party = await enrol(registry, "Geri Alınan Anahtar Derneği", ["pledger"])
        for service in PLACES:
            await wait_until(lambda service=service: _is(lab, service, party, 200), 30, 0.05)
        assert (await registry.delete(party.key_url)).status_code == 204
        revoked = time.monotonic()
        for service in PLACES:
            await wait_until(lambda service=service: _is(lab, service, party, 401), 60, 0.05)
        assert time.monotonic() - revoked <= REVOKED_SECONDS


async def test_knowledge_of_keys_that_grew_too_old_is_refused_until_the_registry_is_back(lab: Lab) -> None:
    giver = lab.scenario.pledgers[0]
    await lab.system.kill("registry")
    assert await _is(lab, "crisis", giver, 200), "a short silence of the registry costs nothing"
    for service in PLACES:
        await wait_until(lambda service=service: _grows_old(lab, service, giver), 30, 0.2)
    refused = await _ask(lab, "crisis", giver)
    assert refused.json()["code"] == "credentials_stale"
    assert int(refused.headers["retry-after"]) >= 1
    await lab.system.restart("registry")
    for service in PLACES:
        await wait_until(lambda service=service: _is(lab, service, giver, 200), 60, 0.05)
    async with lab.load(20):
        pass
    await lab.check()


async def _grows_old(lab: Lab, service: str, party: Party) -> bool:
    """Days pass: every mark is older now, also one that arrived a moment ago."""
    async with lab.system.checker(service) as connection:
        await connection.execute(MARKS_GROW_OLD, "access_mirror")
    return await _is(lab, service, party, 503)


async def _ask(lab: Lab, service: str, party: Party) -> httpx.Response:
    async with httpx.AsyncClient(base_url=lab.system.url(service), timeout=10) as http:
        return await http.get(PLACES[service], headers={"authorization": f"Bearer {party.key}"})


async def _is(lab: Lab, service: str, party: Party, status: int) -> bool:
    return (await _ask(lab, service, party)).status_code == status
