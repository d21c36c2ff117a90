"""Settings fail at once, name the variable, and never start a careless production."""

import base64
from ipaddress import ip_network
from typing import Any

import pytest
from pydantic import ValidationError

from notifications.settings import DEVELOPMENT_MASTER_KEY, NotificationsSettings

GIVEN: dict[str, Any] = {
    "DATABASE_URL_NOTIFICATIONS": "postgresql://u:p@127.0.0.1/notifications",
    "API_KEY_PEPPER": "a pepper for tests of at least 32 characters",
    "NOTIFICATIONS_MASTER_KEY": base64.b64encode(b"k" * 32).decode(),
    "PUBLIC_NOTIFICATIONS_URL": "https://bildirim.ornek.org.tr/",
}


def settings(**changes: str) -> NotificationsSettings:
    return NotificationsSettings(**{**GIVEN, **changes})


def test_nothing_is_opened_by_default() -> None:
    made = settings()
    assert made.webhook_allowed_subnets == () and made.webhook_allow_http is False
    assert made.unsubscribe_base == "https://bildirim.ornek.org.tr"


def test_subnets_are_a_comma_list() -> None:
    made = settings(WEBHOOK_ALLOWED_SUBNETS="127.0.0.0/8, ::1/128,")
    assert made.webhook_allowed_subnets == (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def test_links_point_to_the_service_itself_unless_told_otherwise() -> None:
    made = settings(PUBLIC_NOTIFICATIONS_URL="", NOTIFICATIONS_HTTP_PORT="8103")
    assert made.unsubscribe_base == "http://127.0.0.1:8103"


@pytest.mark.parametrize(
    "changes",
    [
        {"WEBHOOK_ALLOWED_SUBNETS": "127.0.0.1/8"},
        {"WEBHOOK_ALLOWED_SUBNETS": "everything"},
        {"NOTIFICATIONS_MASTER_KEY": "short"},
        {"NOTIFICATIONS_MASTER_KEY": base64.b64encode(b"k" * 31).decode()},
        {"PUBLIC_BOARD_URL": "ftp://x.example"},
        {"SMTP_PORT": "0"},
        {"SMTP_SENDER": "nobody"},
        {"SMTP_SENDER": "a@b.example\r\nBcc: c@d.example"},
        {"SMTP_TLS": "perhaps"},
        {"SMTP_USER": "imece"},
        {"SMTP_PASSWORD": "secret"},
        {"SMTP_USER": "imece", "SMTP_PASSWORD": "secret"},
        {"SMTP_USER": "imece", "SMTP_PASSWORD": "secret", "SMTP_TLS": "none"},
        {"DATABASE_URL_NOTIFICATIONS": "mysql://x"},
    ],
)
def test_a_wrong_value_stops_the_start(changes: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        settings(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"NOTIFICATIONS_MASTER_KEY": DEVELOPMENT_MASTER_KEY},
        {"PUBLIC_NOTIFICATIONS_URL": "http://bildirim.ornek.org.tr"},
        {"PUBLIC_NOTIFICATIONS_URL": ""},
    ],
)
def test_production_refuses_what_is_fit_for_development_only(changes: dict[str, str]) -> None:
    settings(**changes)
    with pytest.raises(ValidationError):
        settings(IMECE_ENV="production", **changes)
    assert settings(IMECE_ENV="production").env == "production"


def test_production_sends_mail_behind_tls_unless_the_operator_says_otherwise() -> None:
    assert settings().mail_tls == "opportunistic"
    assert settings(IMECE_ENV="production").mail_tls == "required"
    assert settings(IMECE_ENV="production", SMTP_TLS="none").mail_tls == "none"


def test_secrets_are_never_shown() -> None:
    shown = repr(settings(SMTP_USER="imece", SMTP_PASSWORD="the mail password", SMTP_TLS="required"))
    assert "the mail password" not in shown
    assert GIVEN["NOTIFICATIONS_MASTER_KEY"] not in shown and "postgresql" not in shown
