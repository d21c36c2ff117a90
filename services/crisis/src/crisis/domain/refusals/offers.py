"""What is refused because of an offer or a package."""

from .base import Refusal


class OfferNotInState(Refusal):
    """The offer is in another state"""

    tr = "Teklif başka bir durumda"
    detail_en = "The offer is {state}; this needs {wanted}."
    detail_tr = "Teklifin durumu {state}; bunun için {wanted} gerekir."


class OfferOver(Refusal):
    """The offer has ended"""

    tr = "Teklifin süresi doldu"
    detail_en = "Its goods were available until {available_until}."
    detail_tr = "Malzeme {available_until} tarihine kadar verilebiliyordu."


class OfferOfAnotherCrisis(Refusal):
    """The offer belongs to another crisis"""

    tr = "Teklif başka bir krize ait"
    detail_en = "Offer {id} is a draft for crisis {crisis}; make a new one."
    detail_tr = "{id} teklifi {crisis} krizi için bir taslak; yenisini oluşturun."


class AvailabilityInvalid(Refusal):
    """The offer ends before it begins"""

    status = 422
    tr = "Teklif, başlamadan bitiyor"
    detail_en = "available_until {available_until} is not after {starts}."
    detail_tr = "available_until {available_until}, {starts} zamanından sonra değil."


class StepAboveQuantity(Refusal):
    """The smallest tradable quantity is larger than the line"""

    status = 422
    tr = "Verilebilecek en küçük miktar, kalemden büyük"
    detail_en = "step {step} is above the quantity {quantity}."
    detail_tr = "step {step}, {quantity} miktarından büyük."


class BestBeforePast(Refusal):
    """The goods are past their date"""

    status = 422
    tr = "Malzemenin tarihi geçmiş"
    detail_en = "best_before {best_before} is before today, {today}."
    detail_tr = "best_before {best_before}, bugünden ({today}) önce."


class OfferLinePromised(Refusal):
    """More than that is promised already"""

    tr = "Şimdiden daha fazlası için söz verilmiş"
    detail_en = "{quantity} {unit} is below the {promised} {unit} already proposed, held or delivered."
    detail_tr = "{quantity} {unit}, önerilen, ayrılan ve teslim edilen {promised} {unit} miktarının altında."


class AboveOwnThreshold(Refusal):
    """A second person of your organisation must agree"""

    tr = "Kurumunuzdan ikinci bir kişi onaylamalı"
    detail_en = (
        "With {quantity} {unit} and what this key offered within a day it passes your own threshold;"
        " open an offer a second key approves."
    )
    detail_tr = (
        "{quantity} {unit}, bu anahtarın son bir günde önerdikleriyle birlikte kendi eşiğinizi aşıyor;"
        " ikinci anahtarın onaylayacağı bir teklif açın."
    )


class CallAboveOwnThreshold(Refusal):
    """A second person of your organisation must agree to this call"""

    tr = "Bu çağrıyı kurumunuzdan ikinci bir kişi onaylamalı"
    detail_en = (
        "With {quantity} {unit} and what this key offered within a day it passes your own threshold;"
        " another key approves offer {offer} first."
    )
    detail_tr = (
        "{quantity} {unit}, bu anahtarın son bir günde önerdikleriyle birlikte kendi eşiğinizi aşıyor;"
        " önce başka bir anahtar {offer} teklifini onaylar."
    )


class HoldsRemain(Refusal):
    """Goods of the offer are held"""

    tr = "Teklifin malzemesi ayrılmış durumda"
    detail_en = "{count} held allocations must be withdrawn one by one first: {rows}."
    detail_tr = "Önce ayrılmış {count} tahsis tek tek geri çekilmeli: {rows}."


class OrganisationMayNotAct(Refusal):
    """The organisation may not act now"""

    tr = "Kurum şu anda işlem yapamıyor"
    detail_en = "The organisation is {state}."
    detail_tr = "Kurumun durumu: {state}."


class PackageStale(Refusal):
    """The package was not checked in time"""

    tr = "Paket zamanında doğrulanmadı"
    detail_en = "It should have been checked by {verify_due_at}; check it with one tap first."
    detail_tr = "{verify_due_at} tarihine kadar doğrulanmalıydı; önce tek dokunuşla doğrulayın."


class PackageRetired(Refusal):
    """The package is no longer offered"""

    tr = "Paket artık sunulmuyor"
    detail_en = "It was retired and cannot be pledged, called or checked."
    detail_tr = "Kaldırılmış; taahhüt edilemez, çağrılamaz, doğrulanamaz."


class PackageDoesNotFit(Refusal):
    """Nothing in the package is needed there"""

    tr = "Pakette orada gereken bir şey yok"
    detail_en = "The package holds {items}; the need asks for {needed}."
    detail_tr = "Pakette {items} var; ihtiyaç {needed} istiyor."
