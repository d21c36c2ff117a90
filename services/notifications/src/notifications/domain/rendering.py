"""From params to words, at send time: nothing rendered is ever stored.

The same params and texts always give the same bytes. Values are cleaned first and escaped last.
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import cast

from notifications.domain import values
from notifications.domain.texts import LOCALES, KindText, Locale

FALLBACK = "tr"


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message in one language. `html` is a whole document; `text` the same words as plain text."""

    language: str
    subject: str
    short: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What is being told: the notice's kind and params, the crisis as known here, and where to look.

    `params` are ids, codes, decimal text and RFC 3339 times as stored with the notice.
    """

    kind: str
    params: Mapping[str, object]
    crisis_no: str | None
    crisis_title: Mapping[str, str]
    is_drill: bool
    link: str


def placeholders(text: str) -> frozenset[str]:
    """Names used by a template text."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def locale_of(language: str) -> tuple[str, Locale]:
    """The locale of a language, Turkish where we have no other."""
    return (language, LOCALES[language]) if language in LOCALES else (FALLBACK, LOCALES[FALLBACK])


def words(subject: Subject, language: str) -> dict[str, str]:
    """Every placeholder of every kind, filled from the params; an unknown figure shows as a dash."""
    language, locale = locale_of(language)
    given = {name: values.clean(str(value)) for name, value in subject.params.items() if value is not None}

    def figure(name: str) -> str:
        return values.quantity(given[name], locale) if name in given else "–"

    def time(name: str) -> str:
        return values.moment(given[name], locale) if name in given else "–"

    area = cast("list[str]", subject.params.get("area") or [])
    return {
        "crisis": crisis_name(subject, language),
        "area": values.clean(", ".join(values.place_name(str(code)) for code in area)) or "–",
        "quantity": figure("qty"),
        "gap": figure("gap"),
        "unit": values.unit_name(given.get("unit", ""), language),
        "item": values.item_name(given.get("item", ""), language),
        "district": values.place_name(given.get("district", "")),
        "needed_by": time("needed_by"),
        "answer_by": time("answer_by"),
        "lease_until": time("lease_until"),
        "occurred_at": time("occurred_at"),
        "goods": _goods(given, language),
        "until": time("until"),
        "depot": values.place_name(given["depot_district"]) if "depot_district" in given else "–",
        "endpoint": given.get("endpoint", "–"),
        "condition": locale.conditions.get(given.get("condition", ""), "–"),
        "outcome": locale.outcomes.get(given.get("outcome", ""), "–"),
        "reason": given.get("reason", "–"),
    }


def _goods(given: Mapping[str, str], language: str) -> str:
    """The item an order names, or its group of items."""
    if "item" in given:
        return values.item_name(given["item"], language)
    return values.group_name(given.get("item_group", ""), language)


def crisis_name(subject: Subject, language: str) -> str:
    """Title in the language, else Turkish, else the crisis number."""
    title = subject.crisis_title.get(language) or subject.crisis_title.get("tr") or subject.crisis_no or "–"
    return values.clean(title)


def render_short(subject: Subject, language: str) -> tuple[str, str]:
    """Subject and one line, for the inbox."""
    language, locale = locale_of(language)
    text = locale.kinds[subject.kind]
    filled = _isolated(words(subject, language), locale)
    mark = f"{locale.phrases.drill} " if subject.is_drill else ""
    return mark + text.subject.format_map(filled), mark + text.short.format_map(filled)


def render(subject: Subject, language: str, unsubscribe: str) -> Rendered:
    """The whole message. Raises KeyError for a kind without texts, which the build excludes."""
    language, locale = locale_of(language)
    text = locale.kinds[subject.kind]
    plain = words(subject, language)
    filled = _isolated(plain, locale)
    head, short = render_short(subject, language)
    paragraphs = [paragraph.format_map(filled) for paragraph in text.long]
    if subject.is_drill:
        paragraphs.insert(0, locale.phrases.drill)
    phrases = locale.phrases
    foot = [
        phrases.open_board.format(link=subject.link),
        phrases.why,
        phrases.stop.format(unsubscribe=unsubscribe),
    ]
    body = "\n\n".join([*paragraphs, foot[0], "-- \n" + "\n".join(foot[1:])]) + "\n"
    return Rendered(
        language=language,
        subject=head,
        short=short,
        text=body,
        html=_html(language, locale, text, plain, subject, unsubscribe),
    )


def _isolated(filled: Mapping[str, str], locale: Locale) -> dict[str, str]:
    if locale.direction == "ltr":
        return dict(filled)
    return {
        name: f"{values.FIRST_STRONG_ISOLATE}{value}{values.POP_ISOLATE}" for name, value in filled.items()
    }


def _html(
    language: str,
    locale: Locale,
    text: KindText,
    plain: Mapping[str, str],
    subject: Subject,
    unsubscribe: str,
) -> str:
    marked = {name: f"<bdi>{escape(value)}</bdi>" for name, value in plain.items()}
    lines = [escape(paragraph, quote=False).format_map(marked) for paragraph in text.long]
    if subject.is_drill:
        lines.insert(0, f"<strong>{escape(locale.phrases.drill)}</strong>")
    phrases = locale.phrases
    board, stop = _anchor(subject.link), _anchor(unsubscribe)
    lines.append(escape(phrases.open_board, quote=False).format(link=board))
    small = f"{escape(phrases.why)}<br>{escape(phrases.stop, quote=False).format(unsubscribe=stop)}"
    paragraphs = "\n".join(f"<p>{line}</p>" for line in lines)
    title = escape(text.subject.format_map(plain))
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{locale.direction}">\n'
        f'<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body>\n{paragraphs}\n<hr>\n<p><small>{small}</small></p>\n</body>\n</html>\n"
    )


def _anchor(url: str) -> str:
    safe = escape(url, quote=True)
    return f'<a href="{safe}" dir="ltr">{safe}</a>'
