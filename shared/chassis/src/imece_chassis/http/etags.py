"""Strong entity tags from versions, and the preconditions If-Match and If-None-Match."""

from starlette.requests import Request

from imece_chassis.http.problems import Problem


class PreconditionRequired(Problem):
    """Send If-Match with the version you saw."""

    status = 428
    tr = "Gördüğünüz sürümü If-Match ile gönderin"


class PreconditionFailed(Problem):
    """The resource has changed since you read it."""

    status = 412
    tr = "Kayıt siz okuduktan sonra değişti"


def etag(version: int | str) -> str:
    """A strong tag: "7"."""
    return f'"{version}"'


def check_match(request: Request, version: int | str, *, is_required: bool = True) -> None:
    """Raise PreconditionRequired without If-Match (when required), PreconditionFailed when it names another version."""
    raise NotImplementedError


def is_not_modified(request: Request, version: int | str) -> bool:
    """True when If-None-Match names this version: answer 304."""
    raise NotImplementedError
