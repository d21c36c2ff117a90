"""/u/{token}: where a reader stops a mail list. GET shows and changes nothing: mail scanners open links.

POST acts without sign-in, cookie or redirect (RFC 8058); the page works without scripts.
"""

from html import escape
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import HTMLResponse

from imece_chassis.database import Transaction
from imece_chassis.http.callers import public
from imece_chassis.http.languages import negotiate
from notifications.domain.texts import LOCALES, MANDATORY_LOCALES, Locale
from notifications.http.parts import change, parts_of, read
from notifications.store import contacts
from notifications.usecases.unsubscribe import unsubscribe

router = APIRouter(tags=["unsubscribe"], dependencies=[Depends(public)])

Token = Annotated[str, Path(min_length=20, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]

HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
}
STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem}"
    "button{font:inherit;padding:.5rem 1rem}"
)


@router.get("/u/{token}", response_class=HTMLResponse, include_in_schema=False)
async def show(request: Request, token: Token) -> HTMLResponse:
    """The question with one button."""
    contact_ref = parts_of(request).vault.contact_of_token(token)
    language, locale = await _locale(request, contact_ref)
    if contact_ref is None:
        return _page(language, locale, _paragraph(locale.page.invalid), 404)
    button = (
        f'<form method="post"><button name="confirm" value="1">{escape(locale.page.button)}</button></form>'
    )
    return _page(language, locale, _paragraph(locale.page.question) + button)


@router.post("/u/{token}", response_class=HTMLResponse, include_in_schema=False)
async def act(request: Request, token: Token) -> HTMLResponse:
    """Stops the list of the address the mail went to. Repeating it changes nothing."""
    contact_ref = parts_of(request).vault.contact_of_token(token)
    language, locale = await _locale(request, contact_ref)
    if contact_ref is None:
        return _page(language, locale, _paragraph(locale.page.invalid), 404)
    await change(request, lambda tx: unsubscribe(tx, contact_ref))
    return _page(language, locale, _paragraph(locale.page.done))


async def _locale(request: Request, contact_ref: UUID | None) -> tuple[str, Locale]:
    """The language of the mail itself, else the browser's."""
    language: str | None = None
    if contact_ref is not None:

        async def work(tx: Transaction) -> str | None:
            return await contacts.language_of_contact(tx, contact_ref)

        language = await read(request, work)
    if language is None:
        language = negotiate(request.headers.get("accept-language"), supported=MANDATORY_LOCALES)
    return language, LOCALES[language]


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _page(language: str, locale: Locale, content: str, status: int = 200) -> HTMLResponse:
    title = escape(locale.page.title)
    return HTMLResponse(
        f'<!doctype html><html lang="{language}" dir="{locale.direction}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<style>{STYLE}</style></head>"
        f"<body><main><h1>{title}</h1>{content}</main></body></html>",
        status_code=status,
        headers=HEADERS,
    )
