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
    cause_en = (
        "No record under this id is visible to you: it does not exist, it belongs to others, or the path is"
        " wrong."
    )
    cause_tr = "Bu kimlikle size görünen bir kayıt yok: hiç yok, başkasına ait ya da yol yanlış."
    fix_en = "Check the id and the path; what belongs to others answers like what does not exist."
    fix_tr = "Kimliği ve yolu denetleyin; başkasına ait kayıt, olmayan kayıt gibi yanıtlanır."


class RoleRequired(Refusal):
    """Your key does not hold the role for this"""

    status = 403
    tr = "Anahtarınız bunun için gereken role sahip değil"
    cause_en = "None of the grants of this key is one that may do this."
    cause_tr = "Bu anahtarın yetkilerinden hiçbiri bunu yapmaya yetmiyor."
    fix_en = "Use a key with one of roles, or have one granted."
    fix_tr = "roles içinden birine sahip bir anahtar kullanın ya da rolü isteyin."
    detail_en = "This needs one of the roles: {roles}."
    detail_tr = "Bunun için şu rollerden biri gerekir: {roles}."


class RoleNotDelegable(Refusal):
    """This role is given by the secretariat only"""

    status = 403
    tr = "Bu rolü yalnız sekretarya verebilir"
    cause_en = "The role reaches beyond one organisation, so no organisation gives it by itself."
    cause_tr = "Rol tek kuruluşun ötesine uzanır; kuruluş kendi başına veremez."
    fix_en = "Ask the secretariat to grant it."
    fix_tr = "Sekretaryadan vermesini isteyin."
    detail_en = "An organisation's administrator cannot give the role {role}."
    detail_tr = "Kuruluş yöneticisi {role} rolünü veremez."


class WrongState(Refusal):
    """The organisation is in another state"""

    tr = "Kuruluş başka bir durumda"
    cause_en = (
        "An organisation is admitted, suspended and closed step by step, and this step does not start here."
    )
    cause_tr = "Kuruluş adım adım kabul edilir, askıya alınır, kapatılır; bu adım buradan atılamaz."
    detail_en = "The organisation is {state}; this is possible only for: {possible}."
    detail_tr = "Kuruluşun durumu {state}; bu yalnız şu durumlarda olur: {possible}."


class IdentityNumberInText(Refusal):
    """The text holds a national identity number"""

    status = 422
    tr = "Metinde bir T.C. kimlik numarası var"
    cause_en = "Eleven digits with a valid check sum stand in a free text, and would be stored for ever."
    cause_tr = "Serbest metinde denetim basamağı geçerli on bir hane var; kalıcı olarak saklanırdı."
    fix_en = "Take the number out of the text."
    fix_tr = "Numarayı metinden çıkarın."
    detail_en = (
        "{field} holds a valid national identity number (eleven digits). Such numbers are never stored."
    )
    detail_tr = "{field} alanında geçerli bir T.C. kimlik numarası var. Bu numaralar hiçbir yerde saklanmaz."


class TextRefused(Refusal):
    """The text cannot be used as it is"""

    status = 422
    tr = "Metin bu hâliyle kullanılamaz"
    cause_en = "The text is empty of letters, too long, or holds control characters."
    cause_tr = "Metinde harf yok, metin çok uzun ya da denetim karakteri içeriyor."
    fix_en = "Correct the member named in field."
    fix_tr = "field ile belirtilen alanı düzeltin."
    detail_en = "{field} must hold a letter and no control characters, at most {limit} characters."
    detail_tr = "{field} bir harf içermeli, denetim karakteri içermemeli, en çok {limit} karakter olmalı."


class ParentRequired(Refusal):
    """This kind of organisation needs a parent"""

    status = 422
    tr = "Bu kuruluş türünün bir üst kuruluşu olmalı"
    cause_en = "Organisations of this kind act for a larger one, and none was named."
    cause_tr = "Bu türden kuruluşlar daha büyük bir kuruluş adına çalışır; o belirtilmedi."
    fix_en = "Send parent_id."
    fix_tr = "parent_id gönderin."
    detail_en = "An organisation of kind {kind} belongs to another one: give the parent_id of that one."
    detail_tr = "{kind} türündeki kuruluş bir başkasına bağlıdır: onun parent_id değerini verin."


class ParentNotPossible(Refusal):
    """This parent is not possible"""

    status = 422
    tr = "Bu üst kuruluş olamaz"
    cause_en = "The organisation named as parent cannot have this one below it."
    cause_tr = "Üst kuruluş olarak gösterilen, bunu altına alamaz."
    fix_en = "Name an open organisation that is less deep, or none for kinds without a parent."
    fix_tr = "Daha üst kademede, açık bir kuruluş gösterin; üstü olmayan türlerde boş bırakın."
    detail_en = "The parent is unknown, closed, or already {limit} levels deep; or kind {kind} has no parent."
    detail_tr = "Üst kuruluş yok, kapanmış ya da {limit} kademe derinde; veya {kind} üst kuruluş almaz."


class KindHoldsNoKeys(Refusal):
    """This kind of organisation holds no keys"""

    tr = "Bu tür kuruluşun anahtarı olamaz"
    cause_en = "Only organisations that can answer for a key in law hold one."
    cause_tr = "Anahtarı, hukuken ondan sorumlu olabilecek kuruluşlar taşır."
    fix_en = "Create the key at the organisation above it."
    fix_tr = "Anahtarı üst kuruluşta oluşturun."
    detail_en = "An organisation of kind {kind} has no legal personality of its own to answer for a key."
    detail_tr = "{kind} türündeki kuruluşun bir anahtardan sorumlu olacak tüzel kişiliği yoktur."


class AreaRequired(Refusal):
    """This role needs provinces"""

    status = 422
    tr = "Bu rol için il belirtilmeli"
    cause_en = "The role acts for an area, and a grant of it names none."
    cause_tr = "Rol bir alan için geçerlidir; verilen yetkide alan yok."
    fix_en = "Name at least one province in area."
    fix_tr = "area içinde en az bir il belirtin."
    detail_en = "The role {role} is given for an area: name at least one province."
    detail_tr = "{role} rolü bir alan için verilir: en az bir il belirtin."


class EndRequired(Refusal):
    """This role needs an end"""

    status = 422
    tr = "Bu rol için bitiş belirtilmeli"
    cause_en = "The role is held for a shift, so that a forgotten grant ends by itself."
    cause_tr = "Rol bir nöbet süresincedir; unutulan yetki kendiliğinden bitsin diye sonu olmalı."
    fix_en = "Say when the grant ends."
    fix_tr = "Yetkinin ne zaman biteceğini belirtin."
    detail_en = "The role {role} is given for a shift: say when it ends."
    detail_tr = "{role} rolü bir nöbet için verilir: ne zaman biteceğini belirtin."


class GrantPeriodRefused(Refusal):
    """The grant's period is not possible"""

    status = 422
    tr = "Yetkinin süresi uygun değil"
    cause_en = "The period ends before it begins, or outlives the right of whoever gives it."
    cause_tr = "Süre başlamadan bitiyor ya da verenin kendi yetkisinden uzun."
    fix_en = "Choose a period inside that of your own grant."
    fix_tr = "Kendi yetkinizin süresi içinde bir dönem seçin."
    detail_en = "A grant ends after it begins and not later than the right it is given from."
    detail_tr = "Yetki başladıktan sonra biter ve verildiği yetkiden uzun süremez."


class TooManyLiveKeys(Refusal):
    """The integration already has two live keys"""

    tr = "Entegrasyonun zaten iki geçerli anahtarı var"
    cause_en = "Two keys are enough to change from one to the other; more would be forgotten ones."
    cause_tr = "Birinden öbürüne geçmek için iki anahtar yeter; fazlası unutulur."
    detail_en = "At most {limit} keys are live at a time: create the second, switch, then revoke the first."
    detail_tr = "Aynı anda en çok {limit} anahtar geçerlidir: ikinciyi alın, geçin, birinciyi iptal edin."
    fix_en = "Revoke an API key of the integration that nobody uses any more, then ask again."
    fix_tr = "Entegrasyonun artık kullanılmayan bir API anahtarını iptal edip yeniden isteyin."


class KeyNotLive(Refusal):
    """The key is no longer live"""

    tr = "Anahtar artık geçerli değil"
    cause_en = "Rotation gives a live key a successor, and this key has ended."
    cause_tr = "Yenileme, geçerli bir anahtara ardıl verir; bu anahtar bitmiş."
    fix_en = "Create a new key for the integration."
    fix_tr = "Entegrasyon için yeni bir anahtar oluşturun."
    detail_en = "A revoked or expired key cannot be rotated; create a new one."
    detail_tr = "İptal edilmiş veya süresi dolmuş anahtar yenilenemez; yeni bir anahtar alın."


class ScopeNotAllowed(Refusal):
    """The key may not carry this scope"""

    status = 422
    tr = "Anahtar bu kapsamı taşıyamaz"
    cause_en = "A key carries only scopes of its integration's kind and mode."
    cause_tr = "Anahtar yalnız entegrasyonunun türü ve kipindeki kapsamları taşır."
    fix_en = "Choose scopes of possible."
    fix_tr = "possible içinden kapsam seçin."
    detail_en = "A {mode} key of this integration cannot carry {scope}; possible: {possible}."
    detail_tr = "Bu entegrasyonun {mode} anahtarı {scope} kapsamını taşıyamaz; olabilecekler: {possible}."


class ExpiryOutOfRange(Refusal):
    """The expiry date is out of range"""

    status = 422
    tr = "Bitiş tarihi aralık dışında"
    cause_en = "A key ends today at the earliest, and not later than the longest life a key may have."
    cause_tr = "Anahtar en erken bugün, en geç izin verilen en uzun sürenin sonunda biter."
    fix_en = "Send expires_on between first and last."
    fix_tr = "first ile last arasında bir expires_on gönderin."
    detail_en = "expires_on must lie between {first} and {last}."
    detail_tr = "expires_on {first} ile {last} arasında olmalı."
