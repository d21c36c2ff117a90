"""Settings of the crisis service: the chassis' own, with its database, address and who may read boards."""

from typing import Literal

from pydantic import Field

from imece_chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """Every variable is documented in the operations checklist."""

    database_url: str = Field(
        validation_alias="DATABASE_URL_CRISIS", repr=False, pattern=r"^postgres(ql)?://"
    )
    http_host: str = Field("127.0.0.1", validation_alias="CRISIS_HTTP_HOST")
    http_port: int = Field(8102, validation_alias="CRISIS_HTTP_PORT", ge=0, le=65535)
    board_access: Literal["open", "members"] = Field("members", validation_alias="CRISIS_BOARD_ACCESS")
    # Processes that do not know the mark of a desk that writes for others let that desk take its own promise.
    on_behalf: Literal["off", "on"] = Field("off", validation_alias="CRISIS_ON_BEHALF")
