"""Refusals of this package: the caller's value is not on a list, or is not a usable quantity.

They carry what an HTTP edge needs (status, code, Turkish title, details in both languages, facts as text) so
a service can let them through untouched; the class docstring is the English title.
"""

from __future__ import annotations

from typing import ClassVar


class ReferenceRefusal(ValueError):
    """Value not accepted"""

    status: ClassVar[int] = 422
    code: ClassVar[str] = "reference_refused"
    tr: ClassVar[str] = "Değer kabul edilmedi"
    detail_en: ClassVar[str] = ""
    detail_tr: ClassVar[str] = ""

    def __init__(self, **facts: str) -> None:
        """Facts are short texts; they appear in the details and as members of the problem document."""
        self.facts: dict[str, str] = facts
        super().__init__(self.detail_en.format_map(facts))


class UnknownPlace(ReferenceRefusal):
    """Place is not known"""

    code = "place_unknown"
    tr = "Yer bilinmiyor"
    detail_en = "“{place}” is neither a province plate 01–81 nor a p-code like TUR031 or TUR031005."
    detail_tr = "“{place}” ne 01–81 arası bir il plakası ne de TUR031 ya da TUR031005 gibi bir p-kodudur."


class UnknownItem(ReferenceRefusal):
    """Item is not in the catalogue"""

    code = "item_unknown"
    tr = "Kalem katalogda yok"
    detail_en = "The catalogue has no item “{item_code}”."
    detail_tr = "Katalogda “{item_code}” kodlu bir kalem yok."


class UnknownCode(ReferenceRefusal):
    """Code is not on the list"""

    code = "code_unknown"
    tr = "Kod listede yok"
    detail_en = "The list “{list}” has no code “{value}”."
    detail_tr = "“{list}” listesinde “{value}” kodu yok."


class UnknownUnit(ReferenceRefusal):
    """Unit has no conversion for this item"""

    code = "unit_unknown"
    tr = "Bu kalem için birim bilinmiyor"
    detail_en = "“{item_code}” is counted in {base_unit}; “{unit}” cannot be converted. Known units: {known}."
    detail_tr = "“{item_code}” {base_unit} ile sayılır; “{unit}” çevrilemez. Bilinen birimler: {known}."


class NotWhole(ReferenceRefusal):
    """Only whole numbers are possible for this item"""

    code = "not_whole"
    tr = "Bu kalem yalnız tam sayıyla girilebilir"
    detail_en = "{quantity} {unit} of “{item_code}” is not a whole number; this item cannot be divided."
    detail_tr = "“{item_code}” için {quantity} {unit} tam sayı değil; bu kalem bölünemez."


class InvalidQuantity(ReferenceRefusal):
    """Quantity is not a usable number"""

    code = "quantity_invalid"
    tr = "Miktar geçerli bir sayı değil"
    detail_en = "“{quantity}” is refused: {rule_en}."
    detail_tr = "“{quantity}” kabul edilmedi: {rule_tr}."
