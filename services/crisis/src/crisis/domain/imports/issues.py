"""What is wrong with a cell or a row, as a code and a sentence in both languages.

A sentence names the rule, never what was written: a cell may hold anything, also a person's number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from crisis.domain.masking import masked
from crisis.domain.refusals import Refusal
from imece_reference.refusals import ReferenceRefusal


@dataclass(frozen=True, slots=True)
class Issue:
    """`column` is the name of the export, None where the whole row is meant."""

    column: str | None
    code: str
    en: str
    tr: str

    def said(self, language: str) -> str:
        """The sentence in Turkish, or else in English."""
        return self.tr if language == "tr" else self.en


class CellRefused(Exception):
    """A cell that cannot be read"""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.code)
        self.issue = issue


_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "missing": ("is required", "zorunlu"),
        "formula_refused": (
            "holds a formula; paste it as a value",
            "formül içeriyor; değer olarak yapıştırın",
        ),
        "error_value": ("holds an error of the spreadsheet", "hesap tablosunun hata değerini içeriyor"),
        "too_long": ("must have at most {most} characters", "en çok {most} karakter olmalı"),
        "wrong_format": ("must be {expected_en}", "{expected_tr} olmalı"),
        "not_allowed": ("must be one of {known}", "şunlardan biri olmalı: {known}"),
        "decimal_comma": (
            "has a comma; write decimals with a point and no separators (1500 or 12.5)",
            "virgül içeriyor; ondalığı noktayla, binlik ayırmadan yazın (1500 ya da 12.5)",
        ),
        "number_ambiguous": (
            "can be read with and without decimals; write 1500 or 1.5",
            "hem binlik hem ondalık okunabiliyor; 1500 ya da 1.5 yazın",
        ),
        "point_lost": (
            "is the exported quantity without its decimal point; write its decimals, or revise the line",
            "dışa aktarılan miktarın ondalık noktasız hâli; ondalıklı yazın ya da kalemi ayrıca değiştirin",
        ),
        "time_without_zone": (
            "needs a time zone offset, as text: 2026-02-06T09:00:00+03:00",
            "saat dilimi farkı içermeli, metin olarak: 2026-02-06T09:00:00+03:00",
        ),
        "out_of_range": (
            "must lie between the years 2000 and 2100",
            "2000 ile 2100 yılları arasında olmalı",
        ),
        "line_twice": (
            "names the line of row {row} again",
            "{row}. satırdaki kalemi yeniden adlandırıyor",
        ),
        "line_unknown": (
            "is no line of this crisis that you can see",
            "bu krizde size görünen bir kalem değil",
        ),
        "sequence_unknown": (
            "was never the sequence of this line; take it from an export",
            "bu kalemin hiçbir zaman sıra numarası olmadı; dışa aktarılan dosyadan alın",
        ),
        "column_fixed": (
            "differs from the ledger; an import changes requested and needed_by of a line only",
            "defterdekinden farklı; içe aktarma bir kalemin yalnız requested ve needed_by alanını değiştirir",
        ),
    }
)


def issue(code: str, column: str | None = None, **facts: Any) -> Issue:
    """The issue of a code; `facts` fill its sentences."""
    english, turkish = _TEXTS[code]
    return Issue(column, code, english.format_map(facts), turkish.format_map(facts))


def of_refusal(refused: Refusal | ReferenceRefusal, column: str | None = None) -> Issue:
    """What a command or a reference list refuses, with its own code; what was written is masked."""
    facts: Mapping[str, Any] = refused.facts
    english, turkish = (
        refused.spoken(language) if isinstance(refused, Refusal) else facts for language in ("en", "tr")
    )
    title = (type(refused).__doc__ or "").strip().splitlines()[0]
    details = (
        refused.detail_en.format_map(english) or title,
        refused.detail_tr.format_map(turkish) or refused.tr,
    )
    return Issue(column, refused.code, *(masked(text)[0] for text in details))
