"""Turkish for the words a refusal fills into its sentences; the facts themselves stay as they are.

Actions are noun phrases: they are named in “… için” and after a colon.
"""

from collections.abc import Mapping

Words = Mapping[str, str]

PLACES: Words = {"TUR": "Türkiye geneli", "the offer": "teklif"}
ENGLISH_PLACES: Words = {"TUR": "the whole country"}

KINDS: Words = {
    "allocation": "tahsis",
    "bundle": "demet",
    "condition": "koşul",
    "crisis": "kriz",
    "desk": "masa",
    "duplicate hint": "mükerrer kayıt uyarısı",
    "import": "içe aktarma",
    "need": "ihtiyaç",
    "need line": "ihtiyaç kalemi",
    "offer": "teklif",
    "offer line": "teklif kalemi",
    "order": "talimat",
    "organisation": "kurum",
    "package": "paket",
    "recurring need": "yinelenen ihtiyaç",
    "release request": "bırakma isteği",
    "request for a second key": "ikinci anahtar isteği",
    "statement": "beyan",
    "task": "görev",
    "template": "şablon",
    "waiver": "kullanım şartı sorusu",
    "watch": "nöbet",
}

SIDES: Words = {
    "asker": "isteyen kurum",
    "asker_side": "isteyen taraf",
    "desk": "masa",
    "holder": "malları tutan kurum",
    "nobody": "hiç kimse",
    "pledger": "taahhüt eden kurum",
    "proposer": "öneren kurum",
}

ACTIONS: Words = {
    "accept": "kabul",
    "act on behalf": "başkası adına işlem",
    "appeal": "itiraz",
    "ask": "soru",
    "ask for a release": "bırakma isteği",
    "ask for the release": "bırakma isteği",
    "call": "çağrı",
    "cancel a call": "çağrının geri alınması",
    "close": "kapatma",
    "correct the record": "kaydın düzeltilmesi",
    "counter": "karşı öneri",
    "decide on the offer": "teklif hakkında karar",
    "decide the appeal": "itiraz hakkında karar",
    "decline": "geri çevirme",
    "delegate": "yetki devri",
    "dismiss": "dikkate almama",
    "end a task": "görevin bitirilmesi",
    "hold": "bekletme",
    "object": "itiraz",
    "override": "sınırın aşılması",
    "pledge": "taahhüt",
    "reactivate": "yeniden etkinleştirme",
    "refuse a second key": "ikinci anahtarın reddi",
    "reject": "ret",
    "reject an appeal": "itirazın reddi",
    "reject an offer": "teklifin reddi",
    "release": "bırakma",
    "release a hold": "ayrılanın bırakılması",
    "relocate": "yer değişikliği",
    "reopen": "yeniden açma",
    "resume an offer": "teklifin sürdürülmesi",
    "return": "iade",
    "revise": "değişiklik",
    "revoke": "geri alma",
    "set an over-cap": "yedek belirleme",
    "stand down": "sonlandırmaya geçiş",
    "stop goods": "sevkin durdurulması",
    "suspend an offer": "teklifin askıya alınması",
    "verify": "doğrulama",
    "waive a condition": "koşuldan vazgeçme",
    "withdraw": "geri çekme",
}

IMPORT_STATES: Words = {
    "open": "açık",
    "applying": "uygulanıyor",
    "undoing": "geri alınıyor",
    "swept": "silindi",
}

ROW_STATUSES: Words = {
    "new": "yeni",
    "changed": "değişmiş",
    "unchanged": "değişmemiş",
    "conflict": "çakışıyor",
    "invalid": "geçersiz",
    "applied": "uygulandı",
    "refused": "reddedildi",
    "undone": "geri alındı",
    "kept": "geri alınamadı",
    "unknown": "dosyada yok",
}

ANSWERS: Words = {"met": "gerçekleşti", "waived": "vazgeçildi", "failed": "gerçekleşmedi"}

SAME: Words = {"person": "aynı kişi", "seat": "aynı koltuk"}
