"""Settings of the notifications service; every variable is checked before anything starts."""

import base64
import binascii
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from imece_chassis.settings import ServiceSettings

MASTER_KEY_BYTES = 32
DEVELOPMENT_MASTER_KEY = base64.b64encode(b"development-only-not-a-secret-00").decode()

Network = IPv4Network | IPv6Network


class NotificationsSettings(ServiceSettings):
    """Environment of every notifications process."""

    database_url: str = Field(
        validation_alias="DATABASE_URL_NOTIFICATIONS", repr=False, pattern=r"^postgres(ql)?://"
    )
    http_host: str = Field("127.0.0.1", validation_alias="NOTIFICATIONS_HTTP_HOST")
    http_port: int = Field(8103, validation_alias="NOTIFICATIONS_HTTP_PORT", ge=0, le=65535)
    smtp_host: str = Field("127.0.0.1", validation_alias="SMTP_HOST", min_length=1)
    smtp_port: int = Field(8125, validation_alias="SMTP_PORT", ge=1, le=65535)
    smtp_sender: str = Field(
        "bildirim@imece.example", validation_alias="SMTP_SENDER", pattern=r"^[!-?A-~]+@[A-Za-z0-9.-]+$"
    )
    smtp_user: str = Field("", validation_alias="SMTP_USER", pattern=r"^[!-~]*$")
    smtp_password: SecretStr = Field(SecretStr(""), validation_alias="SMTP_PASSWORD")
    smtp_tls: Literal["required", "opportunistic", "none"] | None = Field(None, validation_alias="SMTP_TLS")
    webhook_allowed_subnets: Annotated[tuple[Network, ...], NoDecode] = Field(
        (), validation_alias="WEBHOOK_ALLOWED_SUBNETS"
    )
    webhook_allow_http: bool = Field(False, validation_alias="WEBHOOK_ALLOW_HTTP")
    master_key: SecretStr = Field(
        SecretStr(DEVELOPMENT_MASTER_KEY), validation_alias="NOTIFICATIONS_MASTER_KEY"
    )
    public_board_url: str = Field("http://127.0.0.1:8102", validation_alias="PUBLIC_BOARD_URL")
    public_notifications_url: str = Field("", validation_alias="PUBLIC_NOTIFICATIONS_URL")

    @field_validator("webhook_allowed_subnets", mode="before")
    @classmethod
    def _subnets(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
        return value

    @field_validator("public_board_url", "public_notifications_url")
    @classmethod
    def _base_url(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
            raise ValueError("must be an http or https address")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _master_key_is_a_key(self) -> "NotificationsSettings":
        if len(self.master_key_bytes()) != MASTER_KEY_BYTES:
            raise ValueError("NOTIFICATIONS_MASTER_KEY must be 32 bytes in base64")
        if self.env == "production":
            if self.master_key.get_secret_value() == DEVELOPMENT_MASTER_KEY:
                raise ValueError("NOTIFICATIONS_MASTER_KEY must not be the development default in production")
            if not self.unsubscribe_base.startswith("https://"):
                raise ValueError("PUBLIC_NOTIFICATIONS_URL must be https in production")
        return self

    @model_validator(mode="after")
    def _credentials_stay_secret(self) -> "NotificationsSettings":
        if bool(self.smtp_user) != bool(self.smtp_password.get_secret_value()):
            raise ValueError("SMTP_USER and SMTP_PASSWORD belong together")
        if self.smtp_user and self.mail_tls != "required":
            raise ValueError("SMTP_USER needs SMTP_TLS=required: else the password travels in clear")
        return self

    @property
    def mail_tls(self) -> Literal["required", "opportunistic", "none"]:
        """How much TLS the mail relay must speak: by default in production all of it."""
        return self.smtp_tls or ("required" if self.env == "production" else "opportunistic")

    def master_key_bytes(self) -> bytes:
        """The decoded master key; empty when it is not base64."""
        try:
            return base64.b64decode(self.master_key.get_secret_value(), validate=True)
        except binascii.Error:
            return b""

    @property
    def unsubscribe_base(self) -> str:
        """Public base address of this service's own pages."""
        return self.public_notifications_url or f"http://{self.http_host}:{self.http_port}"
