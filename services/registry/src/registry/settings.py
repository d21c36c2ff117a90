"""Settings of the registry: the chassis' own, with the registry's database and address."""

from __future__ import annotations

from pydantic import Field

from imece_chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """Every variable is documented in the operations checklist."""

    database_url: str = Field(
        validation_alias="DATABASE_URL_REGISTRY", repr=False, pattern=r"^postgres(ql)?://"
    )
    http_host: str = Field("127.0.0.1", validation_alias="REGISTRY_HTTP_HOST")
    http_port: int = Field(8101, validation_alias="REGISTRY_HTTP_PORT", ge=0, le=65535)
