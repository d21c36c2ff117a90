"""API keys: typing errors are refused before any look-up; what is stored gives nothing of a key away."""

import hashlib
import hmac
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imece_chassis.access import keys

PEPPER = "a pepper of the tests, long enough to be one"
random_keys = st.builds(keys.new_key, st.booleans())


@given(random_keys)
def test_every_new_key_is_wellformed_and_found_by_the_published_pattern(key: str) -> None:
    assert keys.is_wellformed(key)
    assert len(key) == keys.KEY_CHARS == 58
    assert re.findall(keys.DETECTION, f"token={key};") == [key]
    assert keys.is_live(key) is key.startswith("imc_live_")


@given(random_keys, st.integers(0, keys.KEY_CHARS - 1), st.sampled_from(keys.ALPHABET + "_-.ğ "))
def test_one_wrong_character_anywhere_is_noticed(key: str, at: int, other: str) -> None:
    changed = key[:at] + other + key[at + 1 :]
    assert keys.is_wellformed(changed) is (changed == key)


@given(random_keys, st.integers(9, keys.KEY_CHARS - 2))
def test_two_neighbours_exchanged_are_noticed(key: str, at: int) -> None:
    changed = key[:at] + key[at + 1] + key[at] + key[at + 2 :]
    assert keys.is_wellformed(changed) is (changed == key)


@given(st.text(max_size=200))
def test_no_text_makes_the_check_fail_to_answer(text: str) -> None:
    assert keys.is_wellformed(text) in {True, False}
    assert len(keys.digest(PEPPER, text)) == 32


@pytest.mark.parametrize(
    "text", ["", "imc_live_", "imc_live_" + "0" * 49, "\udc80" * 58, "imc_live_" + "٣" * 49]
)
def test_almost_keys_are_refused(text: str) -> None:
    assert not keys.is_wellformed(text)


def test_the_random_part_has_all_256_bits() -> None:
    parts = {keys.new_key(live=True)[9:52] for _ in range(2000)}
    assert len(parts) == 2000
    assert 62**43 >= 2**256
    assert {char for part in parts for char in part} == set(keys.ALPHABET)


def test_the_digest_is_keyed_and_depends_on_every_character() -> None:
    key = keys.new_key(live=False)
    assert keys.digest(PEPPER, key) == hmac.new(PEPPER.encode(), key.encode(), hashlib.sha256).digest()
    assert keys.digest(PEPPER, key) == keys.digest(PEPPER.encode(), key)
    assert keys.digest("another pepper of the same sort, also long", key) != keys.digest(PEPPER, key)


def test_prefix_and_last_four_show_enough_to_recognise_and_too_little_to_use() -> None:
    key = keys.new_key(live=True)
    assert key.startswith("imc_live_" + keys.prefix(key)) and key.endswith(keys.last4(key))
    assert (len(keys.prefix(key)), len(keys.last4(key))) == (8, 4)
