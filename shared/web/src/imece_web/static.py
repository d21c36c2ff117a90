"""Static files under names that contain their content's hash: a copy is right for ever, never checked again.

Imports between own modules are rewritten to the hashed names, which is all the build these scripts need.
"""

import gzip
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

TYPES: Mapping[str, str] = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "webmanifest": "application/manifest+json",
}
FOREVER = "public, max-age=31536000, immutable"
_IMPORT = re.compile(rb'(from\s+|import\s+)"\./([a-z0-9_-]+\.js)"')


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    name: str
    media_type: str
    content: bytes
    compressed: bytes


class StaticFiles:
    """The `static` folders of several packages, read once. `url("board.js")` is what templates write."""

    def __init__(self, packages: Iterable[str], prefix: str = "/static") -> None:
        self._prefix = prefix
        self._sources = {
            entry.name: entry.read_bytes()
            for package in packages
            for entry in (files(package) / "static").iterdir()
            if entry.name.rpartition(".")[2] in TYPES
        }
        self._by_source: dict[str, Asset] = {}
        for name in self._sources:
            self._asset(name, ())
        self._by_name = {asset.name: asset for asset in self._by_source.values()}

    def url(self, source: str) -> str:
        """The path of a file by its source name. Raises KeyError for a file that does not exist."""
        return f"{self._prefix}/{self._by_source[source].name}"

    def asset(self, name: str) -> Asset | None:
        """A file by its hashed name."""
        return self._by_name.get(name)

    @property
    def path(self) -> str:
        """The route template that `serve` answers."""
        return self._prefix + "/{name}"

    async def serve(self, request: Request) -> Response:
        """GET of one file by its hashed name."""
        asset = self.asset(request.path_params["name"])
        if asset is None:
            return PlainTextResponse("404", status_code=404)
        headers = {"content-type": asset.media_type, "cache-control": FOREVER, "vary": "accept-encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(asset.compressed, headers=headers | {"content-encoding": "gzip"})
        return Response(asset.content, headers=headers)

    def _asset(self, source: str, above: tuple[str, ...]) -> Asset:
        if source in above:
            raise ValueError(f"{source} imports itself through {' → '.join(above)}")
        if source not in self._by_source:

            def hashed(match: re.Match[bytes]) -> bytes:
                inner = self._asset(match[2].decode(), (*above, source))
                return b'%s"./%s"' % (match[1], inner.name.encode())

            content = self._sources[source]
            stem, _, kind = source.rpartition(".")
            if kind == "js":
                content = _IMPORT.sub(hashed, content)
            name = f"{stem}.{sha256(content).hexdigest()[:10]}.{kind}"
            self._by_source[source] = Asset(name, TYPES[kind], content, gzip.compress(content, 9, mtime=0))
        return self._by_source[source]
