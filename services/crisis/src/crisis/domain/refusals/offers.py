"""What is refused because of an offer or a package."""

from .base import Refusal


class OfferNotInState(Refusal):
    """The offer is in another state"""

    tr = "Teklif başka bir durumda"
    cause_en = (
        "The offer is at a stage from which this step does not lead on, or somebody took the step first."
    )
    cause_tr = "Teklif, bu adımın atılamayacağı bir aşamada ya da adımı başkası attı."
    fix_en = "Read the offer; only an open one gives goods."
    fix_tr = "Teklifi okuyun; yalnız açık teklif mal verir."
    detail_en = "The offer is {state}; this needs {wanted}."
    detail_tr = "Teklifin durumu {state}; bunun için {wanted} gerekir."


class OfferOver(Refusal):
    """The offer has ended"""

    tr = "Teklifin süresi doldu"
    cause_en = "The time in which the goods could be had has ended."
    cause_tr = "Malın verilebileceği süre bitti."
    fix_en = "Make a new offer if the goods are still there."
    fix_tr = "Mal hâlâ varsa yeni bir teklif girin."
    detail_en = "Its goods were available until {available_until}."
    detail_tr = "Malzeme {available_until} tarihine kadar verilebiliyordu."


class OfferOfAnotherCrisis(Refusal):
    """The offer belongs to another crisis"""

    tr = "Teklif başka bir krize ait"
    cause_en = "A draft stays with the crisis it was written for."
    cause_tr = "Taslak, yazıldığı krize aittir."
    fix_en = "Make a new draft for this crisis."
    fix_tr = "Bu kriz için yeni bir taslak oluşturun."
    detail_en = "Offer {id} is a draft for crisis {crisis}; make a new one."
    detail_tr = "{id} teklifi {crisis} krizi için bir taslak; yenisini oluşturun."


class AvailabilityInvalid(Refusal):
    """The offer ends before it begins"""

    status = 422
    tr = "Teklif, başlamadan bitiyor"
    cause_en = "The end of the offer lies at or before its beginning, or has passed."
    cause_tr = "Teklifin sonu, başlangıcından önce ya da geçmişte."
    fix_en = "Send available_until after starts, or leave it out for the crisis' usual time."
    fix_tr = "starts sonrası bir available_until gönderin ya da krizin olağan süresi için boş bırakın."
    detail_en = "available_until {available_until} is not after {starts}."
    detail_tr = "available_until {available_until}, {starts} zamanından sonra değil."


class StepAboveQuantity(Refusal):
    """The smallest tradable quantity is larger than the line"""

    status = 422
    tr = "Verilebilecek en küçük miktar, kalemden büyük"
    cause_en = "The step is the smallest part given away; larger than the whole nothing could be given."
    cause_tr = "step, verilen en küçük parçadır; bütünden büyükse hiçbir şey verilemez."
    fix_en = "Lower step to at most the quantity of the line."
    fix_tr = "step değerini en çok kalemin miktarına indirin."
    detail_en = "step {step} is above the quantity {quantity}."
    detail_tr = "step {step}, {quantity} miktarından büyük."


class BestBeforePast(Refusal):
    """The goods are past their date"""

    status = 422
    tr = "Malzemenin tarihi geçmiş"
    cause_en = "Goods whose date is over are not offered, whatever their state."
    cause_tr = "Tarihi geçmiş mal, durumu ne olursa olsun önerilmez."
    fix_en = "Correct best_before if it was mistyped; else leave the line out."
    fix_tr = "Yanlış yazıldıysa best_before değerini düzeltin; değilse kalemi çıkarın."
    detail_en = "best_before {best_before} is before today, {today}."
    detail_tr = "best_before {best_before}, bugünden ({today}) önce."


class OfferLinePromised(Refusal):
    """More than that is promised already"""

    tr = "Şimdiden daha fazlası için söz verilmiş"
    cause_en = "The line would hold less than what has already been promised from it."
    cause_tr = "Kalemde, şimdiden söz verilenden azı kalırdı."
    fix_en = "Keep it at promised or above, or withdraw promises first."
    fix_tr = "En az promised kadar bırakın ya da önce sözleri geri çekin."
    detail_en = "{quantity} {unit} is below the {promised} {unit} already proposed, held or delivered."
    detail_tr = "{quantity} {unit}, önerilen, ayrılan ve teslim edilen {promised} {unit} miktarının altında."


class AboveOwnThreshold(Refusal):
    """A second person of your organisation must agree"""

    tr = "Kurumunuzdan ikinci bir kişi onaylamalı"
    cause_en = "Your organisation set a quantity above which two of its keys must agree, and this passes it."
    cause_tr = "Kurumunuz, üstünde iki anahtarın anlaşması gereken bir miktar belirledi; bu onu aşıyor."
    fix_en = "Open an offer, have a second key approve it, and promise from its line (offer_line_id)."
    fix_tr = "Teklif açın, ikinci anahtara onaylatın ve kaleminden söz verin (offer_line_id)."
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
    cause_en = (
        "Your organisation set a quantity above which two of its keys must agree; accepting the call passes"
        " it."
    )
    cause_tr = (
        "Kurumunuz, üstünde iki anahtarın anlaşması gereken bir miktar belirledi; çağrıyı kabul onu aşıyor."
    )
    fix_en = "Have another key approve the offer named in offer, then accept the call."
    fix_tr = "offer ile belirtilen teklifi başka bir anahtara onaylatın, sonra çağrıyı kabul edin."
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
    cause_en = "An offer does not end while others count on goods of it that were accepted."
    cause_tr = "Kabul edilmiş malına güvenilen teklif kapanmaz."
    fix_en = "Withdraw the rows named in rows one by one, then close the offer."
    fix_tr = "rows içindekileri tek tek geri çekin, sonra teklifi kapatın."
    detail_en = "{count} held allocations must be withdrawn one by one first: {rows}."
    detail_tr = "Önce ayrılmış {count} tahsis tek tek geri çekilmeli: {rows}."


class OrganisationMayNotAct(Refusal):
    """The organisation may not act now"""

    tr = "Kurum şu anda işlem yapamıyor"
    cause_en = "The organisation is suspended, closed, or not admitted yet."
    cause_tr = "Kurum askıda, kapanmış ya da henüz kabul edilmemiş."
    fix_en = "Ask the secretariat about the state of the organisation."
    fix_tr = "Kurumun durumunu sekretaryaya sorun."
    detail_en = "The organisation is {state}."
    detail_tr = "Kurumun durumu: {state}."


class PackageStale(Refusal):
    """The package was not checked in time"""

    tr = "Paket zamanında doğrulanmadı"
    cause_en = (
        "A standing package is pledged as it is, so its owner confirms from time to time that it is there."
    )
    cause_tr = "Hazır paket olduğu gibi taahhüt edilir; sahibi yerinde olduğunu arada doğrular."
    fix_en = "Check the package (POST …/verify), then pledge it."
    fix_tr = "Paketi doğrulayın (POST …/verify), sonra taahhüt edin."
    detail_en = "It should have been checked by {verify_due_at}; check it with one tap first."
    detail_tr = "{verify_due_at} tarihine kadar doğrulanmalıydı; önce tek dokunuşla doğrulayın."


class PackageRetired(Refusal):
    """The package is no longer offered"""

    tr = "Paket artık sunulmuyor"
    cause_en = "Its owner took the package off the list for good."
    cause_tr = "Sahibi paketi temelli listeden kaldırdı."
    fix_en = "Choose another package or make a new one."
    fix_tr = "Başka bir paket seçin ya da yenisini oluşturun."
    detail_en = "It was retired and cannot be pledged, called or checked."
    detail_tr = "Kaldırılmış; taahhüt edilemez, çağrılamaz, doğrulanamaz."


class PackageDoesNotFit(Refusal):
    """Nothing in the package is needed there"""

    tr = "Pakette orada gereken bir şey yok"
    cause_en = "No line of the need asks for an item of the package while there is room."
    cause_tr = "İhtiyacın, paketteki bir kalemi isteyen ve yeri olan satırı yok."
    fix_en = "Choose a need that asks for one of items."
    fix_tr = "items içinden birini isteyen bir ihtiyaç seçin."
    detail_en = "The package holds {items}; the need asks for {needed}."
    detail_tr = "Pakette {items} var; ihtiyaç {needed} istiyor."
