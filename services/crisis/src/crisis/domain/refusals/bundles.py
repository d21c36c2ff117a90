"""What is refused because of a bundle as a whole, naming the rows that stand in the way."""

from collections.abc import Mapping, Sequence
from typing import Any

from imece_reference.refusals import ReferenceRefusal

from .base import Refusal

_SPOKEN_OF = 3
RowRefusal = Refusal | ReferenceRefusal
ROW_REFUSALS = (Refusal, ReferenceRefusal)


class BundleDoesNotFit(Refusal):
    """Some rows of the bundle are not possible"""

    tr = "Demetin bazı satırları olanaklı değil"
    cause_en = (
        "A bundle is done as a whole or not at all, and the rows named would each be refused by themselves."
    )
    cause_tr = "Demet ya bütünüyle işlenir ya hiç; adı geçen satırların her biri tek başına da reddedilirdi."
    fix_en = (
        "Correct or leave out the rows in rows, each by its own code, and send the bundle again under a new"
        " key."
    )
    fix_tr = "rows içindekileri kendi koduna göre düzeltin ya da çıkarın; demeti yeni anahtarla gönderin."
    detail_en = "Nothing of it was done. {count} rows do not fit. {why}"
    detail_tr = "Hiçbir satır işlenmedi. {count} satır uymuyor. {why}"

    def __init__(self, rows: Sequence[tuple[Mapping[str, Any], RowRefusal]] = (), **facts: str) -> None:
        """Each row by what names it (`row` as counted in the request from 0, or `allocation_id`), with the
        refusal that a command on this row alone would meet."""
        self._rows = tuple(rows)
        codes = ", ".join(dict.fromkeys(refused.code for _, refused in rows))
        super().__init__(count=str(len(rows)), why=codes)
        self.facts |= facts
        self.facts["rows"] = [
            {**refused.facts, **named, "code": refused.code, "status": refused.status}
            for named, refused in rows
        ]

    def spoken(self, language: str) -> dict[str, Any]:
        """With the sentences of the first rows."""
        said = [
            f"{_name(named)}: {_sentence(refused, language)}" for named, refused in self._rows[:_SPOKEN_OF]
        ]
        if len(self._rows) > _SPOKEN_OF:
            said.append("…")
        return super().spoken(language) | {"why": " ".join(said)}


class BundleSettled(Refusal):
    """Nothing of the bundle waits for that"""

    tr = "Demette bunu bekleyen satır kalmadı"
    cause_en = "Every row you may see has been answered, or is in a state this step does not start from."
    cause_tr = "Görebildiğiniz bütün satırlar yanıtlandı ya da bu adımın başlamadığı bir durumda."
    fix_en = "Read the bundle and answer single rows where one is still open."
    fix_tr = "Demeti okuyun; açık kalan satır varsa tek tek yanıtlayın."
    detail_en = "None of its rows that you may see can be moved by this; they are {states}."
    detail_tr = "Görebildiğiniz satırlarından hiçbiri bununla ilerleyemez; durumları: {states}."


class RowsOfOneOffer(Refusal):
    """The goods of a bundle come from one offer"""

    status = 422
    tr = "Bir demetin malzemesi tek bir tekliften gelir"
    cause_en = (
        "A bundle is what one organisation gives from one offer, and a row names a line of another offer."
    )
    cause_tr = (
        "Demet, bir kurumun tek tekliften verdiğidir; bir satır başka bir teklifin kalemini gösteriyor."
    )
    fix_en = "Send one bundle for each offer."
    fix_tr = "Her teklif için ayrı bir demet gönderin."
    detail_en = "Offer line {offer_line} is not a line of offer {offer}."
    detail_tr = "{offer_line} kalemi, {offer} teklifinin kalemi değil."


def _name(named: Mapping[str, Any]) -> str:
    return str(named.get("row", named.get("allocation_id")))


def _sentence(refused: RowRefusal, language: str) -> str:
    facts = refused.spoken(language) if isinstance(refused, Refusal) else refused.facts
    template = refused.detail_tr if language == "tr" else refused.detail_en
    return template.format_map(facts)
