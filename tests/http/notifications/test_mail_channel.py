"""A mail parses without defects, threads, can be stopped with one click, and cannot be bent by its values."""

from dataclasses import replace
from email import policy
from email.headerregistry import Address
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

from notifications.channels.mail import MailChannel, MailRelay
from notifications.domain.kinds import Channel
from notifications.domain.outcomes import Accepted, Permanent, Temporary
from notifications.domain.work import Job
from tests.http.notifications.test_webhook_channel import job
from tests.notifying.certificates import certificate, serving, trusting
from tests.notifying.mailbox import receiving_mail
from tests.notifying.service import VAULT, mail_lanes

PARAMS: dict[str, Any] = {
    "qty": "1000",
    "gap": "300",
    "unit": "adet",
    "item": "SHL-TENT-FAM",
    "district": "TUR031",
    "lease_until": "2026-02-08T06:12:00Z",
}


def mail_job(**changes: Any) -> Job:
    given = {"channel": Channel.MAIL, "secrets": (), "params": PARAMS, **changes}
    return job("kriz@ornek.org.tr", **given)


def composed(given: Job) -> Any:
    lane = mail_lanes(1)
    assert isinstance(lane.channel, MailChannel)
    raw = lane.channel.compose(given).as_bytes()
    raw.decode("ascii")
    return BytesParser(policy=policy.default).parsebytes(raw)


@pytest.mark.parametrize("language", ["tr", "en", "ar"])
def test_a_mail_parses_without_defects_in_every_language(language: str) -> None:
    mail = composed(mail_job(language=language))
    assert [part.defects for part in mail.walk()] == [[], [], []]
    assert all(not header.defects for header in mail.values() if hasattr(header, "defects"))
    assert mail["Content-Language"] == language
    assert mail["To"].addresses == (Address(addr_spec="kriz@ornek.org.tr"),)
    assert mail.get_body(("plain",)).get_content() and mail.get_body(("html",)).get_content()


def test_turkish_words_travel_encoded_and_arrive_whole() -> None:
    given = mail_job()
    raw = _channel().compose(given).as_bytes()
    assert b"=?utf-8?" in raw
    assert composed(given)["Subject"] == "Taahhüt kabul edildi: 1.000 adet Aile çadırı 16 m² – Hatay"


def test_one_click_unsubscribe_names_exactly_one_https_address_of_this_contact() -> None:
    given = mail_job()
    mail = composed(given)
    link = mail["List-Unsubscribe"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link.startswith("<https://bildirim.example/u/") and link.endswith(">") and link.count("<") == 1
    assert VAULT.contact_of_token(link.rpartition("/")[2].rstrip(">")) == given.contact_ref
    assert link.strip("<>") in mail.get_body(("plain",)).get_content().replace("=\n", "")


def test_a_mail_says_it_is_automatic_and_which_list_it_belongs_to() -> None:
    mail = composed(mail_job())
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"].endswith("<bildirim.imece.example>")
    assert "Precedence" not in mail


def test_every_attempt_of_a_delivery_has_the_same_message_id_and_needs_thread() -> None:
    given = mail_job()
    first, second = composed(given), composed(mail_job(delivery_id=given.delivery_id, number=2))
    assert first["Message-ID"] == second["Message-ID"]
    assert given.crisis_id is not None and given.thread is not None
    references = first["References"].split()
    assert references == [
        f"<crisis.{given.crisis_id.hex}@imece.example>",
        f"<need.{given.thread.hex}@imece.example>",
    ]


@pytest.mark.parametrize("evil", ["x\r\nBcc: v@v.example", "x\nSubject: y", "x\x00y", "x\u2028Bcc: a@b.c"])
def test_no_value_reaches_a_header_of_its_own(evil: str) -> None:
    hostile = {**PARAMS, "district": evil, "item": evil, "unit": evil}
    mail = composed(mail_job(params=hostile, crisis_title={"tr": evil}, kind="allocation.held"))
    assert mail["Bcc"] is None and len(mail.get_all("Subject")) == 1


def test_an_erased_address_is_not_written_to() -> None:
    import asyncio

    assert asyncio.run(_channel().send(job(None, channel=Channel.MAIL))) == Permanent("no_address")


def test_both_channels_keep_the_contract() -> None:
    from tests.notifying.service import webhook_lanes

    for lane, has_receipts in ((mail_lanes(1), False), (webhook_lanes(), True)):
        capabilities = lane.channel.capabilities()
        assert capabilities.has_receipts is has_receipts and not capabilities.is_abroad
        assert capabilities.max_bytes > 0 and lane.channel.name in Channel


async def test_credentials_and_mail_travel_behind_tls(tmp_path: Path) -> None:
    file = certificate(tmp_path, "relay.example")
    way: dict[str, Any] = {
        "tls": "required",
        "user": "imece",
        "password": "secret",
        "tls_context": trusting(file),
    }
    async with receiving_mail(tls=serving(file), login=("imece", "secret")) as mailbox:
        outcome = await mail_lanes(mailbox.port, **way).channel.send(mail_job())
        assert isinstance(outcome, Accepted) and mailbox.logins == ["imece"] and len(mailbox.mails) == 1
        way["password"] = "other"
        wrong = await mail_lanes(mailbox.port, **way).channel.send(mail_job())
    assert wrong == Temporary("smtp_535"), "a wrong password is our own fault and may be put right"


@pytest.mark.parametrize("offers_tls", [False, True])
async def test_required_tls_sends_nothing_to_a_relay_without_it_or_with_a_stranger_s_certificate(
    tmp_path: Path, offers_tls: bool
) -> None:
    stranger, expected = certificate(tmp_path, "stranger.example"), certificate(tmp_path, "relay.example")
    way: dict[str, Any] = {
        "tls": "required",
        "user": "imece",
        "password": "secret",
        "tls_context": trusting(expected),
    }
    offered = serving(stranger) if offers_tls else None
    async with receiving_mail(tls=offered, login=("imece", "secret") if offers_tls else None) as mailbox:
        outcome = await mail_lanes(mailbox.port, **way).channel.send(mail_job())
    assert outcome == Temporary("smtp_unreachable")
    assert (mailbox.logins, mailbox.raw) == ([], [])


@pytest.mark.parametrize(("tls", "is_encrypted"), [("opportunistic", True), ("none", False)])
async def test_otherwise_tls_is_used_where_it_is_offered_or_not_at_all(
    tmp_path: Path, tls: str, is_encrypted: bool
) -> None:
    file = certificate(tmp_path, "relay.example")
    async with receiving_mail(tls=serving(file)) as mailbox:
        channel = mail_lanes(mailbox.port, tls=tls, tls_context=trusting(file)).channel
        assert isinstance(await channel.send(mail_job()), Accepted)
    assert mailbox.is_encrypted == [is_encrypted]
    async with receiving_mail() as plain:
        channel = mail_lanes(plain.port, tls=tls, tls_context=trusting(file)).channel
        assert isinstance(await channel.send(mail_job()), Accepted)


def test_the_submission_port_with_tls_from_the_start_is_known_by_its_number() -> None:
    relay = MailRelay("relay.example", 465, "bildirim@imece.example", "required")
    assert relay.is_tls_from_the_start
    assert not replace(relay, port=587).is_tls_from_the_start
    assert "secret" not in repr(replace(relay, user="imece", password="secret"))


def _channel() -> MailChannel:
    channel = mail_lanes(1).channel
    assert isinstance(channel, MailChannel)
    return channel
