"""The pages in Uzbek, in Latin letters."""

from typing import Final

from paylink.web.pages.texts.shape import State, Texts

UZ: Final = Texts(
    own_name="Oʻzbekcha",
    short_name="Oʻzb",
    languages="Sahifa tili",
    pay="{sum} toʻlash",
    go_on="Toʻlovga oʻtish",
    each="bir dona uchun",
    quantity="Soni",
    amount="Summa, {currency}",
    name="Ism",
    phone="Telefon",
    email="Elektron pochta",
    address="Manzil",
    comment="Izoh",
    optional="ixtiyoriy",
    bounds="Eng kami {least}, eng koʻpi {most}",
    left="Qoldi: {count}",
    amount_later="Summani keyingi sahifada tanlaysiz: eng kami {least}, eng koʻpi {most}.",
    phone_hint="Mamlakat kodi bilan, masalan {example}",
    next_step="Kartani keyingi bosqichda, Freedom Pay sahifasida kiritasiz.",
    held="Summa avval kartada band qilinadi, sotuvchi uni keyin yechib oladi.",
    test="Sinov rejimi: pul yechilmaydi.",
    closes="Toʻlash mumkin boʻlgan oxirgi vaqt: {moment}",
    error="Xato",
    check="Maʼlumotlarni tekshiring",
    required="Bu maydonni toʻldiring",
    quantity_wrong="Butun son kiriting: eng kami {least}, eng koʻpi {most}",
    amount_wrong="Summani kiriting: eng kami {least}, eng koʻpi {most}",
    email_wrong="Pochta manzilini kiriting, masalan name@example.com",
    phone_wrong="Raqamni mamlakat kodi bilan kiriting, masalan {example}",
    text_wrong="255 belgidan oshmasin, boshqaruv belgilari boʻlmasin",
    form_wrong="Maʼlumotlar bu havolaga mos emas. Tekshirib, qayta yuboring.",
    too_many="Buncha qolmagan. Qoldi: {count}",
    stale="Sahifa eskirgan. Maʼlumotlarni tekshirib, tugmani qayta bosing.",
    reused=(
        "Siz boshqa maʼlumotlar bilan toʻlovni boshlagansiz. U oʻtgan boʻlsa, ikkinchi marta toʻlash shart emas. "
        "Yangi maʼlumotlar bilan toʻlash uchun tugmani bosing."
    ),
    unknown=State(
        "Havola topilmadi",
        "Bunday toʻlov havolasi yoʻq. Manzilni tekshiring yoki sotuvchidan qayta yuborishni soʻrang.",
    ),
    off=State("Havola oʻchirilgan", "Hozir u orqali toʻlab boʻlmaydi. Sotuvchiga murojaat qiling."),
    not_open=State("Sotuv hali boshlanmagan", "Boshlanishi: {moment}"),
    closed=State("Sotuv yakunlangan", "Yakunlangan vaqti: {moment}"),
    sold_out=State(
        "Hammasi sotilgan",
        "Toʻlovni boshlab qoʻygan boʻlsangiz, uni toʻlov sahifasida yakunlang. "
        "Kimdir buyurtmasini toʻlamasa, joy boʻshaydi: keyinroq yana qarab koʻring.",
    ),
    paused=State(
        "Toʻlov qabul qilish vaqtincha toʻxtatilgan",
        "Keyinroq urinib koʻring yoki sotuvchiga murojaat qiling.",
    ),
    not_configured=State(
        "Toʻlov qabul qilish hali sozlanmagan",
        "Sotuvchi hozircha toʻlov qabul qila olmaydi. Unga murojaat qiling.",
    ),
    silent=State(
        "Toʻlov tizimi javob bermayapti",
        "“Qayta urinish” tugmasini bosing: shu toʻlov davom etadi, ikkinchisi boʻlmaydi.",
    ),
    misconfigured=State(
        "Toʻlash vaqtincha imkonsiz",
        "Birozdan keyin qayta urining: shu toʻlov davom etadi. Yoki sotuvchiga murojaat qiling.",
    ),
    refused=State(
        "Toʻlov qabul qilinmadi",
        "Toʻlov tizimi uni rad etdi. Boshidan boshlang yoki sotuvchiga murojaat qiling.",
    ),
    running=State(
        "Toʻlov tayyorlanmoqda",
        "Bir necha soniya kutib, tugmani bosing. Ikkinchi toʻlov boʻlmaydi.",
    ),
    cancelled=State("Buyurtma bekor qilingan", "Uni endi toʻlab boʻlmaydi. Yangisini boshlashingiz mumkin."),
    unpaid=State("Toʻlov oʻtmadi", "Qayta urinib koʻrishingiz mumkin."),
    unavailable=State(
        "Vaqtinchalik nosozlik",
        "Bir daqiqadan keyin qayta urining. Toʻlab boʻlgan boʻlsangiz, ikkinchi toʻlov boʻlmaydi.",
    ),
    too_large=State("Matn juda koʻp", "Orqaga qayting, matnni qisqartiring va qayta yuboring."),
    onward=State("Toʻlovga oʻtilmoqda", "Toʻlov sahifasi oʻzi ochilmasa, tugmani bosing."),
    paid=State("Buyurtma toʻlandi", "Doʻkon sahifasi oʻzi ochilmasa, tugmani bosing."),
    again="Qayta urinish",
    look="Qayta tekshirish",
    anew="Boshidan boshlash",
    carry_on="Davom etish",
    seller="Sotuvchi",
    bin="BIN/IIN",
    tax_number="STIR",
    seller_address="Manzil",
    seller_phone="Telefon",
    seller_email="Elektron pochta",
    terms="Sotish shartlari",
    refund_terms="Qaytarish shartlari",
)
