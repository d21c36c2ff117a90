"""An outage of the broker makes the copy of keys old; pledging goes on for as long as the operator allows."""

import pytest

from tests.http.crisis.conftest import Scene


@pytest.mark.parametrize(
    ("hours", "pledging", "ready"), [(0.3, 201, 200), (23.9, 201, 200), (24.1, 503, 503)]
)
async def test_pledges_are_accepted_through_a_day_of_outage(
    scene: Scene, hours: float, pledging: int, ready: int
) -> None:
    scene.pledger.keys.age_seconds = hours * 3600
    answer = await scene.pledger.post(scene.pledges, scene.pledge())
    assert answer.status_code == pledging, answer.text
    assert (await scene.pledger.get("/readyz")).status_code == ready
    if pledging == 503:
        assert answer.json()["code"] == "credentials_stale"
