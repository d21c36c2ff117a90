from tests.http.crisis.conftest import CRISIS, Api, Scene


async def test_from_opening_to_a_held_pledge_and_back(scene: Scene):
    pledged = await scene.pledged("200")
    assert (pledged["state"], pledged["line"]["P"], pledged["line"]["room"]) == ("proposed", "200", "1000")
    held = (
        await scene.office.post(
            f"/allocations/{pledged['allocation_id']}/accept", {"quantity": "150", "rest": "decline"}
        )
    ).json()
    assert (held["state"], held["quantity"], held["rest"][0]["state"]) == ("held", "150", "declined")
    assert (held["line"]["H"], held["line"]["gap"], held["line"]["label"]) == ("150", "850", "PARTLY_COVERED")
    path = f"/allocations/{held['allocation_id']}"
    gone = (await scene.pledger.post(f"{path}/withdraw", {"reason": "transport_lost"})).json()
    assert (gone["state"], gone["reason"], gone["line"]["gap"]) == ("withdrawn", "transport_lost", "1000")
    told = (await scene.pledger.get(path)).json()
    steps = [(entry["from_state"], entry["to_state"], entry["quantity"]) for entry in told["history"]]
    assert steps[:2] == [(None, "proposed", "200"), ("proposed", "split", "200")]
    assert sorted(steps[2:4]) == [("split", "declined", "50"), ("split", "held", "150")]
    assert steps[4] == ("held", "withdrawn", "150")


async def test_an_opened_crisis_is_listed_and_readable(office: Api):
    first = (await office.post("/crises", CRISIS)).json()
    second = (await office.post("/crises", CRISIS)).json()
    assert (first["crisis_no"], second["crisis_no"]) == ("KRZ-2026-0001", "KRZ-2026-0002")
    assert first["settings"]["hold_minutes"] == {"life_saving": 360, "urgent": 1440, "normal": 4320}
    page = (await office.get("/crises", limit=1)).json()
    assert [crisis["crisis_no"] for crisis in page["items"]] == ["KRZ-2026-0002"]
    assert page["has_more"] is True
    rest = (await office.get("/crises", limit=1, cursor=page["next_cursor"])).json()
    assert [crisis["crisis_no"] for crisis in rest["items"]] == ["KRZ-2026-0001"]
    assert (await office.get("/crises", state="closed")).json()["items"] == []
    assert (await office.get(f"/crises/{first['crisis_id']}")).json() == first


async def test_a_need_shows_its_lines_with_their_vectors(scene: Scene):
    need = (await scene.office.get(f"/needs/{scene.need_id}")).json()
    (line,) = need["lines"]
    assert (need["state"], need["verification"], need["version"]) == ("open", 1, 2)
    assert (line["quantity"], line["line"]["R"], line["line"]["gap"]) == ("1000", "1000", "1000")
    listed = (await scene.asker.get(f"/crises/{scene.crisis_id}/needs", mine=True, state="open")).json()
    assert [item["need_id"] for item in listed["items"]] == [str(scene.need_id)]
    assert (await scene.pledger.get(f"/crises/{scene.crisis_id}/needs", mine=True)).json()["items"] == []


async def test_lists_of_pledges_show_own_rows_and_to_the_secretariat_all(scene: Scene):
    for quantity in ("10", "20", "30"):
        await scene.pledged(quantity)
    other = scene.office.member("pledger")
    await other.post(scene.pledges, scene.pledge("40"))

    async def quantities(api: Api, **params: object) -> list[str]:
        page = (await api.get(scene.pledges, **params)).json()
        return [item["quantity"] for item in page["items"]]

    assert await quantities(scene.pledger) == ["30", "20", "10"]
    assert await quantities(other) == ["40"]
    assert await quantities(scene.office) == ["40", "30", "20", "10"]
    assert await quantities(scene.office, mine=True) == []
    assert await quantities(scene.asker) == []
    assert len(await quantities(scene.asker, need_line_id=scene.line)) == 4
    assert await quantities(scene.pledger, state="held") == []
    page = (await scene.pledger.get(scene.pledges, limit=2)).json()
    following = await scene.pledger.get(scene.pledges, limit=2, cursor=page["next_cursor"])
    assert [item["quantity"] for item in following.json()["items"]] == ["10"]
    stolen = await scene.office.get("/crises", cursor=page["next_cursor"])
    assert (stolen.status_code, stolen.json()["code"]) == (400, "cursor_invalid")


async def test_the_catalogue_is_public(office: Api):
    answer = await office.client.get("/items")
    tent = next(item for item in answer.json()["items"] if item["code"] == "SHL-TENT-FAM")
    assert (tent["base_unit"], tent["packs"], tent["is_divisible"]) == ("adet", {"palet": "6"}, False)


async def test_a_repeated_command_gets_the_same_bytes(scene: Scene):
    first = await scene.pledger.post(scene.pledges, scene.pledge(), idempotency_key="one")
    again = await scene.pledger.post(scene.pledges, scene.pledge(), idempotency_key='"one"')
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true" and "idempotent-replayed" not in first.headers
    other = await scene.pledger.post(scene.pledges, scene.pledge("7"), idempotency_key="one")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    path = f"/allocations/{first.json()['allocation_id']}/accept"
    accepted = await scene.office.post(path, {}, idempotency_key="two")
    repeated = await scene.office.post(path, {}, idempotency_key="two")
    assert accepted.content == repeated.content and accepted.status_code == 200


async def test_the_key_of_another_organisation_is_another_key(scene: Scene):
    await scene.pledger.post(scene.pledges, scene.pledge(), idempotency_key="one")
    other = await scene.office.member("pledger").post(scene.pledges, scene.pledge("7"), idempotency_key="one")
    assert other.status_code == 201
