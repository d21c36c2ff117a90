"""Rights: a grant covers what all its limits contain; what is not named is not covered."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from imece_chassis.access.caller import Caller, Grant, expiry, is_write_scope
from imece_chassis.access.deny import DenyList
from imece_chassis.ids import uuid7

OWN, OTHER, CRISIS = uuid7(), uuid7(), uuid7()
NOW = datetime(2026, 2, 6, 9, 0, tzinfo=UTC)


def caller(*grants: Grant, **changes: object) -> Caller:
    plain = Caller(uuid7(), uuid7(), OWN, frozenset({"things:read", "things:write", "hook"}), grants)
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_a_grant_without_limits_covers_everything() -> None:
    holder = caller(Grant("desk"))
    assert holder.may("desk") and holder.may("desk", "06", CRISIS, OTHER)
    assert not holder.may("verifier", "06")


def test_a_role_of_a_shift_counts_only_with_an_end() -> None:
    shift = Grant("duty_officer", valid_from=NOW - timedelta(hours=1), valid_until=NOW + timedelta(hours=8))
    assert caller(shift, asked_at=NOW).may("duty_officer")
    for grant in (replace(shift, valid_until=None), replace(shift, valid_until=NOW)):
        holder = caller(grant, asked_at=NOW)
        assert not holder.may("duty_officer") and not holder.has_role("duty_officer")
    assert not caller(Grant("duty_officer")).may("duty_officer"), "whatever the clock says"


def test_without_an_organisation_the_question_is_about_ones_own() -> None:
    holder = caller(Grant("editor", organisation_id=OWN))
    assert holder.may("editor") and holder.may("editor", organisation_id=OWN)
    assert not holder.may("editor", organisation_id=OTHER)


def test_a_limit_needs_to_be_named() -> None:
    in_province = caller(Grant("desk", provinces=frozenset({"31", "27"})))
    assert in_province.may("desk", "31") and in_province.may("desk", "27", CRISIS)
    assert not in_province.may("desk") and not in_province.may("desk", "06")
    in_crisis = caller(Grant("desk", crisis_id=CRISIS))
    assert in_crisis.may("desk", crisis_id=CRISIS)
    assert not in_crisis.may("desk") and not in_crisis.may("desk", crisis_id=uuid7())


def test_limits_of_one_grant_hold_together_and_do_not_mix_with_another() -> None:
    holder = caller(
        Grant("desk", provinces=frozenset({"31"}), crisis_id=CRISIS),
        Grant("desk", provinces=frozenset({"06"})),
    )
    assert holder.may("desk", "31", CRISIS) and holder.may("desk", "06", uuid7())
    assert not holder.may("desk", "31", uuid7())


def test_a_grant_counts_from_its_start_until_just_before_its_end() -> None:
    start = datetime(2026, 2, 6, tzinfo=UTC)
    end = start + timedelta(days=1)
    grant = Grant("desk", valid_from=start, valid_until=end)
    for moment, counts in ((start - timedelta(seconds=1), False), (start, True), (end, False)):
        assert caller(grant, asked_at=moment).may("desk") is counts
        assert caller(grant, asked_at=moment).has_role("desk") is counts


def test_a_role_held_somewhere_is_shown_but_decides_nothing() -> None:
    holder = caller(Grant("desk", provinces=frozenset({"31"})))
    assert holder.has_role("desk") and not holder.may("desk")


def test_whatever_is_not_only_reading_is_a_write_scope_and_needs_an_active_organisation() -> None:
    assert not is_write_scope("things:read") and is_write_scope("things:write") and is_write_scope("hook")
    for state in ("candidate", "suspended", "dissolved", "merged", "unknown"):
        holder = caller(organisation_state=state)
        assert holder.has_scope("things:read")
        assert not holder.has_scope("things:write") and not holder.has_scope("hook")
    assert caller().has_scope("hook") and not caller().has_scope("else:read")


def test_a_key_works_until_the_midnight_after_its_last_day() -> None:
    assert expiry(date(2026, 12, 31)) == datetime(2026, 12, 31, 21, tzinfo=UTC)


def test_the_deny_list_names_keys_integrations_or_organisations() -> None:
    holder = caller()
    assert not DenyList().contains(holder)
    for identifier in (holder.key_id, holder.integration_id, holder.organisation_id):
        assert DenyList([f" {str(identifier).upper()} "]).contains(holder)
    assert not DenyList([str(uuid7())]).contains(holder)


def test_the_deny_file_is_read_again_after_an_edit_and_forgotten_when_removed(tmp_path: Path) -> None:
    file = tmp_path / "denied"
    holder = caller()
    listed = DenyList(file=file, look_again_seconds=0)
    assert not listed.contains(holder)
    file.write_text(f"# stolen laptop\n{holder.key_id}  # since noon\n")
    assert listed.contains(holder)
    file.write_text("# nothing now\n\n")
    assert not listed.contains(holder)
    file.write_text(str(holder.organisation_id))
    assert listed.contains(holder)
    file.unlink()
    assert not listed.contains(holder)


def test_the_environment_names_entries_and_file(tmp_path: Path) -> None:
    by_list, by_file = caller(), caller()
    (tmp_path / "denied").write_text(f"{by_file.key_id}")
    listed = DenyList.from_environment(
        {"API_KEY_DENY_FILE": str(tmp_path / "denied"), "API_KEY_DENY": f"x, {by_list.key_id}"}
    )
    assert listed.contains(by_list) and listed.contains(by_file) and not listed.contains(caller())
    assert not DenyList.from_environment({}).contains(by_list)


def test_a_deny_file_that_cannot_be_read_keeps_shutting_out(tmp_path: Path) -> None:
    file = tmp_path / "denied"
    holder = caller()
    file.write_text(str(holder.key_id))
    listed = DenyList(file=file, look_again_seconds=0)
    assert listed.contains(holder)
    file.unlink()
    file.mkdir()
    assert listed.contains(holder)
