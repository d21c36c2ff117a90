"""Settings come from environment variables only and are checked once, before anything starts.

A wrong or missing variable stops the process with one line per variable that names it and its rule.
Services subclass `ServiceSettings` and give `database_url`, `http_host` and `http_port` their own variable
names.
"""

import sys
from ipaddress import ip_address
from typing import Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_PEPPER = "development-only-pepper-not-a-secret-0000"
PEPPER_MIN_CHARACTERS = 32


class ServiceSettings(BaseSettings):
    """What every process of every service needs. Frozen; secrets are never part of `repr`."""

    model_config = SettingsConfigDict(
        extra="ignore", frozen=True, populate_by_name=True, hide_input_in_errors=True, case_sensitive=False
    )

    env: Literal["development", "test", "production"] = Field("development", validation_alias="IMECE_ENV")
    kafka_bootstrap: str = Field("127.0.0.1:19092", validation_alias="KAFKA_BOOTSTRAP", min_length=3)
    api_key_pepper: SecretStr = Field(SecretStr(DEVELOPMENT_PEPPER), validation_alias="API_KEY_PEPPER")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", validation_alias="LOG_LEVEL")
    ops_port: int = Field(0, validation_alias="OPS_PORT", ge=0, le=65535)
    failpoints: str = Field("", validation_alias="FP")
    database_url: str = Field(validation_alias="DATABASE_URL", repr=False, pattern=r"^postgres(ql)?://")
    database_pool_size: int = Field(10, validation_alias="DATABASE_POOL_SIZE", ge=2, le=100)
    http_host: str = Field("127.0.0.1", validation_alias="HTTP_HOST")
    http_port: int = Field(8100, validation_alias="HTTP_PORT", ge=0, le=65535)
    relay_lanes: int = Field(1, validation_alias="RELAY_LANES", ge=1, le=16)
    credentials_refused_after_minutes: int = Field(
        1440, validation_alias="CREDENTIALS_REFUSED_AFTER_MINUTES", ge=1, le=10_080
    )

    @model_validator(mode="after")
    def _development_stays_at_home(self) -> "ServiceSettings":
        """Its secrets are public and its errors tell too much for anybody else to reach it."""
        if self.env == "development" and not is_loopback(self.http_host):
            raise ValueError("IMECE_ENV must be production (or test) to serve a host that is not loopback")
        return self

    @model_validator(mode="after")
    def _production_is_strict(self) -> "ServiceSettings":
        pepper = self.api_key_pepper.get_secret_value()
        if len(pepper) < PEPPER_MIN_CHARACTERS:
            raise ValueError(f"API_KEY_PEPPER must have at least {PEPPER_MIN_CHARACTERS} characters")
        if self.env == "production":
            if pepper == DEVELOPMENT_PEPPER:
                raise ValueError("API_KEY_PEPPER must not be the development default in production")
            if self.failpoints:
                raise ValueError("FP must be empty in production")
        return self


def is_loopback(host: str) -> bool:
    """Whether an address or name can be reached from this machine only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


S = TypeVar("S", bound=ServiceSettings)


def explain(error: ValidationError, cls: type[BaseSettings]) -> list[str]:
    """One line per offending variable: its environment name and the rule it broke. Never the value."""
    lines: list[str] = []
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        path = [str(part) for part in problem["loc"]]
        name = path[0] if path else ""
        field = cls.model_fields.get(name)
        alias = field.validation_alias if field is not None else None
        variable = alias if isinstance(alias, str) else name
        message = problem["msg"].removeprefix("Value error, ")
        lines.append(f"{variable}: {message}" if variable else message)
    return lines


def load_settings(cls: type[S]) -> S:
    """Read the environment into `cls`; on failure print one line per variable to stderr and exit with status
    2.
    """
    try:
        return cls()  # pyright: ignore[reportCallIssue] - every field comes from the environment
    except ValidationError as error:
        for line in explain(error, cls):
            print(f"settings: {line}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
