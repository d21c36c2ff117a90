"""What a dump holds cannot be read, moved or forged."""

from uuid import UUID

import pytest

from notifications.store.vault import Unreadable, Vault

VAULT = Vault(b"a master key of thirty-two bytes")
OTHER = Vault(b"another key of thirty-two bytes!")
ALICE, BOB = UUID(int=1), UUID(int=2)
CONTACT, OTHER_CONTACT = UUID(int=3), UUID(int=4)


def test_an_address_opens_with_its_own_key_row_and_master_only() -> None:
    wrapped = VAULT.new_recipient_key(ALICE)
    sealed = VAULT.seal_address(wrapped, ALICE, CONTACT, "kriz@ornek.org.tr")
    assert VAULT.open_address(wrapped, ALICE, CONTACT, sealed) == "kriz@ornek.org.tr"
    assert b"kriz" not in sealed
    for attempt in (
        lambda: OTHER.open_address(wrapped, ALICE, CONTACT, sealed),
        lambda: VAULT.open_address(VAULT.new_recipient_key(ALICE), ALICE, CONTACT, sealed),
        lambda: VAULT.open_address(wrapped, BOB, CONTACT, sealed),
        lambda: VAULT.open_address(wrapped, ALICE, OTHER_CONTACT, sealed),
        lambda: VAULT.open_address(wrapped, ALICE, CONTACT, sealed[:-1]),
        lambda: VAULT.open_address(wrapped, ALICE, CONTACT, b""),
    ):
        with pytest.raises(Unreadable):
            attempt()


def test_the_same_address_never_looks_the_same_twice_but_is_found_by_its_keyed_hash() -> None:
    wrapped = VAULT.new_recipient_key(ALICE)
    sealed = {VAULT.seal_address(wrapped, ALICE, CONTACT, "a@b.example") for _ in range(3)}
    assert len(sealed) == 3
    assert VAULT.address_mac("a@b.example") == VAULT.address_mac("a@b.example")
    assert VAULT.address_mac("a@b.example") != OTHER.address_mac("a@b.example")


def test_a_webhook_secret_is_standard_and_bound_to_its_subscription() -> None:
    secret = VAULT.new_secret()
    assert secret.startswith("whsec_") and len(secret) == len("whsec_") + 44
    sealed = VAULT.seal_secret(ALICE, secret)
    assert VAULT.open_secret(ALICE, sealed) == secret
    with pytest.raises(Unreadable):
        VAULT.open_secret(BOB, sealed)


def test_an_unsubscribe_token_stands_for_one_contact_and_cannot_be_made_up() -> None:
    token = VAULT.unsubscribe_token(CONTACT)
    assert VAULT.contact_of_token(token) == CONTACT
    assert OTHER.contact_of_token(token) is None
    for forged in (token[:-1], token + "A", token.swapcase(), "", "x" * 43, "ş", token[:-1] + "_"):
        assert VAULT.contact_of_token(forged) in (None, CONTACT if forged == token else None)
