"""JSON lines on stdout: one event per line, pure ASCII, so nothing a caller sends can start or change a line.

Keys and tokens are struck out wherever they appear. Texts of exceptions, which may quote data, are left out
unless the process says it is a development one; the type, the SQLSTATE and the frames are always there.
"""

import json
import logging
import os
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO, cast

import orjson

from imece_chassis import context

_SECRET = re.compile(r"(imc_(?:live|test)_|whsec_|[Bb]earer )[0-9A-Za-z+/=_.~-]{4,}")
# A password inside a connection URL.
_URL_PASSWORD = re.compile(r"(://[^:/@\s\"]+:)[^@/\s\"]+@")
_FRAMES = 12
_INNER = 3  # exceptions of a group
_encode_ascii = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=str).encode
_STANDARD = frozenset({*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"})


class JsonLines(logging.Formatter):
    """One record, one JSON object: ts, level, service, role, event, request_id, trace_id, own fields."""

    def __init__(self, service: str, role: str, *, shows_exception_text: bool = False) -> None:
        super().__init__()
        self._service = service
        self._role = role
        self._shows_exception_text = shows_exception_text

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its line end."""
        line: dict[str, Any] = {
            "ts": datetime.fromtimestamp(record.created, UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "service": self._service,
            "role": self._role,
            "logger": record.name,
            "event": record.getMessage(),
        }
        ids = {"request_id": context.request_id(), "trace_id": context.trace_id()}
        line.update({name: value for name, value in ids.items() if value is not None})
        for name, value in _fields(record).items():
            line.setdefault(name, value)
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = self._exception(record.exc_info[1])
        return _without_secrets(_encode(line))

    def _exception(self, exc: BaseException) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "type": f"{type(exc).__module__}.{type(exc).__qualname__}",
            "frames": [
                f"{os.path.relpath(frame.filename) if frame.filename.startswith('/') else frame.filename}"
                f":{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(exc.__traceback__)[-_FRAMES:]
            ],
        }
        sqlstate = getattr(exc, "sqlstate", None)
        if isinstance(sqlstate, str):
            shown["sqlstate"] = sqlstate
        if self._shows_exception_text:
            shown["text"] = str(exc)[:2000]
        if isinstance(exc, BaseExceptionGroup):
            group = cast("BaseExceptionGroup[BaseException]", exc)
            shown["exceptions"] = [self._exception(each) for each in group.exceptions[:_INNER]]
        cause = exc.__cause__ or (None if exc.__suppress_context__ else exc.__context__)
        if cause is not None:
            shown["cause"] = f"{type(cause).__module__}.{type(cause).__qualname__}"
        return shown


def _encode(line: dict[str, Any]) -> str:
    try:
        text = orjson.dumps(line, default=str).decode()
    except orjson.JSONEncodeError:  # half a surrogate pair, or a number beyond 64 bits
        return _encode_ascii(line)
    return text if text.isascii() else _encode_ascii(line)


def _without_secrets(text: str) -> str:
    # Plain searches first: nearly no line has anything to strike out, and patterns cost more.
    if "imc_" in text or "whsec_" in text or "earer " in text:
        text = _SECRET.sub(r"\1[redacted]", text)
    return _URL_PASSWORD.sub(r"\1[redacted]@", text) if "://" in text else text


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """The fields given to `log`, and whatever plain logging calls passed as `extra`."""
    extra = {name: value for name, value in vars(record).items() if name not in _STANDARD}
    return {**extra.pop("fields", {}), **extra}


def get_logger(name: str) -> logging.Logger:
    """The logger of a module."""
    return logging.getLogger(name)


def configure(
    service: str,
    role: str,
    level: str = "INFO",
    *,
    stream: TextIO | None = None,
    shows_exception_text: bool | None = None,
) -> None:
    """Send every record of the process to stdout as JSON lines. Replaces what was configured before.

    Exception texts are shown when IMECE_ENV is not "production" unless `shows_exception_text` decides.
    """
    if shows_exception_text is None:
        shows_exception_text = os.environ.get("IMECE_ENV", "development") != "production"
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(JsonLines(service, role, shows_exception_text=shows_exception_text))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # No line shows threads, processes or its place in the code; finding them out costs as much as writing it.
    logging._srcfile = None  # type: ignore[attr-defined] # the documented way to switch the search for it off
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)  # their info lines quote whole addresses
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"  # the edge writes its own access line


def log(logger: logging.Logger, level: int, event: str, **fields: object) -> None:
    """Write one event (a constant name) with its fields; ids and quantities only."""
    if logger.isEnabledFor(level):
        # The record is made here: the general way looks for callers and merges dictionaries for every line.
        record = logging.LogRecord(logger.name, level, "", 0, event, None, None)
        record.fields = fields
        logger.handle(record)
