"""What to say of a story that could not go on."""

from imece_local.demo.calls import DemoFailed


def said_by(failure: BaseException) -> str | None:
    """The words of the first DemoFailed when the failure is nothing but such; None for a defect."""
    if isinstance(failure, DemoFailed):
        return str(failure)
    if not isinstance(failure, BaseExceptionGroup):
        return None
    said = [said_by(each) for each in failure.exceptions]
    return None if None in said else said[0]
