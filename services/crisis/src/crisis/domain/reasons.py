"""Why somebody said no: codes from a versioned list, so refusals can be counted and compared.

A code is never removed or given another meaning; a new edition only adds.
"""

from collections.abc import Mapping
from types import MappingProxyType

from .refusals import ReasonUnknown

EDITION = "2026-1"
STOCK_GONE = "stock_gone"

DECLINE: Mapping[str, str] = MappingProxyType(
    {
        "not_needed": "artık gerekmiyor",
        "gap_covered": "eksik başka yerden karşılandı",
        "not_suitable": "bu yere ya da kişilere uygun değil",
        "too_late": "geç kalır",
        "too_far": "çok uzak",
        "quality": "nitelik ya da son kullanma tarihi uygun değil",
        "cannot_receive": "teslim alınamaz",
        "rest_declined": "kısmi kabulde kalan geri çevrildi",
        "cannot_give": "verilemiyor",
        "no_transport": "taşıma yok",
        "other": "başka",
    }
)
WITHDRAW: Mapping[str, str] = MappingProxyType(
    {
        STOCK_GONE: "stok kalmadı",
        "transport_lost": "taşıma bulunamadı",
        "no_funds": "kaynak bulunamadı",
        "needed_elsewhere": "başka bir yerde gerekiyor",
        "entered_by_mistake": "yanlışlıkla girildi",
        "other": "başka",
    }
)
OBJECT: Mapping[str, str] = MappingProxyType(
    {
        "not_agreed": "böyle bir vaatte bulunmadık",
        "wrong_terms": "vaadimiz böyle değildi",
        "other": "başka",
    }
)
CANCEL_CALL: Mapping[str, str] = MappingProxyType(
    {
        "gap_covered": "eksik başka yerden karşılandı",
        "not_needed": "artık gerekmiyor",
        "better_source": "daha uygun kaynak bulundu",
        "entered_by_mistake": "yanlışlıkla girildi",
        "other": "başka",
    }
)
OVERRIDE: Mapping[str, str] = MappingProxyType(
    {
        "only_source": "tek kaynak",
        "life_at_risk": "can güvenliği",
        "explained": "kurum durumunu açıkladı",
        "other": "başka",
    }
)
WAIVE: Mapping[str, str] = MappingProxyType(
    {
        "guaranteed": "güvence alındı",
        "no_longer_matters": "artık önemi yok",
        "taken_over": "başkası üstlendi",
        "other": "başka",
    }
)
ASK_RELEASE: Mapping[str, str] = MappingProxyType(
    {
        "can_be_sooner": "daha erken verilebilir",
        "no_movement": "hareket yok",
        "needed_elsewhere": "başka bir yerde gerekiyor",
        "saturated": "bölgede göndermeyin kararı var",
        "other": "başka",
    }
)
HOLDER_AGREED = "holder_agreed"
RELEASE_BY_SILENCE = "no_answer"
RELEASE: Mapping[str, str] = MappingProxyType(
    {
        "line_closed": "kalem kapandı",
        "requested_lowered": "istenen miktar düştü",
        HOLDER_AGREED: "tutan kurum kabul etti",
        "holder_suspended": "tutan kurum askıda",
        "objection": "kurum itiraz etti",
    }
)
CONDITION_FAILED = "condition_failed"
REFUSE_KEY: Mapping[str, str] = MappingProxyType(
    {
        "not_agreed": "uygun görülmedi",
        "wrong_figures": "rakamlar yanlış",
        "not_needed": "artık gerekmiyor",
        "entered_by_mistake": "yanlışlıkla girildi",
        "other": "başka",
    }
)
SATURATE: Mapping[str, str] = MappingProxyType(
    {
        "enough_here": "bölgede yeterince var",
        "depots_full": "depolar dolu",
        "roads_blocked": "yollar tıkalı",
        "not_usable": "burada kullanılamıyor",
        "unsorted_goods": "ayrıştırılmamış eşya geliyor",
        "other": "başka",
    }
)

TASK: Mapping[str, str] = MappingProxyType(
    {
        "done": "yapıldı",
        "not_needed": "artık gerekmiyor",
        "handled_elsewhere": "başka yerde sonuçlandı",
        "referred": "ilgili kuruma aktarıldı",
        "not_reached": "ulaşılamadı",
        "other": "başka",
    }
)
DISMISS: Mapping[str, str] = MappingProxyType(
    {
        "no_decision": "72 saat içinde karar verilmedi",
        "false_alarm": "yanlış alarm",
        "too_small": "yerel olanaklarla karşılanıyor",
        "duplicate": "bilinen bir krizin tekrarı",
        "test": "deneme iletisi",
        "other": "başka",
    }
)
STAND_DOWN: Mapping[str, str] = MappingProxyType(
    {
        "response_complete": "müdahale tamamlandı",
        "handed_over": "kalıcı yönetime devredildi",
        "less_than_feared": "etki beklenenden küçük",
        "other": "başka",
    }
)
RESUME: Mapping[str, str] = MappingProxyType(
    {
        "new_needs": "yeni ihtiyaçlar ortaya çıktı",
        "new_event": "yeni bir olay oldu",
        "closed_by_mistake": "yanlışlıkla sonlandırıldı",
        "other": "başka",
    }
)
SUSPEND_OFFER: Mapping[str, str] = MappingProxyType(
    {
        "not_reachable": "kuruma ulaşılamıyor",
        "quality_in_doubt": "niteliğinden kuşku duyuluyor",
        "stock_in_doubt": "stokta olduğu doğrulanamadı",
        "accreditation_lapsed": "yetkinlik belgesi süresi doldu",
        "other": "başka",
    }
)
RESUME_OFFER: Mapping[str, str] = MappingProxyType(
    {
        "reached_again": "kuruma yeniden ulaşıldı",
        "checked": "denetlendi, uygun",
        "accreditation_renewed": "yetkinlik belgesi yenilendi",
        "entered_by_mistake": "yanlışlıkla girildi",
        "other": "başka",
    }
)
REJECT_OFFER: Mapping[str, str] = MappingProxyType(
    {
        "not_agreed": "uygun görülmedi",
        "wrong_figures": "rakamlar yanlış",
        "stock_needed_here": "stok kurumda gerekiyor",
        "other": "başka",
    }
)
REVISE: Mapping[str, str] = MappingProxyType(
    {
        "more_people": "daha çok kişi var",
        "fewer_people": "daha az kişi kaldı",
        "counted_again": "yeniden sayıldı",
        "other_dates": "tarihler değişti",
        "met_locally": "yerinde karşılandı",
        "entered_by_mistake": "yanlışlıkla girildi",
        "other": "başka",
    }
)
OVER_CAP: Mapping[str, str] = MappingProxyType(
    {
        "losses_expected": "yolda kayıp bekleniyor",
        "late_arrivals_expected": "geç kalanlar bekleniyor",
        "more_people_expected": "daha çok kişi bekleniyor",
        "reserve_no_longer_needed": "yedek artık gerekmiyor",
        "other": "başka",
    }
)
CORRECT: Mapping[str, str] = MappingProxyType(
    {
        "counted_wrong": "yanlış sayıldı",
        "wrong_row": "başka bir kayıt kastedildi",
        "came_after_all": "sonradan geldiği anlaşıldı",
        "did_not_come": "gelmediği anlaşıldı",
        "excess_came": "gönderilenden fazlası geldi",
        "dispute_decided": "itiraz sonuçlandı",
        "objection": "kurum itiraz etti",
        "entered_by_mistake": "yanlışlıkla girildi",
        "other": "başka",
    }
)
REVOKE: Mapping[str, str] = MappingProxyType(
    {
        "did_not_come": "gelmedi",
        "counted_wrong": "yanlış sayıldı",
        "used_up": "tükendi",
        "entered_by_mistake": "yanlışlıkla girildi",
        "other": "başka",
    }
)


def known_reason(code: str, known: Mapping[str, str], action: str) -> str:
    """The code itself if it is on the list of that action; raises ReasonUnknown naming the list."""
    if code not in known:
        raise ReasonUnknown(reason=code[:40], action=action, known=", ".join(known), edition=EDITION)
    return code
