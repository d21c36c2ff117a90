"""Every visible sentence by key and language. A missing key is an error, never an empty place on a page.

A message is text with {names}, or one text per CLDR plural category of `n`. Inserted values are isolated with
<bdi>, so that a name or number in another direction cannot disturb the sentence around it.
"""

import json
import string
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any, cast

from babel import Locale
from markupsafe import Markup, escape

from imece_web.languages import LANGUAGES

Message = str | Mapping[str, str]

_formatter = string.Formatter()


class MissingMessage(KeyError):
    """The catalogue has no such key, or not the plural category that is needed."""


class Catalogue:
    """Messages of several packages: `packages` each hold `catalogues/<language>.json`, later ones win."""

    def __init__(self, packages: Iterable[str]) -> None:
        self.messages: dict[str, dict[str, Message]] = {code: {} for code in LANGUAGES}
        for package in packages:
            for code, messages in self.messages.items():
                messages.update(_read(package, code))
        self._plurals = {code: Locale.parse(code).plural_form for code in LANGUAGES}

    def text(self, language: str, key: str, **values: Any) -> str:
        """Plain text, for titles, attributes and labels."""
        if not values:
            return self._plain(language, key)
        return _formatter.vformat(self._choose(language, key, values), (), values)

    def markup(self, language: str, key: str, **values: Any) -> Markup:
        """Text for the body of a page: inserted values are escaped and isolated."""
        if not values:
            return escape(self._plain(language, key))
        isolated = {name: Markup("<bdi>{}</bdi>").format(value) for name, value in values.items()}
        return Markup(_formatter.vformat(str(escape(self._choose(language, key, values))), (), isolated))  # noqa: S704 - the message is escaped, the values are Markup

    def subset(self, language: str, prefixes: Iterable[str]) -> dict[str, Message]:
        """The messages a script of a page needs."""
        wanted = tuple(prefixes)
        return {key: message for key, message in self.messages[language].items() if key.startswith(wanted)}

    def _plain(self, language: str, key: str) -> str:
        message = self.messages[language].get(key)
        if not isinstance(message, str):
            raise MissingMessage(f"{language}: {key} is missing or needs n")
        return message

    def _choose(self, language: str, key: str, values: Mapping[str, Any]) -> str:
        try:
            message = self.messages[language][key]
            if isinstance(message, str):
                return message
            count = values.get("count", values["n"])
            category = self._plurals[language](count if isinstance(count, int) else 0)
            return message.get(category) or message["other"]
        except KeyError as missing:
            raise MissingMessage(f"{language}: {key} ({missing})") from None


def _read(package: str, code: str) -> dict[str, Message]:
    text = (files(package) / "catalogues" / f"{code}.json").read_text(encoding="utf-8")
    return cast("dict[str, Message]", json.loads(text))
