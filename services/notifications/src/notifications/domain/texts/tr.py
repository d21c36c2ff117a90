"""Turkish texts."""

from notifications.domain.texts.model import KindText, Locale, PageText, Phrases

LOCALE = Locale(
    direction="ltr",
    group_separator=".",
    decimal_separator=",",
    time_format="%d.%m.%Y %H:%M (TSİ)",
    kinds={
        "crisis.opened": KindText(
            subject="Kriz açıldı: {crisis}",
            short="{crisis} açıldı. Kapsam: {area}.",
            long=(
                "{crisis} açıldı.",
                "Kapsanan iller: {area}. Açılış: {occurred_at}.",
                "İhtiyaçlar tabloya düştükçe size ayrıca bildireceğiz.",
            ),
        ),
        "need_line.opened": KindText(
            subject="Yeni ihtiyaç: {quantity} {unit} {item} – {district}",
            short="{district}: {quantity} {unit} {item} gerekli, son tarih {needed_by}.",
            long=(
                "{district} için doğrulanmış yeni bir ihtiyaç açıldı: {quantity} {unit} {item}.",
                "Açık: {gap} {unit}. En geç: {needed_by}.",
                "Elinizdekini taahhüt ederseniz açık o kadar küçülür ve başkaları aynı işi yapmaz.",
            ),
        ),
        "allocation.proposed": KindText(
            subject="Taahhüt önerildi: {quantity} {unit} {item} – {district}",
            short="{district}: {quantity} {unit} {item} önerildi, yanıt {answer_by} saatine kadar.",
            long=(
                "{district} ihtiyacı için {quantity} {unit} {item} önerildi.",
                "Öneri kabul edilene kadar sayılmaz. Kalan açık: {gap} {unit}.",
                "Yanıt en geç {answer_by} saatine kadar bekleniyor.",
            ),
        ),
        "allocation.held": KindText(
            subject="Taahhüt kabul edildi: {quantity} {unit} {item} – {district}",
            short="{district}: {quantity} {unit} {item} ayrıldı, açık {gap} {unit}.",
            long=(
                "{district} ihtiyacı için {quantity} {unit} {item} kabul edildi ve ayrıldı.",
                "Kalan açık: {gap} {unit}.",
                "Yola çıkış bildirimi en geç {lease_until} saatine kadar bekleniyor.",
            ),
        ),
        "allocation.withdrawn": KindText(
            subject="Taahhüt geri çekildi: {quantity} {unit} {item} – {district}",
            short="{district}: {quantity} {unit} {item} geri çekildi, açık {gap} {unit}.",
            long=(
                "{district} ihtiyacı için verilen {quantity} {unit} {item} taahhüdü geri çekildi.",
                "Şimdi açık olan: {gap} {unit}.",
            ),
        ),
        "allocation.promoted": KindText(
            subject="Sıra sizde: {quantity} {unit} {item} – {district}",
            short="{district}: {quantity} {unit} {item} alınabilir, yanıt {answer_by} saatine kadar.",
            long=(
                "{district} ihtiyacında yer açıldı: taahhüdünüzden {quantity} {unit} {item} alınabilir.",
                "Geçerli olup olmadığını en geç {answer_by} saatine kadar bildirin; sonra sıradaki çağrılır.",
                "Kalan açık: {gap} {unit}.",
            ),
        ),
        "allocation.reminder_due": KindText(
            subject="Süre işliyor: {quantity} {unit} {item} – {district}",
            short="{district}: {quantity} {unit} {item} {lease_until} saatine kadar sizin için ayrıldı.",
            long=(
                "{district} ihtiyacı için {quantity} {unit} {item} {lease_until} saatine kadar ayrıldı.",
                "Yola çıkışı bildirin, süreyi uzatın ya da geri verin; ses çıkmazsa kendiliğinden düşer.",
            ),
        ),
        "allocation.countered": KindText(
            subject="Başka koşullar: {quantity} {unit} {item} – {district}",
            short="{district}: {quantity} {unit} {item} için başka koşullar, yanıt en geç {answer_by}.",
            long=(
                "{district} ihtiyacı için önerilen {quantity} {unit} {item} başka koşullarla yanıtlandı.",
                "En geç {answer_by} saatine kadar kabul edin, geri çevirin ya da kendi koşulunuzu yazın.",
                "O zamana kadar sayılmaz. Kalan açık: {gap} {unit}.",
            ),
        ),
        "allocation.release_requested": KindText(
            subject="Bırakılabilir mi? {quantity} {unit} {item} – {district}",
            short="{district}: {quantity} {unit} {item} istendi; yanıt en geç {answer_by}, sonra bırakılır.",
            long=(
                "{district} için ayrılan {quantity} {unit} {item} tutan kurumdan geri istendi.",
                "Tutmak için {answer_by} saatine kadar ne zaman ve nasıl çıkacağını yazın; yoksa bırakılır.",
            ),
        ),
        "saturation_order.issued": KindText(
            subject="Göndermeyin: {goods} – {area}",
            short="{area}: {until} tarihine kadar {goods} göndermeyin.",
            long=(
                "{area} için {goods} gönderimi {until} tarihine kadar durduruldu.",
                "Yola çıkmadıysanız çıkmayın; verdiğiniz taahhütlere ayrıca bakılacak. Depo: {depot}.",
                "Gerçek açıklar tabloda: elinizdeki başka bir yerde gerekli olabilir.",
            ),
        ),
        "saturation_order.lapsed": KindText(
            subject="Yeniden gönderilebilir: {goods} – {area}",
            short="{area}: {goods} için durdurma kalktı.",
            long=(
                "{area} için {goods} gönderimini durduran karar artık geçerli değil.",
                "Yeniden taahhüt verilebilir; neyin eksik olduğunu tablodan görebilirsiniz.",
            ),
        ),
        "waiver.requested": KindText(
            subject="Tahsis amacı dışında kullanılabilir mi? {item} – {district}",
            short="{district}: {item} amacı dışında kullanılabilir mi? Son yanıt {answer_by}.",
            long=(
                "Teklifinizdeki {item}, {district} için amacı dışında kullanılabilir mi?",
                "{answer_by} saatine kadar yanıt yoksa hayır sayılır; taahhütleriniz değişmez.",
            ),
        ),
        "waiver.settled": KindText(
            subject="Amaç dışı kullanım: {outcome} – {item}, {district}",
            short="{district}: {item} için amaç dışı kullanım: {outcome}.",
            long=(
                "{district} için {item} kaleminin amacı dışında kullanımı: {outcome}.",
                "Yanıt yalnız bu ihtiyaç içindir.",
            ),
        ),
        "condition.stated": KindText(
            subject="Koşul var: {condition} – {item}, {district}",
            short="{district}: {item} şunu bekliyor: {condition}. Son tarih {answer_by}.",
            long=(
                "{district} için taahhüt edilen {item} şunu bekliyor: {condition}.",
                "Koşulu koyan ya da sorulan taraf sonucu {answer_by} saatine kadar bildirir; yoksa biter.",
            ),
        ),
        "condition.settled": KindText(
            subject="{condition}: {outcome} – {item}, {district}",
            short="{district}: {item}: {condition}: {outcome}.",
            long=(
                "{district} için taahhüt edilen {item}: {condition}: {outcome}.",
                "Koşulu gerçekleşmeyen taahhüt sona ermiştir.",
            ),
        ),
        "endpoint.disabled": KindText(
            subject="Webhook adresiniz kapatıldı",
            short="Webhook adresi {endpoint} kapatıldı ({reason}).",
            long=(
                "Webhook adresi {endpoint} kapatıldı. Neden: {reason}.",
                "Adresi yeniden abone yaparak açabilir, biriken iletileri yeniden gönderebilirsiniz.",
            ),
        ),
    },
    outcomes={
        "granted": "izin verildi",
        "refused": "reddedildi",
        "lapsed": "yanıt gelmedi, hayır sayıldı",
        "met": "gerçekleşti",
        "waived": "vazgeçildi",
        "failed": "gerçekleşmedi",
    },
    conditions={
        "funding_arrives": "para gelmesi",
        "transport_found": "taşıma bulunması",
        "permit": "izin",
        "min_qty": "en az miktar",
        "named_site": "belirli bir yer",
        "publicity": "tanıtım",
        "other": "başka bir koşul",
        "substitute_agreed": "isteyenin başka kalemi kabul etmesi",
    },
    phrases=Phrases(
        drill="TATBİKAT",
        open_board="Tabloyu açın: {link}",
        why="Bu iletiyi, kuruluşunuz bu adresi kriz bildirimlerine abone yaptığı için alıyorsunuz.",
        stop="Bildirimleri durdurmak için: {unsubscribe}",
        list_name="Kriz bildirimleri",
    ),
    page=PageText(
        title="Bildirimleri durdur",
        question="Bu adrese gönderilen kriz bildirimleri durdurulsun mu?",
        button="Durdur",
        done="Bu adrese artık kriz bildirimi gönderilmeyecek.",
        invalid="Bu bağlantı geçerli değil.",
    ),
)
