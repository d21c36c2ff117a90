"""What to say of a story that could not go on."""

from typing import cast

from imece_local.demo.calls import DemoFailed


def said_by(failure: BaseException) -> str | None:
    """The words of the first DemoFailed when the failure is nothing but such; None for a defect."""
    if isinstance(failure, DemoFailed):
        return str(failure)
    if not isinstance(failure, BaseExceptionGroup):
        return None
    group = cast("BaseExceptionGroup[BaseException]", failure)
    said = [said_by(each) for each in group.exceptions]
    return None if None in said else said[0]
