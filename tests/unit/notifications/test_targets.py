"""No denied address is ever called, whatever way it is written and whatever a name server says."""

from ipaddress import ip_address, ip_network

import pytest

from notifications.domain.targets import (
    OutboundPolicy,
    TargetRefused,
    check_addresses,
    is_denied,
    parse_target,
)

CLOSED = OutboundPolicy()
LOCAL = OutboundPolicy(allow_http=True, allowed_subnets=(ip_network("127.0.0.0/8"), ip_network("::1/128")))

DENIED_ADDRESSES = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.254", "127.0.0.1",
    "127.255.255.254", "169.254.0.1", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.1", "192.0.0.170",
    "192.0.2.7", "192.88.99.1", "192.168.0.1", "192.168.255.255",
    "198.18.0.1", "198.19.255.255", "198.51.100.9",
    "203.0.113.4", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1",
    "::ffff:8.8.8.8", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1",
    "64:ff9b::a9fe:a9fe", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378::1",
    "2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254",
    "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1",
]  # fmt: skip

REFUSED_URLS = [
    "http://example.org/", "ftp://example.org/", "file:///etc/passwd",
    "gopher://example.org/", "//example.org/",
    "example.org/hook", "", "https://", "https:///hook",
    "https://?x", "javascript:alert(1)", "data:text/plain,x",
    "https://example.org:80/", "https://example.org:22/",
    "https://example.org:0/", "https://example.org:65536/",
    "https://example.org:/", "https://example.org:abc/", "https://example.org:4430/",
    "https://user@example.org/", "https://user:secret@example.org/", "https://@example.org/",
    "https://example.org@169.254.169.254/", "https://example.org%40169.254.169.254/",
    "https://127.0.0.1/", "https://127.1/", "https://127.0.1/", "https://0/", "https://2130706433/",
    "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0x7f.1/", "https://017700000001/",
    "https://0177.0.0.1/", "https://127.0.0.1./", "https://127.0.0.1../", "https://127.0.0.01/",
    "https://1.2.3.4.5/", "https://256.1.1.1/", "https://example.0x7f/", "https://4294967296/",
    "https://169.254.169.254/latest/meta-data/", "https://2852039166/", "https://0xa9fea9fe/",
    "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/",
    "https://[0:0:0:0:0:ffff:a9fe:a9fe]/", "https://[fe80::1%25eth0]/", "https://[fe80::1%eth0]/",
    "https://[fd00:ec2::254]/", "https://[::127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[v1.fe]/",
    "https://[::1/", "https://::1/", "https://[127.0.0.1]/",
    "https://１２７.0.0.1/", "https://127。0。0。1/", "https://exämple.org/", "https://example．org/",
    "https://ex ample.org/", "https://example.org /",
    "https://example.org\\@127.0.0.1/", "https:\\\\127.0.0.1/",
    "https://example.org/\r\nHost: x", "https://example.org/\t",
    "https://exam\x00ple.org/", "https://%31%32%37.0.0.1/",
    "https://-example.org/", "https://example-.org/", "https://exa_mple..org/", "https://.example.org/",
    "https://example.org/#part", f"https://example.org/{'x' * 2048}", f"https://{'a' * 64}.org/",
    "https://" + ".".join(["abcdefgh"] * 30) + ".org/",
]  # fmt: skip


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(set(DENIED_ADDRESSES) | set(REFUSED_URLS)) >= 120


@pytest.mark.parametrize("text", DENIED_ADDRESSES)
def test_a_special_address_is_denied(text: str) -> None:
    assert is_denied(ip_address(text))
    target = parse_target("https://receiver.example/", CLOSED)
    with pytest.raises(TargetRefused):
        check_addresses([ip_address(text)], target, CLOSED)


@pytest.mark.parametrize("url", REFUSED_URLS)
def test_a_suspicious_url_is_refused(url: str) -> None:
    with pytest.raises(TargetRefused):
        parse_target(url, CLOSED)


@pytest.mark.parametrize("text", ["8.8.8.8", "193.140.100.100", "2606:4700::1111", "2a00:1450::8a"])
def test_a_public_address_is_not_denied(text: str) -> None:
    assert not is_denied(ip_address(text))


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://receiver.example/hook?a=1", "receiver.example", 443, "/hook?a=1"),
        ("https://Receiver.Example.", "receiver.example", 443, "/"),
        ("https://receiver.example:8443/x", "receiver.example", 8443, "/x"),
        ("https://8.8.8.8/", "8.8.8.8", 443, "/"),
        ("https://[2606:4700:0:0::1111]/", "2606:4700::1111", 443, "/"),
        ("https://xn--exmple-cua.org/", "xn--exmple-cua.org", 443, "/"),
    ],
)
def test_a_decent_url_comes_apart_into_checked_parts(url: str, host: str, port: int, path: str) -> None:
    target = parse_target(url, CLOSED)
    assert (target.host, target.port, target.path) == (host, port, path)


def test_one_denied_answer_among_public_ones_refuses_the_name() -> None:
    target = parse_target("https://receiver.example/", CLOSED)
    with pytest.raises(TargetRefused):
        check_addresses([ip_address("8.8.8.8"), ip_address("10.0.0.1")], target, CLOSED)


def test_a_name_without_addresses_is_refused() -> None:
    with pytest.raises(TargetRefused):
        check_addresses([], parse_target("https://receiver.example/", CLOSED), CLOSED)


def test_an_operator_may_open_single_subnets_for_local_use() -> None:
    target = parse_target("http://127.0.0.1:9000/hook", LOCAL)
    check_addresses([ip_address("127.0.0.1")], target, LOCAL)
    with pytest.raises(TargetRefused):
        parse_target("http://10.0.0.1:9000/hook", LOCAL)


def test_plain_http_stays_inside_the_opened_subnets() -> None:
    target = parse_target("http://receiver.example/hook", LOCAL)
    with pytest.raises(TargetRefused):
        check_addresses([ip_address("8.8.8.8")], target, LOCAL)


def test_an_opened_subnet_does_not_open_mapped_forms_of_it() -> None:
    with pytest.raises(TargetRefused):
        parse_target("http://[::ffff:127.0.0.1]:9000/hook", LOCAL)


def test_http_needs_to_be_allowed_even_in_an_opened_subnet() -> None:
    with pytest.raises(TargetRefused):
        parse_target("http://127.0.0.1/hook", OutboundPolicy(allowed_subnets=(ip_network("127.0.0.0/8"),)))
