"""Settings change member by member, hold together, and read back as they were written."""

import json
from decimal import Decimal
from typing import Any

import pytest

from crisis.domain.clocks import Silence, Timers, Urgency, timers_of
from crisis.domain.refusals import SettingOutOfRange, SettingsUnchanged, TimersOutOfOrder
from crisis.domain.settings import Settings, changed, document_of, settings_of


def test_a_stored_document_reads_back_as_it_was():
    step = changed(Timers(), Settings(), {"auto_accept": ["barinma"], "limits": {"ratio": Decimal("0.25")}})
    stored = json.loads(json.dumps(step.document(), default=str))
    assert settings_of(stored) == step.settings
    assert timers_of(stored, 2) == step.timers
    assert document_of(timers_of({}, 1), settings_of({})) == document_of(Timers(), Settings())


def test_what_is_not_named_keeps_its_value_and_the_version_goes_up():
    step = changed(Timers(), Settings(), {"answer_minutes": {"life_saving": 30}})
    assert step.timers.minutes[Silence.ANSWER] == {"life_saving": 30, "urgent": 360, "normal": 1440}
    assert step.timers.minutes[Silence.HOLD] == Timers().minutes[Silence.HOLD]
    assert step.timers.period(Silence.ANSWER, Urgency.LIFE_SAVING).total_seconds() == 1800
    assert (step.timers.version, step.names) == (2, ("answer_minutes",))


def test_limits_change_one_by_one():
    step = changed(Timers(), Settings(), {"limits": {"open_held": 3}, "is_public": True})
    assert (step.settings.limits.open_held, step.settings.limits.concluded) == (3, 5)
    assert step.names == ("limits", "is_public")


@pytest.mark.parametrize(
    ("members", "refused"),
    [
        ({"answer_minutes": {"life_saving": 500}}, TimersOutOfOrder),
        ({"verify_minutes": {"normal": 1}}, TimersOutOfOrder),
        ({"hold_minutes": {"life_saving": 0}}, SettingOutOfRange),
        ({"heartbeat_minutes": {"normal": 1_000_000}}, SettingOutOfRange),
        ({"offer_days": 0}, SettingOutOfRange),
        ({"limits": {"ratio": Decimal("1.5")}}, SettingOutOfRange),
        ({"limits": {"open_held": 0}}, SettingOutOfRange),
        ({"offer_days": 14}, SettingsUnchanged),
    ],
)
def test_what_does_not_hold_together_or_changes_nothing_is_refused(
    members: dict[str, Any], refused: type[Exception]
):
    with pytest.raises(refused):
        changed(Timers(), Settings(), members)
