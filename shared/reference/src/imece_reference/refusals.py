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
    cause_en = "Places are named by plate or p-code, never by name, and this is neither."
    cause_tr = "Yerler adla değil plaka ya da p-kodu ile belirtilir; bu ikisi de değil."
    fix_en = "Send a p-code like TUR031 or TUR031005, or a plate from 01 to 81."
    fix_tr = "TUR031 ya da TUR031005 gibi bir p-kodu veya 01–81 arası plaka gönderin."
    detail_en = "“{place}” is neither a province plate 01–81 nor a p-code like TUR031 or TUR031005."
    detail_tr = "“{place}” ne 01–81 arası bir il plakası ne de TUR031 ya da TUR031005 gibi bir p-kodudur."


class UnknownItem(ReferenceRefusal):
    """Item is not in the catalogue"""

    code = "item_unknown"
    tr = "Kalem katalogda yok"
    cause_en = "Items are named by the codes of the catalogue, and this one is not in it."
    cause_tr = "Kalemler katalog koduyla adlandırılır; bu kod katalogda yok."
    fix_en = "Look the code up in GET /items."
    fix_tr = "Kodu GET /items ile bulun."
    detail_en = "The catalogue has no item “{item_code}”."
    detail_tr = "Katalogda “{item_code}” kodlu bir kalem yok."


class UnknownCode(ReferenceRefusal):
    """Code is not on the list"""

    code = "code_unknown"
    tr = "Kod listede yok"
    cause_en = "Codes come from published lists, and this one is not on the list it was sent for."
    cause_tr = "Kodlar yayımlanmış listelerdendir; bu kod, gönderildiği listede yok."
    fix_en = "Choose a code of the list that is named."
    fix_tr = "Adı geçen listeden bir kod seçin."
    detail_en = "The list “{list}” has no code “{value}”."
    detail_tr = "“{list}” listesinde “{value}” kodu yok."


class UnknownUnit(ReferenceRefusal):
    """Unit has no conversion for this item"""

    code = "unit_unknown"
    tr = "Bu kalem için birim bilinmiyor"
    cause_en = "The unit is neither the item's base unit nor one of its packs."
    cause_tr = "Birim, kalemin temel birimi ya da paketlerinden biri değil."
    fix_en = "Choose a unit of known."
    fix_tr = "known içinden bir birim seçin."
    detail_en = "“{item_code}” is counted in {base_unit}; “{unit}” cannot be converted. Known units: {known}."
    detail_tr = "“{item_code}” {base_unit} ile sayılır; “{unit}” çevrilemez. Bilinen birimler: {known}."


class NotWhole(ReferenceRefusal):
    """Only whole numbers are possible for this item"""

    code = "not_whole"
    tr = "Bu kalem yalnız tam sayıyla girilebilir"
    cause_en = "The item comes in pieces, and the quantity leaves a part of one."
    cause_tr = "Kalem tane iledir; miktar bir tanenin parçasını bırakıyor."
    fix_en = "Send a whole number."
    fix_tr = "Tam sayı gönderin."
    detail_en = "{quantity} {unit} of “{item_code}” is not a whole number; this item cannot be divided."
    detail_tr = "“{item_code}” için {quantity} {unit} tam sayı değil; bu kalem bölünemez."


class InvalidQuantity(ReferenceRefusal):
    """Quantity is not a usable number"""

    code = "quantity_invalid"
    tr = "Miktar geçerli bir sayı değil"
    cause_en = "Quantities are decimal text above zero with at most three decimals, without signs or groups."
    cause_tr = "Miktar; sıfırdan büyük, en çok üç ondalıklı, işaretsiz ve gruplamasız ondalık metindir."
    fix_en = 'Send it as text like "200" or "12.5".'
    fix_tr = '"200" ya da "12.5" gibi metin olarak gönderin.'
    detail_en = "“{quantity}” is refused: {rule_en}."
    detail_tr = "“{quantity}” kabul edilmedi: {rule_tr}."
