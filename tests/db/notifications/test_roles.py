"""Every role of the service opens on a database alone; the broker may come later."""

from collections.abc import Callable

import pytest

from notifications.settings import NotificationsSettings
from notifications.wiring import SERVICE


@pytest.mark.parametrize("name", ["relay", "consume", "deliver"])
async def test_a_role_opens_and_closes(database: Callable[[str], str], name: str) -> None:
    settings = NotificationsSettings.model_validate(
        {"env": "test", "database_url": database("notifications"), "kafka_bootstrap": "127.0.0.1:1"}
    )
    async with SERVICE.roles[name](settings) as role:
        assert role.name
    assert SERVICE.progress_topic is not None, "what was published can be published again"
