"""Renders a page: one environment, one language per page; undefined names and missing keys are errors."""

import gzip
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from imece_web import formats
from imece_web.catalogue import Catalogue
from imece_web.headers import PAGE_HEADERS
from imece_web.languages import LANGUAGES, Language, choose
from imece_web.static import StaticFiles

GZIP_LEVEL = 5


class Pages:
    """Templates, catalogues and static files of this package and of `packages`."""

    def __init__(self, packages: Iterable[str] = ()) -> None:
        names = ["imece_web", *packages]
        self.catalogue = Catalogue(names)
        self.static = StaticFiles(names)
        self._templates = Environment(
            loader=ChoiceLoader([PackageLoader(name) for name in reversed(names)]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @staticmethod
    def language(request: Request) -> Language:
        """The reader's language."""
        return choose(request.query_params.get("lang"), request.headers.get("accept-language"))

    def render(self, template: str, language: Language, **values: Any) -> bytes:
        """HTML of a page. Templates get `t` (sentence), `plain` (attribute), `number`, `static`, `island`."""

        def t(key: str, **inserted: Any) -> Markup:
            return self.catalogue.markup(language.code, key, **inserted)

        def plain(key: str, **inserted: Any) -> str:
            return self.catalogue.text(language.code, key, **inserted)

        def number(value: Decimal | int) -> str:
            return formats.number(language.code, value)

        page = self._templates.get_template(template)
        return page.render(
            t=t,
            plain=plain,
            number=number,
            static=self.static.url,
            island=island,
            language=language,
            languages=LANGUAGES.values(),
            **values,
        ).encode()

    @staticmethod
    def answer(
        request: Request,
        html: bytes,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        compressed: bytes | None = None,
    ) -> Response:
        """The page with the headers every page has, compressed where the reader takes it."""
        sent = dict(PAGE_HEADERS) | {"content-type": "text/html; charset=utf-8"} | dict(headers or {})
        if "gzip" in request.headers.get("accept-encoding", ""):
            sent |= {"content-encoding": "gzip", "vary": "accept-language, accept-encoding"}
            html = compressed or gzip.compress(html, GZIP_LEVEL, mtime=0)
        return Response(html, status_code=status, headers=sent)


def island(value: Any) -> Markup:
    """JSON for a <script type="application/json">: what could end the element or open another is escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704 - escaped above
