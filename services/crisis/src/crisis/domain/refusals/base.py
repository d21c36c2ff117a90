"""What every refusal is, and those that belong to no single object."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from .words import ACTIONS, ENGLISH_PLACES, KINDS, PLACES, SIDES, Words

_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


class Refusal(Exception):
    """Request refused"""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "refused"
    tr: ClassVar[str] = "İstek kabul edilmedi"
    detail_en: ClassVar[str] = ""
    detail_tr: ClassVar[str] = ""
    words_en: ClassVar[Mapping[str, Words]] = {}
    words_tr: ClassVar[Mapping[str, Words]] = {}
    """By fact, what its codes are called in a sentence; a code without a word stands for itself."""

    def __init_subclass__(cls) -> None:
        cls.code = _WORD_START.sub("_", cls.__name__).lower()

    def __init__(self, *, alternatives: Sequence[Mapping[str, Any]] | None = None, **facts: str) -> None:
        """Facts are short texts; quantities are decimal text in the unit named beside them.

        `alternatives` are places where the goods are missing, in the form of `Alternative.as_facts`.
        """
        self.facts: dict[str, Any] = dict(facts)
        if alternatives is not None:
            self.facts["alternatives"] = list(alternatives)
        super().__init__(self.detail_en.format_map(self.spoken("en")))

    def spoken(self, language: str) -> dict[str, Any]:
        """The facts as the sentences of a language name them."""
        words = self.words_tr if language == "tr" else self.words_en
        return self.facts | {
            fact: known.get(self.facts[fact], self.facts[fact])
            for fact, known in words.items()
            if fact in self.facts
        }


class NotFound(Refusal):
    """Nothing with this id is visible to you"""

    status = 404
    tr = "Bu kimlikle size görünen bir kayıt yok"
    cause_en = (
        "No record under this id is visible to you: it does not exist, it belongs to others, or the path is"
        " wrong."
    )
    cause_tr = "Bu kimlikle size görünen bir kayıt yok: hiç yok, başkasına ait ya da yol yanlış."
    fix_en = "Check the id and the path; what belongs to others answers like what does not exist."
    fix_tr = "Kimliği ve yolu denetleyin; başkasına ait kayıt, olmayan kayıt gibi yanıtlanır."
    detail_en = "No {kind} with id {id} is visible to your organisation."
    detail_tr = "{id} kimliğiyle kurumunuza görünen bir kayıt yok ({kind})."
    words_tr: ClassVar = {"kind": KINDS}


class RoleMissing(Refusal):
    """Your grants do not cover this action"""

    status = 403
    tr = "Yetkileriniz bu işlemi kapsamıyor"
    cause_en = "The caller has none of the roles that may do this for this organisation, place and crisis."
    cause_tr = "Çağıranda, bu kurum, yer ve kriz için bunu yapabilecek rollerden hiçbiri yok."
    fix_en = "Have a role named in roles granted for this place, or let a key that holds it do it."
    fix_tr = "roles içindeki bir rolün bu yer için verilmesini isteyin ya da o role sahip anahtar kullanın."
    detail_en = "This needs one of the roles {roles} for {place}."
    detail_tr = "Bu işlem {place} için şu rollerden birini gerektirir: {roles}."
    words_en: ClassVar = {"place": ENGLISH_PLACES}
    words_tr: ClassVar = {"place": PLACES}


class SameParty(Refusal):
    """One organisation cannot be both sides"""

    tr = "Aynı kurum iki taraf olamaz"
    cause_en = (
        "What one organisation asks or promises must be answered by another; nobody agrees with itself."
    )
    cause_tr = (
        "Bir kurumun istediğini ya da vaat ettiğini başka bir kurum yanıtlar; kimse kendiyle anlaşamaz."
    )
    fix_en = "Let the other organisation, or a desk of another organisation, do this step."
    fix_tr = "Bu adımı öbür kurum ya da başka bir kurumun masası atmalı."
    detail_en = "Your organisation is the {side} here; another organisation must {action}."
    detail_tr = "Kurumunuz burada taraf ({side}); bu işlemi başka bir kurum yapmalı: {action}."
    words_tr: ClassVar = {"side": SIDES, "action": ACTIONS}


class ReasonUnknown(Refusal):
    """The reason is not on the list"""

    status = 422
    tr = "Gerekçe listede yok"
    cause_en = "Steps that take something away carry a code of a published list, so that they can be counted."
    cause_tr = "Bir şeyi geri alan adımlar, sayılabilsin diye yayımlanmış bir listeden kod taşır."
    fix_en = "Choose a code of known and send it in reason."
    fix_tr = "known içinden bir kod seçip reason alanında gönderin."
    detail_en = "“{reason}” is not a reason to {action}; known: {known} (edition {edition})."
    detail_tr = "“{reason}”, {action} için bir gerekçe değil; bilinenler: {known} (sürüm {edition})."
    words_tr: ClassVar = {"action": ACTIONS}
