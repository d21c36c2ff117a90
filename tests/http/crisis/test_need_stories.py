"""A need's story: everybody's part for the asker and the desks, one's own part for a pledger."""

from tests.http.crisis.conftest import Scene


async def test_the_story_of_a_need_is_whole_for_its_side_and_own_for_others(scene: Scene):
    mine = await scene.pledged("200")
    path = f"/allocations/{mine['allocation_id']}"
    await scene.office.post(f"{path}/accept")
    await scene.pledger.post(f"{path}/withdraw", {"reason": "no_funds"})
    history = f"/needs/{scene.need_id}/history"
    told = (await scene.asker.get(history)).json()["items"]
    assert [entry["command"] for entry in told][-3:] == [
        "propose_allocation",
        "accept_allocation",
        "withdraw_allocation",
    ]
    assert told[0]["command"] == "submit_need"
    assert (told[-1]["reason"], told[-1]["actor_role"]) == ("no_funds", "pledger")
    assert [entry["at"] for entry in told] == sorted(entry["at"] for entry in told)
    assert (await scene.pledger.get(history)).json()["items"] == told
    stranger = scene.office.member("pledger")
    seen = [entry["command"] for entry in (await stranger.get(history)).json()["items"]]
    assert seen == [entry["command"] for entry in told][:-3]


async def test_the_story_comes_in_pages(scene: Scene):
    await scene.pledged("10")
    history = f"/needs/{scene.need_id}/history"
    whole = (await scene.office.get(history)).json()["items"]
    paged, cursor = [], None
    while True:
        page = (await scene.office.get(history, limit=1, **({"cursor": cursor} if cursor else {}))).json()
        paged += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert paged == whole


async def test_no_need_no_story(scene: Scene):
    assert (await scene.office.get(f"/needs/{scene.line}/history")).status_code == 404
