"""Where a webhook may go: https to public addresses on two ports, written in the one canonical way.

Odd spellings of addresses are refused, not understood; every address a name resolves to must be allowed.
An operator may open single subnets for local use; plain http and other ports are then possible there only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

MAX_URL_LENGTH = 2048
PORTS = frozenset({443, 8443})

DENIED: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",  # unspecified, loopback and v4-compatible
        "::ffff:0:0/96",  # v4-mapped
        "::ffff:0:0:0/96",  # v4-translated
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/32",  # Teredo
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)

_VISIBLE_ASCII = re.compile(r"[!-~]+")
_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
# A last label of digits or 0x… makes old resolvers read the whole name as a number.
_NUMBER_LIKE = re.compile(r"(.*\.)?(0x[0-9a-f]*|[0-9]+)")


class TargetRefused(ValueError):
    """The address may not be called. `reason` is a short code; it tells nothing about our network."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class OutboundPolicy:
    """What an operator opened. Without anything: public addresses, https, ports 443 and 8443."""

    allow_http: bool = False
    allowed_subnets: tuple[Network, ...] = ()

    def permits_locally(self, address: Address) -> bool:
        return any(address.version == net.version and address in net for net in self.allowed_subnets)


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that passed, in parts so that nobody parses it again; `path` includes the query.

    `is_plain` marks http or an unusual port, allowed in opened subnets only.
    """

    scheme: str
    host: str
    port: int
    path: str
    is_plain: bool


def parse_target(url: str, policy: OutboundPolicy) -> Target:
    """Check the spelling of a URL, and its address when it is a literal. Raises TargetRefused."""
    if len(url) > MAX_URL_LENGTH or not _VISIBLE_ASCII.fullmatch(url) or "\\" in url:
        raise TargetRefused("url_malformed")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise TargetRefused("url_malformed") from None
    if parts.scheme not in ("https", "http"):
        raise TargetRefused("scheme_refused")
    if parts.scheme == "http" and not policy.allow_http:
        raise TargetRefused("scheme_refused")
    if "@" in parts.netloc:
        raise TargetRefused("userinfo_refused")
    if parts.fragment or not parts.hostname or parts.netloc.endswith(":"):
        raise TargetRefused("url_malformed")
    port = port if port is not None else (443 if parts.scheme == "https" else 80)
    is_plain = parts.scheme == "http" or port not in PORTS
    if port == 0 or (is_plain and not policy.allowed_subnets):
        raise TargetRefused("port_refused")
    host = _canonical_host(parts.hostname, is_bracketed="[" in parts.netloc)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = Target(scheme=parts.scheme, host=host, port=port, path=path, is_plain=is_plain)
    literal = _literal(host)
    if literal is not None:
        check_addresses((literal,), target, policy)
    return target


def check_addresses(addresses: Sequence[Address], target: Target, policy: OutboundPolicy) -> None:
    """Raise TargetRefused unless there is an address and every one of them may be called."""
    if not addresses:
        raise TargetRefused("no_address")
    for address in addresses:
        if policy.permits_locally(address):
            continue
        if target.is_plain or is_denied(address):
            raise TargetRefused("address_refused")


def is_denied(address: Address) -> bool:
    """Private, local, special or not globally reachable; scoped v6 addresses always."""
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return True
    return not address.is_global or any(address.version == net.version and address in net for net in DENIED)


def _canonical_host(host: str, *, is_bracketed: bool) -> str:
    if is_bracketed:
        try:
            return str(IPv6Address(host)) if "%" not in host else _refuse_literal()
        except ValueError:
            return _refuse_literal()
    name = host.removesuffix(".")
    if _NUMBER_LIKE.fullmatch(name):
        try:
            return str(IPv4Address(name))
        except ValueError:
            return _refuse_literal()
    if len(name) > 253 or not _NAME.fullmatch(name):
        raise TargetRefused("host_malformed")
    return name


def _refuse_literal() -> str:
    raise TargetRefused("literal_refused")


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
