"""What a browser shows of a problem: one page without scripts, in the colours of the product's other pages.

The chassis lies below the page frame, so its few tokens stand here; the policy names the style by its hash.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

STYLE = (
    ":root{color-scheme:light dark;--paper:#f5f4f0;--card:#fff;--ink:#17191c;--soft:#565b63;--rule:#dddad2;"
    "--link:#0b4f8a;--bar:#16324f;--bar-ink:#fff}"
    "@media(prefers-color-scheme:dark){:root{--paper:#14171b;--card:#1c2026;--ink:#eceef1;--soft:#a9b0ba;"
    "--rule:#31373f;--link:#8ec2f5;--bar:#0d1e30;--bar-ink:#f2f6fa}}"
    "*{box-sizing:border-box}html{background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,"
    '"Segoe UI","Noto Sans","DejaVu Sans",sans-serif}body{margin:0}'
    ".top{padding:12px 20px;background:var(--bar)}.top a{color:var(--bar-ink);font-weight:650;"
    "text-decoration:none}main{max-width:46rem;margin:0 auto;padding:20px}a{color:var(--link)}"
    "h1{font-size:1.4rem;line-height:1.25;margin:.5rem 0}h2{font-size:1rem;margin:1.4rem 0 .3rem}"
    "p{margin:.3rem 0}.soft{color:var(--soft)}code,pre{font:.86em/1.5 ui-monospace,monospace}"
    "pre{overflow-x:auto;padding:12px 14px;background:var(--card);border:1px solid var(--rule);"
    "border-radius:6px}ul{padding:0;list-style:none}li{padding:6px 0;border-block-end:1px solid var(--rule)}"
    "li code{overflow-wrap:anywhere}"
)
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
_WORDS: Mapping[str, Mapping[str, str]] = {
    "tr": {
        "cause": "Neden",
        "fix": "Ne yapmalı",
        "facts": "Yanıtta ayrıca bulunabilir",
        "example": "Örnek",
        "all": "Bütün hata kodları",
    },
    "en": {
        "cause": "Cause",
        "fix": "What to do",
        "facts": "The answer may also carry",
        "example": "Example",
        "all": "All error codes",
    },
}


def one_problem(shown: Mapping[str, Any], language: str) -> str:
    """The page of one class as `describe` shows it."""
    words = _WORDS[language]
    title = str(shown["title"][language])
    example = {**shown["example"], "title": title}
    if example["detail"] == shown["cause"]["en"]:
        example["detail"] = shown["cause"][language]
    facts = ", ".join(f"<code>{escape(name)}</code>" for name in shown["facts"])
    return _frame(
        title,
        language,
        f'<p><a href="/problems">← {words["all"]}</a></p><h1>{escape(title)}</h1>'
        f'<p class="soft"><code>{escape(shown["code"])}</code> · {shown["status"]}</p>'
        f"<h2>{words['cause']}</h2><p>{escape(shown['cause'][language])}</p>"
        f"<h2>{words['fix']}</h2><p>{escape(shown['fix'][language])}</p>"
        + (f"<h2>{words['facts']}</h2><p>{facts}</p>" if facts else "")
        + f"<h2>{words['example']}</h2><pre>{_json(example)}</pre>",
    )


def all_problems(shown: Sequence[Mapping[str, Any]], language: str) -> str:
    """The page that leads to every code of the service, in their order."""
    rows = "".join(
        f'<li><a href="{escape(each["type"])}"><code>{escape(each["code"])}</code></a> · {each["status"]}'
        f"<br>{escape(each['title'][language])}</li>"
        for each in sorted(shown, key=lambda each: str(each["code"]))
    )
    title = _WORDS[language]["all"]
    return _frame(title, language, f"<h1>{title}</h1><ul>{rows}</ul>")


def _json(document: Mapping[str, Any]) -> str:
    return escape(json.dumps(document, ensure_ascii=False, indent=2))


def _frame(title: str, language: str, content: str) -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f'<style>{STYLE}</style></head><body><header class="top"><a href="/problems">İmece</a></header>'
        f"<main>{content}</main></body></html>"
    )
