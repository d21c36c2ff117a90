"""Expected refusals of the registry, as facts.

The docstring is the English title, `tr` the Turkish one; facts are short texts that fill the details and
appear as members of the problem document. No name, number or free text of the caller is repeated.
"""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """The registry refuses"""

    status: ClassVar[int] = 409
    tr: ClassVar[str] = "Kayıt bunu reddetti"
    detail_en: ClassVar[str] = ""
    detail_tr: ClassVar[str] = ""

    def __init__(self, **facts: str) -> None:
        self.facts: dict[str, str] = facts
        super().__init__(self.detail_en.format_map(facts) or type(self).__name__)


class NotFound(Refusal):
    """There is nothing here for you"""

    status = 404
    tr = "Burada sizin için bir kayıt yok"


class RoleRequired(Refusal):
    """Your key does not hold the role for this"""

    status = 403
    tr = "Anahtarınız bunun için gereken role sahip değil"
    detail_en = "This needs one of the roles: {roles}."
    detail_tr = "Bunun için şu rollerden biri gerekir: {roles}."


class RoleNotDelegable(Refusal):
    """This role is given by the secretariat only"""

    status = 403
    tr = "Bu rolü yalnız sekretarya verebilir"
    detail_en = "An organisation's administrator cannot give the role {role}."
    detail_tr = "Kuruluş yöneticisi {role} rolünü veremez."


class WrongState(Refusal):
    """The organisation is in another state"""

    tr = "Kuruluş başka bir durumda"
    detail_en = "The organisation is {state}; this is possible only for: {possible}."
    detail_tr = "Kuruluşun durumu {state}; bu yalnız şu durumlarda olur: {possible}."


class IdentityNumberInText(Refusal):
    """The text holds a national identity number"""

    status = 422
    tr = "Metinde bir T.C. kimlik numarası var"
    detail_en = (
        "{field} holds a valid national identity number (eleven digits). Such numbers are never stored."
    )
    detail_tr = "{field} alanında geçerli bir T.C. kimlik numarası var. Bu numaralar hiçbir yerde saklanmaz."


class TextRefused(Refusal):
    """The text cannot be used as it is"""

    status = 422
    tr = "Metin bu hâliyle kullanılamaz"
    detail_en = "{field} must hold a letter and no control characters, at most {limit} characters."
    detail_tr = "{field} bir harf içermeli, denetim karakteri içermemeli, en çok {limit} karakter olmalı."


class ParentRequired(Refusal):
    """This kind of organisation needs a parent"""

    status = 422
    tr = "Bu kuruluş türünün bir üst kuruluşu olmalı"
    detail_en = "An organisation of kind {kind} belongs to another one: give the parent_id of that one."
    detail_tr = "{kind} türündeki kuruluş bir başkasına bağlıdır: onun parent_id değerini verin."


class ParentNotPossible(Refusal):
    """This parent is not possible"""

    status = 422
    tr = "Bu üst kuruluş olamaz"
    detail_en = "The parent is unknown, closed, or already {limit} levels deep; or kind {kind} has no parent."
    detail_tr = "Üst kuruluş yok, kapanmış ya da {limit} kademe derinde; veya {kind} üst kuruluş almaz."


class KindHoldsNoKeys(Refusal):
    """This kind of organisation holds no keys"""

    tr = "Bu tür kuruluşun anahtarı olamaz"
    detail_en = "An organisation of kind {kind} has no legal personality of its own to answer for a key."
    detail_tr = "{kind} türündeki kuruluşun bir anahtardan sorumlu olacak tüzel kişiliği yoktur."


class AreaRequired(Refusal):
    """This role needs provinces"""

    status = 422
    tr = "Bu rol için il belirtilmeli"
    detail_en = "The role {role} is given for an area: name at least one province."
    detail_tr = "{role} rolü bir alan için verilir: en az bir il belirtin."


class EndRequired(Refusal):
    """This role needs an end"""

    status = 422
    tr = "Bu rol için bitiş belirtilmeli"
    detail_en = "The role {role} is given for a shift: say when it ends."
    detail_tr = "{role} rolü bir nöbet için verilir: ne zaman biteceğini belirtin."


class GrantPeriodRefused(Refusal):
    """The grant's period is not possible"""

    status = 422
    tr = "Yetkinin süresi uygun değil"
    detail_en = "A grant ends after it begins and not later than the right it is given from."
    detail_tr = "Yetki başladıktan sonra biter ve verildiği yetkiden uzun süremez."


class TooManyLiveKeys(Refusal):
    """The integration already has two live keys"""

    tr = "Entegrasyonun zaten iki geçerli anahtarı var"
    detail_en = "At most {limit} keys are live at a time: create the second, switch, then revoke the first."
    detail_tr = "Aynı anda en çok {limit} anahtar geçerlidir: ikinciyi alın, geçin, birinciyi iptal edin."


class KeyNotLive(Refusal):
    """The key is no longer live"""

    tr = "Anahtar artık geçerli değil"
    detail_en = "A revoked or expired key cannot be rotated; create a new one."
    detail_tr = "İptal edilmiş veya süresi dolmuş anahtar yenilenemez; yeni bir anahtar alın."


class ScopeNotAllowed(Refusal):
    """The key may not carry this scope"""

    status = 422
    tr = "Anahtar bu kapsamı taşıyamaz"
    detail_en = "A {mode} key of this integration cannot carry {scope}; possible: {possible}."
    detail_tr = "Bu entegrasyonun {mode} anahtarı {scope} kapsamını taşıyamaz; olabilecekler: {possible}."


class ExpiryOutOfRange(Refusal):
    """The expiry date is out of range"""

    status = 422
    tr = "Bitiş tarihi aralık dışında"
    detail_en = "expires_on must lie between {first} and {last}."
    detail_tr = "expires_on {first} ile {last} arasında olmalı."
