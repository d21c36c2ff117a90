"""Bodies that say nothing may be left out."""

from collections.abc import Callable
from typing import Any, cast

from fastapi import Body
from pydantic import BaseModel


def may_be_left_out(kind: type[BaseModel]) -> Any:
    """`body: Annotated[kind, may_be_left_out(kind)]` where no member is required: none is an empty one."""
    return Body(default_factory=cast("Callable[[], Any]", kind))
