"""Arabic texts. Every value is isolated when rendered, so that numbers and codes keep their direction."""

from notifications.domain.texts.model import KindText, Locale, PageText, Phrases

LOCALE = Locale(
    direction="rtl",
    group_separator=",",
    decimal_separator=".",
    time_format="%Y-%m-%d %H:%M",
    kinds={
        "crisis.opened": KindText(
            subject="فُتحت أزمة: {crisis}",
            short="فُتحت {crisis}. النطاق: {area}.",
            long=(
                "فُتحت {crisis}.",
                "الولايات المشمولة: {area}. وقت الفتح: {occurred_at}.",
                "سنكتب إليكم مجددًا عند ظهور احتياجات على اللوحة.",
            ),
        ),
        "need_line.opened": KindText(
            subject="احتياج جديد: {quantity} {unit} {item} – {district}",
            short="{district}: مطلوب {quantity} {unit} {item} قبل {needed_by}.",
            long=(
                "فُتح احتياج مُتحقَّق منه في {district}: {quantity} {unit} {item}.",
                "النقص: {gap} {unit}. مطلوب قبل: {needed_by}.",
                "كل تعهد منكم يقلّص النقص بمقداره، فلا يتكرر العمل نفسه.",
            ),
        ),
        "allocation.proposed": KindText(
            subject="تعهد مقترح: {quantity} {unit} {item} – {district}",
            short="{district}: اقتُرح {quantity} {unit} {item}، الرد قبل {answer_by}.",
            long=(
                "اقتُرح {quantity} {unit} {item} لاحتياج {district}.",
                "لا يُحتسب الاقتراح قبل قبوله. النقص المتبقي: {gap} {unit}.",
                "يُنتظر الرد قبل {answer_by}.",
            ),
        ),
        "allocation.held": KindText(
            subject="قُبل التعهد: {quantity} {unit} {item} – {district}",
            short="{district}: حُجز {quantity} {unit} {item}، النقص {gap} {unit}.",
            long=(
                "قُبل {quantity} {unit} {item} وحُجز لاحتياج {district}.",
                "النقص المتبقي: {gap} {unit}.",
                "يُنتظر الانطلاق قبل {lease_until}.",
            ),
        ),
        "allocation.withdrawn": KindText(
            subject="سُحب التعهد: {quantity} {unit} {item} – {district}",
            short="{district}: سُحب {quantity} {unit} {item}، النقص {gap} {unit}.",
            long=(
                "سُحب التعهد بمقدار {quantity} {unit} {item} لاحتياج {district}.",
                "النقص الآن: {gap} {unit}.",
            ),
        ),
        "allocation.promoted": KindText(
            subject="حان دوركم: {quantity} {unit} {item} – {district}",
            short="{district}: يمكن أخذ {quantity} {unit} {item}، الرد قبل {answer_by}.",
            long=(
                "أُتيح مكان في {district}: يمكن أخذ {quantity} {unit} {item} من تعهدكم المنتظر.",
                "يرجى التأكيد قبل {answer_by}؛ بعد ذلك يُستدعى التالي.",
                "النقص المتبقي: {gap} {unit}.",
            ),
        ),
        "allocation.reminder_due": KindText(
            subject="الوقت يمضي: {quantity} {unit} {item} – {district}",
            short="{district}: {quantity} {unit} {item} محجوزة لكم حتى {lease_until}.",
            long=(
                "{quantity} {unit} {item} محجوزة لاحتياج {district} حتى {lease_until}.",
                "أبلغوا عن الانطلاق أو مددوا الحجز أو أعيدوه؛ وإلا انتهى تلقائيًا.",
            ),
        ),
        "allocation.countered": KindText(
            subject="شروط أخرى: {quantity} {unit} {item} – {district}",
            short="{district}: شروط أخرى لـ {quantity} {unit} {item}، الرد قبل {answer_by}.",
            long=(
                "ذُكرت شروط أخرى لـ {quantity} {unit} {item} لاحتياج {district}.",
                "اقبلوا أو ارفضوا أو اذكروا شروطكم قبل {answer_by}.",
                "حتى ذلك الحين لا يُحسب شيء. النقص المتبقي: {gap} {unit}.",
            ),
        ),
        "allocation.release_requested": KindText(
            subject="هل يمكن الإفراج؟ {quantity} {unit} {item} – {district}",
            short="{district}: طُلب الإفراج عن {quantity} {unit} {item}؛ دون رد يُفرج عنها في {answer_by}.",
            long=(
                "طُلب من الجهة الحاجزة الإفراج عن {quantity} {unit} {item} لاحتياج {district}.",
                "للاحتفاظ بها اذكروا قبل {answer_by} متى وكيف تنطلق؛ وإلا أُفرج عنها.",
            ),
        ),
        "saturation_order.issued": KindText(
            subject="لا ترسلوا: {goods} – {area}",
            short="{area}: لا ترسلوا {goods} حتى {until}.",
            long=(
                "أُوقف إرسال {goods} إلى {area} حتى {until}.",
                "إن لم تنطلقوا فلا تنطلقوا؛ يُنظر في ما تعهدتم به منها على حدة. المستودع: {depot}.",
                "النقص الفعلي على اللوحة: قد يكون ما لديكم مطلوبًا في مكان آخر.",
            ),
        ),
        "saturation_order.lapsed": KindText(
            subject="يمكن الإرسال من جديد: {goods} – {area}",
            short="{area}: انتهى إيقاف {goods}.",
            long=(
                "لم يعد إيقاف إرسال {goods} إلى {area} ساريًا.",
                "يمكن التعهد من جديد؛ تعرض اللوحة ما ينقص.",
            ),
        ),
        "waiver.requested": KindText(
            subject="هل يجوز الاستخدام خارج التخصيص؟ {item} – {district}",
            short="{district}: هل يجوز استخدام {item} خارج تخصيصها؟ عدم الرد حتى {answer_by} يعني لا.",
            long=(
                "يسأل مكتب عن استخدام {item} من عرضكم لاحتياج في {district} خارج تخصيصها.",
                "يرجى الرد قبل {answer_by}. عدم الرد يعني لا، ولا يتغير شيء مما تعهدتم به.",
            ),
        ),
        "waiver.settled": KindText(
            subject="الاستخدام خارج التخصيص: {outcome} – {item}، {district}",
            short="{district}: استخدام {item} خارج تخصيصها: {outcome}.",
            long=(
                "استخدام {item} خارج تخصيصها لاحتياج في {district}: {outcome}.",
                "الرد خاص بهذا الاحتياج وحده.",
            ),
        ),
        "condition.stated": KindText(
            subject="هناك شرط: {condition} – {item}، {district}",
            short="{district}: {item} بانتظار: {condition} حتى {answer_by}.",
            long=(
                "{item} الموعودة لاحتياج في {district} بانتظار: {condition}.",
                "يُبيّن من وضع الشرط أو سُئل عنه ما آل إليه قبل {answer_by}؛ وإلا انتهى التعهد.",
            ),
        ),
        "condition.settled": KindText(
            subject="{condition}: {outcome} – {item}، {district}",
            short="{district}: {item}: {condition}: {outcome}.",
            long=(
                "{item} الموعودة لاحتياج في {district}: {condition}: {outcome}.",
                "التعهد الذي لم يتحقق شرطه قد انتهى.",
            ),
        ),
        "endpoint.disabled": KindText(
            subject="أُوقف عنوان الويب هوك",
            short="أُوقف عنوان الويب هوك {endpoint} ({reason}).",
            long=(
                "أُوقف عنوان الويب هوك {endpoint}. السبب: {reason}.",
                "اشتركوا به من جديد لتشغيله، ثم أعيدوا إرسال ما تراكم.",
            ),
        ),
    },
    outcomes={
        "granted": "تمت الموافقة",
        "refused": "رُفض",
        "lapsed": "لا رد، أي لا",
        "met": "تحقق",
        "waived": "أُسقط",
        "failed": "لم يتحقق",
    },
    conditions={
        "funding_arrives": "وصول التمويل",
        "transport_found": "إيجاد النقل",
        "permit": "تصريح",
        "min_qty": "كمية دنيا",
        "named_site": "موقع مسمى",
        "publicity": "الإعلان",
        "other": "شرط آخر",
        "substitute_agreed": "موافقة الطالب على صنف بديل",
    },
    phrases=Phrases(
        drill="تمرين",
        open_board="افتحوا اللوحة: {link}",
        why="تصلكم هذه الرسالة لأن منظمتكم سجّلت هذا العنوان في إشعارات الأزمات.",
        stop="لإيقاف هذه الرسائل: {unsubscribe}",
        list_name="إشعارات الأزمات",
    ),
    page=PageText(
        title="إيقاف الإشعارات",
        question="هل تريدون إيقاف إشعارات الأزمات المرسلة إلى هذا العنوان؟",
        button="إيقاف",
        done="لن تُرسل إشعارات الأزمات إلى هذا العنوان بعد الآن.",
        invalid="هذا الرابط غير صالح.",
    ),
)
