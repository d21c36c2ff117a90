"""Does a part answer? Asked over the wire, from outside, with short deadlines."""

from __future__ import annotations

import http.client
import json
import socket


def http_status(port: int, path: str, timeout: float = 1.0) -> int | None:
    """Status code of GET path on 127.0.0.1:port; None when nobody answers in time."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def readiness(port: int, timeout: float = 1.0) -> str | None:
    """What /readyz on 127.0.0.1:port says: ready, degraded or unready; None when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", "/readyz")
        return json.loads(connection.getresponse().read()).get("status")
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


def accepts_connections(port: int, timeout: float = 1.0) -> bool:
    """True when 127.0.0.1:port accepts a TCP connection."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout):
            return True
    except OSError:
        return False
