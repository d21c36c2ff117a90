"""Grants and keys: who gives what, for how long, and how many."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest

from imece_reference.refusals import UnknownCode
from registry.domain import grants, keys
from registry.domain.acts import Act, Actor
from registry.domain.grants import Wish
from registry.domain.integrations import Integration
from registry.domain.keys import Secret
from registry.domain.refusals import (
    AreaRequired,
    EndRequired,
    ExpiryOutOfRange,
    GrantPeriodRefused,
    KeyNotLive,
    NotFound,
    RoleNotDelegable,
    RoleRequired,
    ScopeNotAllowed,
    TooManyLiveKeys,
)
from registry.domain.roles import ROLES, SCOPES, possible_scopes
from registry.usecases.minting import Mint

NOW = datetime(2026, 2, 6, 22, 30, tzinfo=UTC)  # 01:30 of the 7th in Türkiye
HOME = UUID(int=1)
INTEGRATION = Integration(UUID(int=50), HOME, "Depo yazılımı", NOW)
SECRET = Secret("Ab3dE5gH", "wxyz", bytes(32), 1)


def act(actor: Actor | None = None, at: datetime = NOW) -> Act:
    numbers = count(100)
    return Act(actor or Actor(HOME, is_secretariat=True), at, lambda: UUID(int=next(numbers)))


ADMIN = Actor(HOME, is_admin=True)


def test_rights_of_an_organisation_are_bound_to_it_and_rights_of_an_office_are_not() -> None:
    pledger = grants.grant(act(), INTEGRATION, Wish("pledger"))
    desk = grants.grant(act(), INTEGRATION, Wish("provincial_desk", ("46", "31")))
    assert pledger.organisation_id == HOME
    assert (desk.organisation_id, desk.province_plates) == (None, ("31", "46"))
    assert pledger.valid_from == NOW and pledger.valid_to is None


def test_an_administrator_gives_own_roles_only() -> None:
    given = {role for role, entry in ROLES.items() if not entry.is_office}
    for role in ROLES:
        wish = Wish(role, ("31",), valid_to=NOW + timedelta(hours=8))
        if role in given:
            assert grants.grant(act(ADMIN), INTEGRATION, wish).organisation_id == HOME
        else:
            with pytest.raises(RoleNotDelegable):
                grants.grant(act(ADMIN), INTEGRATION, wish)


def test_foreign_integrations_are_not_found_and_plain_members_give_nothing() -> None:
    with pytest.raises(NotFound):
        grants.grant(act(Actor(UUID(int=2), is_admin=True)), INTEGRATION, Wish("pledger"))
    with pytest.raises(RoleRequired):
        grants.grant(act(Actor(HOME)), INTEGRATION, Wish("pledger"))


def test_a_desk_needs_an_area_and_roles_are_known() -> None:
    with pytest.raises(AreaRequired):
        grants.grant(act(), INTEGRATION, Wish("provincial_desk"))
    with pytest.raises(UnknownCode):
        grants.grant(act(), INTEGRATION, Wish("secretariat_head"))


def test_a_shift_ends() -> None:
    with pytest.raises(EndRequired) as refused:
        grants.grant(act(), INTEGRATION, Wish("duty_officer", ("31",)))
    assert refused.value.facts == {"role": "duty_officer"}
    until = NOW + timedelta(hours=8)
    assert grants.grant(act(), INTEGRATION, Wish("duty_officer", valid_to=until)).valid_to == until


def test_no_grant_outlives_the_right_it_comes_from() -> None:
    until = NOW + timedelta(days=30)
    admin = replace(ADMIN, admin_until=until)
    assert grants.grant(act(admin), INTEGRATION, Wish("pledger")).valid_to == until
    with pytest.raises(GrantPeriodRefused):
        grants.grant(act(admin), INTEGRATION, Wish("pledger", valid_to=until + timedelta(seconds=1)))
    with pytest.raises(GrantPeriodRefused):
        grants.grant(act(), INTEGRATION, Wish("pledger", valid_to=NOW))


def test_a_revocation_counts_once() -> None:
    granted = grants.grant(act(), INTEGRATION, Wish("pledger"))
    revoked = grants.revoke(granted, act(at=NOW + timedelta(hours=1)))
    assert (revoked.version, revoked.is_current(NOW)) == (2, False)
    assert grants.revoke(revoked, act(at=NOW + timedelta(hours=2))) is revoked
    with pytest.raises(RoleNotDelegable):
        grants.revoke(replace(granted, role="verifier"), act(ADMIN))


def test_a_grant_is_current_from_its_beginning_until_just_before_its_end() -> None:
    wish = Wish("pledger", valid_from=NOW + timedelta(hours=1), valid_to=NOW + timedelta(hours=2))
    granted = grants.grant(act(), INTEGRATION, wish)
    hours = [granted.is_current(NOW + timedelta(hours=h)) for h in (0, 1, 2)]
    assert hours == [False, True, False]


def issue(wish: keys.Wish | None = None, roles: set[str] | None = None, taken: set[int] | None = None):
    return keys.issue(act(), INTEGRATION, wish or keys.Wish(), SECRET, roles or set(), taken or set())


def test_a_key_takes_the_free_slot_and_a_third_is_refused() -> None:
    assert issue().slot == 1
    assert issue(taken={1}).slot == 2
    assert issue(taken={2}).slot == 1
    with pytest.raises(TooManyLiveKeys) as refused:
        issue(taken={1, 2})
    assert refused.value.facts == {"limit": "2"}


def test_writing_in_the_registry_needs_the_right_role_and_mode() -> None:
    everything, rest = SCOPES, tuple(s for s in SCOPES if s != "registry:write")
    assert possible_scopes("test", ["secretariat"]) == everything
    assert possible_scopes("live", ["org_admin"]) == everything
    assert possible_scopes("test", ["org_admin"]) == rest
    assert possible_scopes("live", ["pledger"]) == rest
    assert issue(roles={"pledger"}).scopes == rest
    with pytest.raises(ScopeNotAllowed):
        issue(keys.Wish(scopes=("registry:write",)))
    with pytest.raises(ScopeNotAllowed):
        issue(keys.Wish(scopes=("everything",)))


def test_scopes_are_kept_once_in_one_order() -> None:
    wish = keys.Wish(scopes=("events:read", "crisis:board:read", "events:read"))
    assert issue(wish).scopes == ("crisis:board:read", "events:read")


def test_a_key_lives_a_year_at_most_counted_in_turkiye() -> None:
    assert issue().expires_on == date(2027, 2, 7)
    assert issue(keys.Wish(expires_on=date(2026, 2, 7))).expires_on == date(2026, 2, 7)
    for wrong in (date(2026, 2, 6), date(2027, 2, 8)):
        with pytest.raises(ExpiryOutOfRange):
            issue(keys.Wish(expires_on=wrong))


def test_a_key_lapses_at_the_end_of_its_last_day() -> None:
    key = issue(keys.Wish(expires_on=date(2026, 2, 7)))
    assert key.is_live(datetime(2026, 2, 7, 20, 59, 59, tzinfo=UTC))
    assert not key.is_live(datetime(2026, 2, 7, 21, 0, tzinfo=UTC))


def test_a_revoked_key_frees_its_slot_and_cannot_be_rotated() -> None:
    revoked = keys.revoke(issue(), act())
    assert (revoked.version, revoked.slot, revoked.is_live(NOW)) == (2, None, False)
    assert keys.revoke(revoked, act()) is revoked
    with pytest.raises(KeyNotLive):
        keys.successor(revoked, act())


def test_what_is_kept_of_a_key_cannot_bring_it_back() -> None:
    key, secret = Mint("p" * 32).make("test")
    again, other = Mint("q" * 32).make("live")
    assert key.startswith("imc_test_" + secret.prefix) and key.endswith(secret.last4)
    assert again.startswith("imc_live_")
    assert len(secret.digest) == 32 and secret.digest != other.digest
    assert key not in repr(secret)
    assert "pppp" not in repr(Mint("p" * 32))
