"""One metadata request over a plain socket: is the broker ready to be used?

A KRaft broker opens its port before it is registered; only an answer that names a broker means ready.
No Kafka client is loaded for this, so that the supervisor stays small.
"""

from __future__ import annotations

import socket
import struct

_METADATA = 3
_VERSION = 5  # the last but few without tagged fields; every broker since 1.0 answers it
_CLIENT = b"imece-local"


def names_a_broker(host: str, port: int, timeout: float = 1.0) -> bool:
    """True when the node at host:port lists a live broker; False while it refuses, waits or lists none."""
    try:
        with socket.create_connection((host, port), timeout) as connection:
            connection.settimeout(timeout)
            connection.sendall(_request())
            (size,) = struct.unpack(">i", _exactly(connection, 4))
            answer = _exactly(connection, min(size, 64 * 1024))
    except (OSError, struct.error):
        return False
    # correlation id, throttle time in ms, number of brokers
    return len(answer) >= 12 and struct.unpack(">iii", answer[:12])[2] > 0


def _request() -> bytes:
    no_topics, no_auto_creation = struct.pack(">i", 0), b"\0"
    header = struct.pack(">hhih", _METADATA, _VERSION, 1, len(_CLIENT)) + _CLIENT
    body = header + no_topics + no_auto_creation
    return struct.pack(">i", len(body)) + body


def _exactly(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        chunk = connection.recv(size - len(received))
        if not chunk:
            raise ConnectionResetError("closed before the answer was complete")
        received += chunk
    return received
