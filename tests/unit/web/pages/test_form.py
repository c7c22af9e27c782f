"""The form as it comes: read strictly, and turned into the payment that any page could ask for."""

import pytest

from paylink.domain.errors import BodyTooLarge, InvalidBody, InvalidRequest
from paylink.domain.payment_request import Item, parse_payment_request
from paylink.web.pages.form import Submitted, plain_amount, read_form
from paylink.web.request import LARGEST_BODY

from .views import KEY, request

NBSP, NARROW = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("written", "language", "read"),
    [
        ("1500", "ru", "1500"),
        ("1 500", "ru", "1500"),
        (f"1{NBSP}500", "ru", "1500"),
        (f"1{NARROW}500,50", "ru", "1500.50"),
        (" 1500,5 ", "kz", "1500.5"),
        ("1500.50", "ru", "1500.50"),
        ("1'500", "ru", "1500"),
        ("1,500", "en", "1500"),
        ("1,500.50", "en", "1500.50"),
        ("1,500,000", "en", "1500000"),
        ("1500,50", "en", "1500.50"),
    ],
)
def test_an_amount_as_people_write_it(written: str, language: str, read: str) -> None:
    assert plain_amount(written, language) == read


@pytest.mark.parametrize(
    "written", ["1,500", "1.500", "1,500.50", "1.500,50", "1,5,0", "-5", "1e3", "٣٠٠", "", "₸"]
)
def test_what_could_be_read_in_two_ways_is_refused(written: str) -> None:
    asked = Submitted(typed={"amount": written})
    if not written:
        assert asked.payment("donation", "ru").items == (Item("donation"),)
        return
    with pytest.raises(InvalidRequest) as caught:
        asked.payment("donation", "ru")
    assert [entry.field for entry in caught.value.entries] == ["amount"]


def test_the_payment_is_the_one_that_a_page_of_the_shop_asks_for() -> None:
    typed = {
        "quantity": " 2 ",
        "name": "Алия",
        "phone": "+7 (777) 123-45-67",
        "email": "buyer@example.com ",
        "address": "Абая 10\r\nкв. 5",
        "comment": "  ",
    }
    asked = Submitted(key=KEY, language="kz", typed=typed).payment("beans", "kz")
    assert asked == parse_payment_request(
        {
            "link": "beans",
            "quantity": 2,
            "language": "kz",
            "customer": {"email": "buyer@example.com", "phone": "+7 777 123 45 67"},
            "fields": {
                "name": "Алия",
                "phone": "+7 (777) 123-45-67",
                "email": "buyer@example.com ",
                "address": "Абая 10 кв. 5",
            },
        }
    )


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("8 777 123 45 67", "77771234567"),
        ("8(777)1234567", "77771234567"),
        ("+7 777 123 45 67", "77771234567"),
        ("+84 90 123 45 67", "84901234567"),
        ("+998 90 123 45 67", "998901234567"),
    ],
)
def test_a_phone_with_the_prefix_that_is_dialled_at_home(written: str, digits: str) -> None:
    assert Submitted(typed={"phone": written}).payment("beans", "ru").customer.phone == digits


@pytest.mark.parametrize("quantity", ["2.5", "two", "-1", "0", "1e3", "9999999999", "²"])
def test_a_quantity_that_is_none(quantity: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        Submitted(typed={"quantity": quantity}).payment("beans", "ru")
    assert [entry.field for entry in caught.value.entries] == ["quantity"]


@pytest.mark.parametrize(
    "name",
    ["price", "currency", "discount", "success_url", "failure_url", "offer", "items", "link", "metadata"],
)
def test_a_field_that_the_page_does_not_have_is_refused(name: str) -> None:
    submitted = read_form(request("POST", form={"key": KEY, "lang": "ru", name: "1"}))
    with pytest.raises(InvalidRequest) as caught:
        submitted.payment("coffee", "ru")
    assert caught.value.entries[0].field == name


def test_a_form_is_read() -> None:
    submitted = read_form(request("POST", form={"key": KEY, "lang": "kz", "quantity": "2", "comment": ""}))
    assert submitted == Submitted(KEY, "kz", {"quantity": "2", "comment": ""})
    assert KEY not in repr(submitted)


def test_a_language_that_we_do_not_speak_is_none() -> None:
    assert read_form(request("POST", form={"lang": "de"})).language is None


@pytest.mark.parametrize(
    "content_type", ["application/json", "multipart/form-data; boundary=x", "text/plain", ""]
)
def test_anything_but_a_form_is_refused(content_type: str) -> None:
    with pytest.raises(InvalidBody):
        read_form(request("POST", form=f"key={KEY}", content_type=content_type))


@pytest.mark.parametrize("body", ["key=a&key=b", "name=%FF", "&".join(f"f{n}=1" for n in range(40))])
def test_a_form_that_says_two_things_or_too_many_is_refused(body: str) -> None:
    with pytest.raises(InvalidBody):
        read_form(request("POST", form=body))


def test_a_form_of_more_than_64_kilobytes_is_refused_unread() -> None:
    with pytest.raises(BodyTooLarge):
        read_form(request("POST", form="comment=" + "x" * LARGEST_BODY))
