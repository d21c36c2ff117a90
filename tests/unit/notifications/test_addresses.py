"""Mail addresses are strict, and what is shown of them is not the address."""

import pytest

from notifications.domain.addresses import comparable, mail_address, masked
from notifications.domain.refusals import MailAddressRefused


@pytest.mark.parametrize(
    "text", ["kriz@ornek.org.tr", "a.b+c@x-y.example", " kriz@ornek.org.tr ", "A@B.Example"]
)
def test_a_usable_address_is_accepted(text: str) -> None:
    assert mail_address(text).partition("@")[2].islower()


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "@x.example", "x@",
        "x@y", "x@@y.example", "x y@z.example", "x@y.example\r\nBcc: a@b.example",
        "x\n@y.example", '"x"@y.example', "x@[127.0.0.1]", "x@127.0.0.1", "x..y@z.example", ".x@y.example",
        "x@-y.example", "x@y..example", "ş@y.example", "x@ş.example", f"{'a' * 65}@y.example",
        f"a@{'b' * 250}.example", "Ad <x@y.example>", "x@y.example,z@y.example", "x@y.example\x00",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(MailAddressRefused):
        mail_address(text)


def test_two_spellings_of_one_mailbox_compare_equal() -> None:
    assert comparable(mail_address("Kriz@Ornek.Org.TR")) == comparable(mail_address("kriz@ornek.org.tr"))


def test_a_list_shows_only_the_first_character_and_the_domain() -> None:
    assert masked("kriz-masasi@ornek.org.tr") == "k***@ornek.org.tr"
