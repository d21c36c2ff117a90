import pytest

from crisis.domain.masking import MASK, looks_like, masked

HIDDEN = {
    "Ahmet 0532 123 45 67 arayın": ("phone",),
    "tel:05321234567": ("phone",),
    "+90 (532) 123-45-67": ("phone",),
    "532.123.45.67 ya da 0326 614 11 22": ("phone",),
    "0090 532 123 45 67": ("phone",),
    "+49 30 1234567": ("phone",),
    "25 532 123 45 67": ("phone",),
    "0532 123 45 67 5 adet": ("phone",),
    "telefon 214 55 66": ("phone",),
    "٠٥٣٢ ١٢٣ ٤٥ ٦٧": ("phone",),
    "0532\u200b1234567": ("phone",),
    "TC 10000000146": ("national_id",),
    "kimlik 100 000 001 46": ("national_id",),
    "TR33 0006 1005 1978 6457 8413 26": ("iban",),
    "tr330006100519786457841326": ("iban",),
    "DE89370400440532013000 hesabına": ("iban",),
    "34 ABC 123 plakalı kamyon": ("plate",),
    "31HT4567": ("plate",),
    "06ab123": ("plate",),
    "yaz@ornek.org": ("mail_address",),
}


@pytest.mark.parametrize("text", HIDDEN)
def test_personal_data_becomes_dots_and_the_submitter_is_told_what(text: str):
    shown, kinds = masked(text)
    assert kinds == HIDDEN[text]
    assert MASK in shown
    assert not any(part.isdigit() and len(part) > 2 for part in shown.replace(".", " ").split())
    assert masked(shown) == (shown, ())


@pytest.mark.parametrize(
    "text",
    [
        "400 kişi, 10 gün, 3000 öğün",
        "2026-02-06 09:00 ile 12:30 arası",
        "50 kg un, 1.250 battaniye, 20 adet 6 kişilik çadır",
        "Antakya Cumhuriyet Mah. 12. sokak no 5, 2. kat",
        "36.2021, 36.1603 yakınında",
        "İskenderun 3 numaralı kamp; çocuk bezi 4 beden",
    ],
)
def test_what_is_needed_stays_readable(text: str):
    assert masked(text) == (text, ())


def test_only_the_number_is_hidden_and_several_are_each():
    shown, kinds = masked("Ali (0532 123 45 67), Veli 0533 765 43 21, araç 34 ABC 12; 40 çadır")
    assert shown == f"Ali ({MASK}), Veli {MASK}, araç {MASK}; 40 çadır"
    assert kinds == ("phone", "plate")


def test_a_reference_that_is_a_person_is_told_from_one_that_says_nothing():
    assert looks_like("05321234567") == "phone"
    assert looks_like("a.yilmaz@ornek.org") == "mail_address"
    assert looks_like("cnt_0199c2d4-0000-7000-8000-000000000001") is None
