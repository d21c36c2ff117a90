from typing import Any

from tests.http.crisis.conftest import TENT, Api, Scene

FLOUR = "FSC-FLOUR"


def a_package(quantity: str = "200", *items: str) -> dict[str, Any]:
    lines = [{"item_code": item, "quantity": quantity, "unit": UNITS[item]} for item in items or (TENT,)]
    return {"origin": "TUR006", "lines": lines, "ready_within_minutes": 120}


UNITS = {TENT: "adet", FLOUR: "kg"}


async def kept(by: Api, quantity: str = "200", *items: str) -> dict[str, Any]:
    answer = await by.post("/packages", a_package(quantity, *items))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_package_is_seen_by_its_organisation_and_by_desks(scene: Scene):
    package = await kept(scene.pledger)
    assert (package["state"], package["lines"][0]["quantity"]) == ("verified", "200")
    path = f"/packages/{package['package_id']}"
    assert (await scene.pledger.get(path)).json() == package
    assert (await scene.office.get(path)).json() == package
    assert (await scene.asker.get(path)).status_code == 404
    assert (await scene.office.get("/packages", item_code=FLOUR)).json()["items"] == []
    assert (await scene.office.get("/packages", item_code=TENT)).json()["items"] == [package]
    assert (await scene.asker.get("/packages")).json()["items"] == []
    assert (await scene.asker.post("/packages", a_package())).json()["code"] == "role_missing"
    assert (await scene.office.post(f"{path}/verify")).json()["code"] == "role_missing"
    assert (await scene.pledger.post(f"{path}/verify")).json()["version"] == 2
    assert (await scene.pledger.post(f"{path}/retire")).json()["state"] == "retired"
    assert (await scene.pledger.post(f"{path}/verify")).json()["code"] == "package_retired"


async def test_a_package_is_pledged_with_one_tap(scene: Scene):
    package = await kept(scene.pledger, "200", TENT, FLOUR)
    path = f"/packages/{package['package_id']}/pledge"
    answer = await scene.pledger.post(path, {"need_id": str(scene.need_id)})
    assert answer.status_code == 201, answer.text
    done = answer.json()
    (row,) = done["allocations"]
    assert (row["state"], row["quantity"], row["line"]["P"]) == ("proposed", "200", "200")
    assert (done["offer"]["package_id"], done["offer"]["lines"][0]["reserved"]) == (
        package["package_id"],
        "200",
    )
    assert len(done["offer"]["lines"]) == 1
    held = await scene.office.post(f"/allocations/{row['allocation_id']}/accept")
    assert held.json()["state"] == "held"
    flour = await kept(scene.pledger, "200", FLOUR)
    misfit = await scene.pledger.post(
        f"/packages/{flour['package_id']}/pledge", {"need_id": str(scene.need_id)}
    )
    assert (misfit.status_code, misfit.json()["code"]) == (409, "package_does_not_fit")


async def test_a_call_on_a_package_ends_with_the_pledgers_no(scene: Scene):
    package = await kept(scene.pledger)
    path = f"/packages/{package['package_id']}/call"
    body = {"need_line_id": str(scene.line), "quantity": "150", "unit": "adet"}
    assert (await scene.pledger.post(path, body)).json()["code"] == "role_missing"
    too_much = await scene.office.post(path, {**body, "quantity": "201"})
    assert (too_much.json()["code"], too_much.json()["free"]) == ("supply_exceeded", "200")
    answer = await scene.office.post(path, body)
    assert answer.status_code == 201, answer.text
    call = answer.json()
    assert answer.headers["location"] == f"/allocations/{call['allocation_id']}"
    assert (call["state"], call["awaiting"], call["quantity"]) == ("proposed", "pledger", "150")
    offers = (await scene.pledger.get(f"/crises/{scene.crisis_id}/offers")).json()["items"]
    assert [(each["package_id"], each["lines"][0]["quantity"]) for each in offers] == [
        (package["package_id"], "150")
    ]
    said_no = await scene.pledger.post(
        f"/allocations/{call['allocation_id']}/decline", {"reason": "not_suitable"}
    )
    assert said_no.json()["state"] == "declined", said_no.text


async def test_a_large_call_is_accepted_by_one_key_after_another_of_its_organisation_agreed(scene: Scene):
    first, second = scene.pledger, scene.pledger.colleague()
    await first.post("/offer-thresholds", {"quantities": {TENT: "100"}})
    package = await kept(first)
    body = {"need_line_id": str(scene.line), "quantity": "150", "unit": "adet"}
    call = (await scene.office.post(f"/packages/{package['package_id']}/call", body)).json()
    accept = f"/allocations/{call['allocation_id']}/accept"
    refused = await first.post(accept)
    assert (refused.status_code, refused.json()["code"]) == (409, "call_above_own_threshold")
    approved = await second.post(f"/offers/{refused.json()['offer']}/approve")
    assert (approved.status_code, approved.json()["state"]) == (200, "open")
    assert (await second.post(accept)).json()["code"] == "same_key"
    assert (await first.post(accept)).json()["state"] == "held"
