"""Why a board does not answer."""

from typing import ClassVar

from imece_chassis.http.problems import Problem


class BoardUnknown(Problem):
    """There is no board of this crisis."""

    status = 404
    tr = "Bu krizin panosu yok"
    cause_en = (
        "No crisis with this number has a board here; a new one appears within seconds of being opened."
    )
    cause_tr = "Bu numarayla panosu olan bir kriz yok; yeni açılan kriz birkaç saniye içinde görünür."
    fix_en = "Check the number or start from the list of boards at /."
    fix_tr = "Numarayı denetleyin ya da / adresindeki listeden seçin."


class BoardUnavailable(Problem):
    """The board cannot be read right now."""

    status = 503
    tr = "Pano şu anda okunamıyor"
    cause_en = "The store behind the board could not be asked in time; what is needed is stored safely."
    cause_tr = "Panonun deposuna zamanında ulaşılamadı; kayıtlar yerinde duruyor."


class TooManyStreams(Problem):
    """Too many live boards are being opened at this moment."""

    status = 503
    tr = "Şu anda çok fazla canlı pano açılıyor"
    cause_en = (
        "Many viewers connect at once, as after a break of the network; the board limits how many at a time."
    )
    cause_tr = "Ağ kesintisinden sonra olduğu gibi çok kişi aynı anda bağlanıyor; pano bunu sınırlar."
    fix_en = "Connect again after a random pause of a few seconds; the page does so by itself."
    fix_tr = "Birkaç saniyelik rastgele bir aradan sonra yeniden bağlanın; sayfa bunu kendi yapar."
    detail_en: ClassVar[str] = "Open again after a random pause of a few seconds."
    detail_tr: ClassVar[str] = "Birkaç saniyelik rastgele bir aradan sonra yeniden açın."


class FilterInvalid(Problem):
    """A filter of the board has a value it does not know."""

    status = 422
    tr = "Panonun bir süzgecinde bilinmeyen bir değer var"
    cause_en = (
        "The address names a filter value that is not on the board's list: an old bookmark, or a typing slip."
    )
    cause_tr = "Adresteki süzgeç değeri panonun listesinde yok: eski bir bağlantı ya da yazım yanlışı."
    fix_en = "Take the filter out of the address, or choose a value from the board's form."
    fix_tr = "Süzgeci adresten çıkarın ya da panodaki formdan bir değer seçin."
    detail_en: ClassVar[str] = "{name}: {value}"
    detail_tr: ClassVar[str] = "{name}: {value}"
