"""Why a board does not answer."""

from typing import ClassVar

from imece_chassis.http.problems import Problem


class BoardUnknown(Problem):
    """There is no board of this crisis."""

    status = 404
    tr = "Bu krizin panosu yok"


class BoardUnavailable(Problem):
    """The board cannot be read right now."""

    status = 503
    tr = "Pano şu anda okunamıyor"


class TooManyStreams(Problem):
    """Too many live boards are being opened at this moment."""

    status = 503
    tr = "Şu anda çok fazla canlı pano açılıyor"
    detail_en: ClassVar[str] = "Open again after a random pause of a few seconds."
    detail_tr: ClassVar[str] = "Birkaç saniyelik rastgele bir aradan sonra yeniden açın."


class FilterInvalid(Problem):
    """A filter of the board has a value it does not know."""

    status = 422
    tr = "Panonun bir süzgecinde bilinmeyen bir değer var"
    detail_en: ClassVar[str] = "{name}: {value}"
    detail_tr: ClassVar[str] = "{name}: {value}"
