"""What is refused because of what is asked of a line, agreed above it, or met elsewhere."""

from .base import Refusal


class BelowCommitted(Refusal):
    """Less than what is on its way or there already"""

    tr = "Yolda ya da yerinde olandan az"
    detail_en = (
        "{requested} {unit} is below {minimum} {unit}: in transit, arrived, delivered or met elsewhere."
    )
    detail_tr = (
        "{requested} {unit}, {minimum} {unit} miktarının altında; bu kadarı yolda, yerine varmış, "
        "teslim edilmiş ya da başka yerden karşılanmış."
    )


class NothingRevised(Refusal):
    """Nothing would change"""

    status = 422
    tr = "Hiçbir şey değişmiyor"
    detail_en = "The line already stands at {requested} {unit}, needed by {needed_by}, with this reserve."
    detail_tr = "Kalem zaten {requested} {unit}; son tarihi {needed_by}, yedeği de aynı."


class HoldNotOnLine(Refusal):
    """This row is not held for the line"""

    tr = "Bu tahsis bu kalem için ayrılmış değil"
    detail_en = "Allocation {allocation_id} is not held for this line now."
    detail_tr = "{allocation_id} tahsisi şu anda bu kalem için ayrılmış değil."


class PickedTooLittle(Refusal):
    """The rows picked do not hold enough"""

    status = 422
    tr = "Seçilen tahsisler yetmiyor"
    detail_en = "They hold {picked} {unit}; {surplus} {unit} must be let go."
    detail_tr = "Seçilenler {picked} {unit}; {surplus} {unit} bırakılmalı."


class OverCapInUse(Refusal):
    """The reserve is in use"""

    tr = "Yedek kullanımda"
    detail_en = "{over_cap} {unit} is below {minimum} {unit} that was accepted on it."
    detail_tr = "{over_cap} {unit}, yedekten şimdiden kabul edilen {minimum} {unit} miktarının altında."


class EvidenceNotReference(Refusal):
    """The evidence must be a reference"""

    status = 422
    tr = "Kanıt bir referans olmalı"
    detail_en = "evidence_ref looks like a {looks_like}; give the reference of a document, never a person's."
    detail_tr = "evidence_ref şuna benziyor: {looks_like}; bir belgenin referansını verin, kişinin değil."


class StatementRevoked(Refusal):
    """The statement was taken back"""

    tr = "Beyan geri alınmış"
    detail_en = "It was revoked at {since}."
    detail_tr = "{since} zamanında geri alındı."
