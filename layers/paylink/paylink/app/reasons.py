"""What a buyer reads where a payment is refused by the shop, in the language of the order."""

from typing import Final

from paylink.domain.settlement import Answer

_REASONS: Final[dict[Answer, dict[str, str]]] = {
    Answer.UNKNOWN_ORDER: {
        "ru": "Заказ не найден.",
        "en": "The order was not found.",
        "kz": "Тапсырыс табылмады.",
        "uz": "Buyurtma topilmadi.",
        "kg": "Буйрутма табылган жок.",
    },
    Answer.OTHER_MODE: {
        "ru": "Режим оплаты не совпадает с режимом заказа.",
        "en": "The payment's mode is not the order's.",
        "kz": "Төлем режимі тапсырыс режиміне сәйкес келмейді.",
        "uz": "To‘lov rejimi buyurtma rejimiga mos emas.",
        "kg": "Төлөм режими буйрутманын режимине туура келбейт.",
    },
    Answer.OTHER_AMOUNT: {
        "ru": "Сумма не совпадает с суммой заказа.",
        "en": "The amount is not the order's.",
        "kz": "Сома тапсырыс сомасына сәйкес келмейді.",
        "uz": "Summa buyurtma summasiga mos emas.",
        "kg": "Сумма буйрутманын суммасына туура келбейт.",
    },
    Answer.CANCELLED: {
        "ru": "Заказ отменён.",
        "en": "The order was cancelled.",
        "kz": "Тапсырыс тоқтатылды.",
        "uz": "Buyurtma bekor qilingan.",
        "kg": "Буйрутма жокко чыгарылган.",
    },
    Answer.ALREADY_PAID: {
        "ru": "Заказ уже оплачен.",
        "en": "The order is paid already.",
        "kz": "Тапсырыс төленген.",
        "uz": "Buyurtma allaqachon to‘langan.",
        "kg": "Буйрутма төлөнгөн.",
    },
    Answer.IN_PROGRESS: {
        "ru": "Этот заказ уже оплачивается. Подождите несколько минут.",
        "en": "This order is being paid already. Please wait a few minutes.",
        "kz": "Бұл тапсырыс төленіп жатыр. Бірнеше минут күтіңіз.",
        "uz": "Bu buyurtma to‘lanmoqda. Bir necha daqiqa kuting.",
        "kg": "Бул буйрутма төлөнүп жатат. Бир нече мүнөт күтүңүз.",
    },
    Answer.NOT_OPEN: {
        "ru": "Время оплаты заказа истекло.",
        "en": "The time to pay this order has passed.",
        "kz": "Тапсырысты төлеу уақыты өтті.",
        "uz": "Buyurtmani to‘lash vaqti o‘tdi.",
        "kg": "Буйрутманы төлөө убактысы өттү.",
    },
    Answer.SOLD_OUT: {
        "ru": "Всё распродано.",
        "en": "Sold out.",
        "kz": "Барлығы сатылып кетті.",
        "uz": "Hammasi sotilgan.",
        "kg": "Баары сатылып кетти.",
    },
}


def reason(answer: Answer, language: str) -> str:
    """The reason in a language; Russian where there is no text in it. Raises KeyError for an acceptance."""
    texts = _REASONS[answer]
    return texts.get(language, texts["ru"])
