"""Why a need was returned, rejected, held, re-opened or moved: codes of the versioned reason list."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from crisis.domain.refusals import FieldUnknown

from .states import CloseReason

RETURN: Mapping[str, str] = MappingProxyType(
    {
        "missing_information": "bilgi eksik",
        "place_unclear": "yer belirsiz",
        "quantity_unclear": "miktar belirsiz",
        "wrong_item": "yanlış ürün seçilmiş",
        "contact_unreachable": "kişiye ulaşılamadı",
        "other": "başka",
    }
)
REJECT: Mapping[str, str] = MappingProxyType(
    {
        "not_confirmed": "yerinde doğrulanmadı",
        "false_report": "asılsız bildirim",
        "out_of_scope": "kapsam dışı",
        "not_actionable": "karşılanabilir değil",
        "other": "başka",
    }
)
APPEAL: Mapping[str, str] = MappingProxyType(
    {
        "wrongly_checked": "yanlış yerde ya da yanlış kişiye soruldu",
        "now_confirmed": "artık doğrulanabilir",
        "in_scope": "kapsam içinde",
        "other": "başka",
    }
)
UPHOLD: Mapping[str, str] = MappingProxyType(
    {"still_not_confirmed": "yine doğrulanmadı", "not_in_scope": "kapsam dışı", "other": "başka"}
)
HOLD: Mapping[str, str] = MappingProxyType(
    {
        "no_access": "bölgeye ulaşılamıyor",
        "unsafe": "güvenli değil",
        "site_moving": "yer taşınıyor",
        "to_be_checked": "yeniden kontrol ediliyor",
        "no_storage": "depolama yeri yok",
        "other": "başka",
    }
)
REOPEN: Mapping[str, str] = MappingProxyType(
    {
        "closed_by_mistake": "yanlışlıkla kapatıldı",
        "needed_again": "yeniden gerekiyor",
        "asker_reached": "isteyen kuruma ulaşıldı",
        "not_met": "karşılanmamış",
        "other": "başka",
    }
)
RELOCATE: Mapping[str, str] = MappingProxyType(
    {
        "site_moved": "yer taşındı",
        "entered_by_mistake": "yanlışlıkla girildi",
        "no_access": "bölgeye ulaşılamıyor",
        "other": "başka",
    }
)

BY_ASKER = (CloseReason.MET_BY_OTHERS, CloseReason.CANCELLED_BY_ASKER)
BY_DESK = (
    *BY_ASKER,
    CloseReason.OUT_OF_SCOPE,
    CloseReason.NOT_ACTIONABLE,
    CloseReason.UNREACHABLE,
    CloseReason.CRISIS_ENDED,
)
CLOSE: Mapping[str, str] = MappingProxyType(
    {
        CloseReason.MET_BY_OTHERS: "başkalarınca karşılandı",
        CloseReason.CANCELLED_BY_ASKER: "isteyen kurum vazgeçti",
        CloseReason.OUT_OF_SCOPE: "kapsam dışı",
        CloseReason.NOT_ACTIONABLE: "karşılanabilir değil",
        CloseReason.UNREACHABLE: "isteyen kuruma ulaşılamıyor",
        CloseReason.CRISIS_ENDED: "kriz sona erdi",
    }
)
ROW_ENDS_WITH_NEED = "need_closed"
"""Why an allocation that was not on its way ended with its need."""

FIELDS = (
    "district",
    "site",
    "contact_ref",
    "urgency",
    "title",
    "description",
    "lines",
    "item",
    "quantity",
    "unit",
    "needed_by",
    "evidence",
)
"""What an asker can be asked to complete; codes, because they travel in events."""


def known_fields(fields: Sequence[str]) -> tuple[str, ...]:
    """The fields, each once; raises FieldUnknown."""
    for field in fields:
        if field not in FIELDS:
            raise FieldUnknown(field=field[:40], known=", ".join(FIELDS))
    return tuple(dict.fromkeys(fields))
