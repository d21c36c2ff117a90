"""What is refused because of an allocation's terms: earmark, conditions, substitution, rounds, release."""

from .base import Refusal


class EarmarkInvalid(Refusal):
    """The earmark cannot be read"""

    status = 422
    tr = "Tahsis şartı okunamıyor"
    detail_en = "“{value}” is not possible in {part} of an earmark."
    detail_tr = "“{value}” bir şartın {part} bölümünde olamaz."


class EarmarkMismatch(Refusal):
    """The goods are earmarked for another use"""

    tr = "Mallar başka bir kullanım için ayrılmış"
    detail_en = "The line lies outside the earmark ({outside}); the pledger must waive it first."
    detail_tr = "Kalem, ayrılan kullanımın dışında ({outside}); önce taahhüt eden kurum izin vermeli."
