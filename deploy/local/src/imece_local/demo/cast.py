"""Entering an organisation as the secretariat does: register, activate, integration, key."""

from dataclasses import dataclass

from imece_local.demo.calls import Answer, Calls, Stage
from imece_local.demo.scenario import Organisation


@dataclass(frozen=True, slots=True)
class Registered:
    """An organisation of the story as the registry knows it, with the key it calls with."""

    organisation_id: str
    key: str


async def register(calls: Calls, stage: Stage, organisation: Organisation) -> Registered:
    """Enter one organisation, with one integration that may ask and pledge. Raises DemoFailed."""

    async def post(step: str, path: str, body: Answer) -> Answer:
        ref = f"{organisation.ref}{step}"
        return await calls.post(f"{stage.registry}{path}", stage.secretariat_key, ref, body)

    entered = await post(
        "",
        "/organisations",
        {
            "kind": "dernek",
            "legal_name": organisation.name,
            "seat_province": organisation.plate,
            "provinces": [organisation.plate],
        },
    )
    path = f"/organisations/{entered['organisation_id']}"
    await post("-activate", f"{path}/activate", {"basis": "demo"})
    roles = {"name": "demo", "roles": ["asker", "pledger"]}
    integration = await post("-integration", f"{path}/integrations", roles)
    issued = await post("-key", f"/integrations/{integration['integration_id']}/keys", {"mode": "test"})
    return Registered(str(entered["organisation_id"]), str(issued["key"]))
