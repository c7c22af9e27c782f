"""Every limit of the create request, from both sides."""

import pytest

from freedompay_sandbox.rules import ParameterError, check_create, extras

BASE = {
    "pg_merchant_id": "500001",
    "pg_order_id": "order-1",
    "pg_amount": "20.00",
    "pg_description": "Coffee",
    "pg_salt": "abc",
}
LONG_URL = "https://shop.example/" + "a" * 234
POSITION = [("count", "1"), ("name", "tea"), ("price", "20.00"), ("tax_type", "0")]

GOOD = {
    "pg_amount": ["0.01", "99999999", "5", "5.5"],
    "pg_order_id": ["a" * 50, "pl_01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    "pg_description": ["d" * 1024],
    "pg_currency": ["KZT", "UZS", "KGS", ""],
    "pg_lifetime": ["300", "604800", ""],
    "pg_language": ["ru", "en", "kz", "kg", "uz"],
    "pg_user_id": ["a", "A_b-9", "x" * 50],
    "pg_user_ip": ["203.0.113.7"],
    "pg_user_phone": ["77777777777"],
    "pg_user_contact_email": ["buyer@example.com"],
    "pg_request_method": ["GET", "POST", "XML"],
    "pg_result_url": [LONG_URL, "http://127.0.0.1:9000/r", ""],
    "pg_success_url_method": ["GET", "POST"],
    "pg_testing_mode": ["0", "1"],
    "pg_auto_clearing": ["0", "1"],
    "pg_idempotency_key": ["k" * 255],
    "pg_payment_method": ["bankcard"],
    "pg_recurring_lifetime": ["1", "156"],
    "pg_timeout_after_payment": ["1"],
    "pg_generate_qr": ["0", "1", "true"],
    "pg_payment_route": ["frame"],
    "pg_param1": ["p" * 255],
    "pg_need_email_notification": ["1"],
    "client_name": ["anything; at all", "x" * 5000],
}
BAD = {
    "pg_amount": ["0", "0.00", "0.009", "100000000", "-1", "1,5", "1e3", "1.", "Infinity", "\u0661", " 1"],
    "pg_order_id": ["", "a" * 51],
    "pg_description": ["", "d" * 1025],
    "pg_currency": ["kzt", "XXX", "KZTT"],
    "pg_lifetime": ["299", "604801", "3600.5", "-300", "1e3"],
    "pg_language": ["kk", "RU", "de"],
    "pg_user_id": ["é", "a b", "x" * 51],
    "pg_user_ip": ["::1", "256.1.1.1", "localhost"],
    "pg_user_phone": ["+77777777777", "7 777"],
    "pg_user_contact_email": ["buyer", "a@b"],
    "pg_request_method": ["post", "JSON"],
    "pg_result_url": [
        LONG_URL + "a",
        "ftp://shop.example/",
        "javascript:alert(1)",
        "//shop.example/",
        "https://",
        "http://[",
    ],
    "pg_success_url_method": ["AUTOGET", "XML"],
    "pg_testing_mode": ["2", "true"],
    "pg_auto_clearing": ["yes"],
    "pg_idempotency_key": ["k" * 256],
    "pg_payment_method": ["bitcoin"],
    "pg_recurring_lifetime": ["0", "157"],
    "pg_timeout_after_payment": ["0"],
    "pg_generate_qr": ["yes"],
    "pg_payment_route": ["redirect"],
    "pg_param1": ["p" * 256],
    "pg_salt": ["with space", ""],
    "pg_something_new": ["1"],
    "pg_amount_interval_from": ["1"],
    "note": ["control \x01 character"],
}


def cases(table):
    return [pytest.param(name, value, id=f"{name}={value[:12]!r}") for name in table for value in table[name]]


def fields(**changes):
    return list({**BASE, **changes}.items())


@pytest.mark.parametrize(("name", "value"), cases(GOOD))
def test_accepted(name, value):
    check_create(fields(**{name: value}))


@pytest.mark.parametrize(("name", "value"), cases(BAD))
def test_refused(name, value):
    with pytest.raises(ParameterError) as refusal:
        check_create(fields(**{name: value}))
    assert refusal.value.name == name


@pytest.mark.parametrize("name", ["pg_order_id", "pg_amount", "pg_description", "pg_salt"])
def test_required(name):
    message = [pair for pair in fields() if pair[0] != name]
    with pytest.raises(ParameterError, match="is required"):
        check_create(message)


def test_any_amount_needs_no_amount_and_knows_an_interval():
    message = [
        pair
        for pair in fields(pg_amount_interval_from="100", pg_amount_interval_to="500")
        if pair[0] != "pg_amount"
    ]
    check_create(message, any_amount=True)
    with pytest.raises(ParameterError, match="pg_amount"):
        check_create(message)


def test_an_interval_upside_down_is_refused():
    with pytest.raises(ParameterError, match="must not be above"):
        check_create(fields(pg_amount_interval_from="500", pg_amount_interval_to="100"), any_amount=True)


def test_extra_names_given_twice_are_refused():
    with pytest.raises(ParameterError, match="unique"):
        check_create([*fields(), ("box", [("a", "1")]), ("box", [("a", "2")])])


def test_names_that_xml_can_not_hold_are_refused_for_xml_callbacks_only():
    check_create([*fields(pg_request_method="POST"), ("1st name", "x")])
    with pytest.raises(ParameterError, match="XML"):
        check_create([*fields(pg_request_method="XML"), ("1st name", "x")])
    with pytest.raises(ParameterError, match="XML"):
        check_create(fields(pg_request_method="XML", pg_result_url="https://shop.example/r?1=2"))


def test_an_address_whose_query_is_ambiguous_is_refused():
    with pytest.raises(ParameterError, match="twice"):
        check_create(fields(pg_result_url="https://shop.example/r?a=1&a=2"))


@pytest.mark.parametrize(
    "positions",
    [
        [("0", POSITION)],
        POSITION,
        [("0", [*POSITION, ("UnitCode", "796"), ("mark_list", [("0", "m1")])]), ("1", POSITION)],
    ],
    ids=["form", "xml", "with marks"],
)
def test_receipts_accepted(positions):
    check_create([*fields(), ("pg_receipt_positions", positions)])


@pytest.mark.parametrize(
    "positions",
    [
        "text",
        [("0", "text")],
        [("0", POSITION[:3])],
        [("0", [*POSITION[1:], ("count", "0")])],
        [("0", [POSITION[0], ("name", ""), *POSITION[2:]])],
        [("0", [*POSITION[:2], ("price", "0"), POSITION[3]])],
        [("0", [*POSITION[:3], ("tax_type", "9")])],
        [("0", [*POSITION, ("colour", "red")])],
        [("0", [*POSITION, ("mark_list", [("0", "m1"), ("1", "m2")])])],
        [("0", [*POSITION, ("mark_list", "m1")])],
    ],
)
def test_receipts_refused(positions):
    with pytest.raises(ParameterError, match="pg_receipt_positions"):
        check_create([*fields(), ("pg_receipt_positions", positions)])


def test_extras_are_what_the_merchant_added():
    message = [*fields(pg_param2="b"), ("m_reference", "A-1"), ("box", [("x", "1")])]
    assert extras(message) == [("pg_param2", "b"), ("m_reference", "A-1"), ("box", [("x", "1")])]
