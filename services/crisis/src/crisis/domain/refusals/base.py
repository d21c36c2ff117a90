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
    detail_en = "No {kind} with id {id} is visible to your organisation."
    detail_tr = "{id} kimliğiyle kurumunuza görünen bir kayıt yok ({kind})."
    words_tr: ClassVar = {"kind": KINDS}


class RoleMissing(Refusal):
    """Your grants do not cover this action"""

    status = 403
    tr = "Yetkileriniz bu işlemi kapsamıyor"
    detail_en = "This needs one of the roles {roles} for {place}."
    detail_tr = "Bu işlem {place} için şu rollerden birini gerektirir: {roles}."
    words_en: ClassVar = {"place": ENGLISH_PLACES}
    words_tr: ClassVar = {"place": PLACES}


class SameParty(Refusal):
    """One organisation cannot be both sides"""

    tr = "Aynı kurum iki taraf olamaz"
    detail_en = "Your organisation is the {side} here; another organisation must {action}."
    detail_tr = "Kurumunuz burada taraf ({side}); bu işlemi başka bir kurum yapmalı: {action}."
    words_tr: ClassVar = {"side": SIDES, "action": ACTIONS}


class ReasonUnknown(Refusal):
    """The reason is not on the list"""

    status = 422
    tr = "Gerekçe listede yok"
    detail_en = "“{reason}” is not a reason to {action}; known: {known} (edition {edition})."
    detail_tr = "“{reason}”, {action} için bir gerekçe değil; bilinenler: {known} (sürüm {edition})."
    words_tr: ClassVar = {"action": ACTIONS}
