"""Mail addresses: a strict, printable ASCII form, compared without case; nothing can leave a header."""

import re

from notifications.domain.refusals import MailAddressRefused

MAX_CHARACTERS = 254
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?=.{1,253}\Z)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)


def mail_address(text: str) -> str:
    """The address as it is used: domain in lower case. Raises MailAddressRefused."""
    address = text.strip(" ")
    local, _, domain = address.rpartition("@")
    if len(address) > MAX_CHARACTERS or len(local) > 64 or not _ADDRESS.fullmatch(address):
        raise MailAddressRefused
    return f"{local}@{domain.lower()}"


def comparable(address: str) -> str:
    """Form in which two spellings of one mailbox are equal."""
    return address.lower()


def masked(address: str) -> str:
    """What lists show: first character and domain."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"
