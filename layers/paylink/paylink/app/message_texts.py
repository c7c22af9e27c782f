"""The words of the short messages, by language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Texts:
    """One language. `no_contacts` takes the gateway's `payment` id."""

    titles: Mapping[str, str]
    """By event type."""
    items: str
    order: str
    reference: str
    payment: str
    test: str
    no_contacts: str
    fields: Mapping[str, str]
    """What links ask buyers for; other names are shown as they are."""
    reasons: Mapping[str, str]
    """Reasons of attention; one that is missing is shown as it is."""


_RU: Final = Texts(
    titles={
        "payment.paid": "Оплачено",
        "payment.attention": "Нужно ваше внимание",
        "payment.hold_expiring": "Скоро истечёт блокировка суммы",
    },
    items="Состав",
    order="Заказ",
    reference="Номер в магазине",
    payment="Платёж Freedom Pay",
    test="тест, деньги не списаны",
    no_contacts="Данные покупателя здесь не хранятся: они в кабинете Freedom Pay, платёж {payment}.",
    fields={
        "name": "Имя",
        "phone": "Телефон",
        "email": "Эл. почта",
        "address": "Адрес",
        "comment": "Комментарий",
        "id": "Покупатель",
    },
    reasons={
        "second_charge": "Покупатель заплатил второй раз: верните лишнее.",
        "amount_mismatch": "Пришла другая сумма, чем в заказе.",
        "mode_mismatch": "Тестовый платёж по настоящему заказу или наоборот.",
        "paid_after_cancel": "Оплачен заказ, который был отменён.",
        "oversold": "Продано больше, чем было мест.",
        "outcome_unknown": "Неизвестно, чем кончилась операция: проверьте в кабинете Freedom Pay.",
        "refund_failed": "Возврат не прошёл.",
    },
)

_EN: Final = Texts(
    titles={
        "payment.paid": "Paid",
        "payment.attention": "Needs your attention",
        "payment.hold_expiring": "A hold is about to end",
    },
    items="Items",
    order="Order",
    reference="Shop's number",
    payment="Freedom Pay payment",
    test="a test, no money moved",
    no_contacts="The buyer's details are not stored here: see payment {payment} in Freedom Pay's cabinet.",
    fields={
        "name": "Name",
        "phone": "Telephone",
        "email": "E-mail",
        "address": "Address",
        "comment": "Comment",
        "id": "Buyer",
    },
    reasons={
        "second_charge": "The buyer paid a second time: give the rest back.",
        "amount_mismatch": "Another amount arrived than was ordered.",
        "mode_mismatch": "A test payment of a real order, or the other way round.",
        "paid_after_cancel": "An order was paid that had been cancelled.",
        "oversold": "More was sold than there were places.",
        "outcome_unknown": "Nobody knows how an operation ended: look in Freedom Pay's cabinet.",
        "refund_failed": "A refund did not go through.",
    },
)

_KZ: Final = Texts(
    titles={
        "payment.paid": "Төленді",
        "payment.attention": "Назарыңызды қажет етеді",
        "payment.hold_expiring": "Соманы бұғаттау мерзімі аяқталып келеді",
    },
    items="Құрамы",
    order="Тапсырыс",
    reference="Дүкендегі нөмірі",
    payment="Freedom Pay төлемі",
    test="сынақ, ақша алынған жоқ",
    no_contacts="Сатып алушының деректері мұнда сақталмайды: Freedom Pay кабинетінде, {payment} төлемі.",
    fields={
        "name": "Аты",
        "phone": "Телефон",
        "email": "Эл. пошта",
        "address": "Мекенжай",
        "comment": "Түсініктеме",
        "id": "Сатып алушы",
    },
    reasons={
        "second_charge": "Сатып алушы екінші рет төледі: артығын қайтарыңыз.",
        "amount_mismatch": "Тапсырыстағыдан басқа сома түсті.",
        "mode_mismatch": "Нақты тапсырысқа сынақ төлемі немесе керісінше.",
        "paid_after_cancel": "Бас тартылған тапсырыс төленді.",
        "oversold": "Бар орыннан көп сатылды.",
        "outcome_unknown": "Операцияның немен аяқталғаны белгісіз: Freedom Pay кабинетінен тексеріңіз.",
        "refund_failed": "Қайтару өтпеді.",
    },
)

_UZ: Final = Texts(
    titles={
        "payment.paid": "Toʻlandi",
        "payment.attention": "Eʼtiboringiz kerak",
        "payment.hold_expiring": "Summani bloklash muddati tugayapti",
    },
    items="Tarkibi",
    order="Buyurtma",
    reference="Doʻkondagi raqami",
    payment="Freedom Pay toʻlovi",
    test="sinov, pul yechilmagan",
    no_contacts="Xaridor maʼlumotlari bu yerda saqlanmaydi: Freedom Pay kabinetida, {payment} toʻlovi.",
    fields={
        "name": "Ism",
        "phone": "Telefon",
        "email": "E-pochta",
        "address": "Manzil",
        "comment": "Izoh",
        "id": "Xaridor",
    },
    reasons={
        "second_charge": "Xaridor ikkinchi marta toʻladi: ortigʻini qaytaring.",
        "amount_mismatch": "Buyurtmadagidan boshqa summa keldi.",
        "mode_mismatch": "Haqiqiy buyurtmaga sinov toʻlovi yoki aksincha.",
        "paid_after_cancel": "Bekor qilingan buyurtma toʻlandi.",
        "oversold": "Joylar sonidan koʻp sotildi.",
        "outcome_unknown": "Amal qanday tugagani nomaʼlum: Freedom Pay kabinetida tekshiring.",
        "refund_failed": "Pulni qaytarish amalga oshmadi.",
    },
)

_KG: Final = Texts(
    titles={
        "payment.paid": "Төлөндү",
        "payment.attention": "Көңүл бурууңуз керек",
        "payment.hold_expiring": "Сумманы бөгөттөө мөөнөтү бүтүп баратат",
    },
    items="Курамы",
    order="Буйрутма",
    reference="Дүкөндөгү номери",
    payment="Freedom Pay төлөмү",
    test="сыноо, акча алынган жок",
    no_contacts="Сатып алуучунун маалыматы бул жерде сакталбайт: Freedom Pay кабинетинде, {payment} төлөмү.",
    fields={
        "name": "Аты",
        "phone": "Телефон",
        "email": "Эл. почта",
        "address": "Дарек",
        "comment": "Комментарий",
        "id": "Сатып алуучу",
    },
    reasons={
        "second_charge": "Сатып алуучу экинчи жолу төлөдү: ашыгын кайтарыңыз.",
        "amount_mismatch": "Буйрутмадагыдан башка сумма түштү.",
        "mode_mismatch": "Чыныгы буйрутмага сыноо төлөмү же тескерисинче.",
        "paid_after_cancel": "Жокко чыгарылган буйрутма төлөндү.",
        "oversold": "Орундардан көп сатылды.",
        "outcome_unknown": "Операция эмне менен бүткөнү белгисиз: Freedom Pay кабинетинен текшериңиз.",
        "refund_failed": "Кайтаруу өткөн жок.",
    },
)

TEXTS: Final[Mapping[str, Texts]] = {"ru": _RU, "en": _EN, "kz": _KZ, "uz": _UZ, "kg": _KG}
"""By the language codes of the gateway."""
