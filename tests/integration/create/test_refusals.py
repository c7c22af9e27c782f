"""POST /payments: whatever does not fit is refused with what to change, before anything is written or sent."""

import json
from collections.abc import Iterator

import pytest

from integration.create.assertions import assert_problem, fields_named
from integration.create.endpoint import Endpoint
from integration.create.shop import COFFEE, KEY

ASKED = {"link": "coffee"}


@pytest.fixture
def untouched(endpoint: Endpoint) -> Iterator[Endpoint]:
    """An endpoint at which the test must leave no order and of which the gateway must hear nothing."""
    yield endpoint
    assert endpoint.orders() == []
    assert endpoint.sandbox.requests == []


@pytest.mark.parametrize(
    "key",
    [
        None,
        "",
        "short",
        "x" * 15,
        "x" * 256,
        '"' + "x" * 15 + '"',
        "sixteen characters",
        "клавиша-из-букв-шестнадцать",
        "x" * 16 + "\t",
        "x" * 16 + "\x7f",
    ],
)
def test_a_missing_or_malformed_key_is_400(untouched: Endpoint, key: str | None) -> None:
    assert_problem(untouched(ASKED, key=key), 400, "invalid_idempotency_key")


@pytest.mark.parametrize("key", ["x" * 16, "!" * 255, '"' + "x" * 255 + '"', "~" * 16, '"' * 18])
def test_any_visible_characters_make_a_key(endpoint: Endpoint, key: str) -> None:
    assert endpoint(ASKED, key=key).status == 201


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  \n",
        b"not json",
        b"[]",
        b'"coffee"',
        b"12",
        b"null",
        b'{"link": "coffee"',
        b'{"link": "coffee",}',
        b"{'link': 'coffee'}",
        b'{"link": "coffee", "quantity": NaN}',
        b'{"link": "coffee", "quantity": Infinity}',
        b'{"link": "coffee", "link": "donation"}',
        b'{"link": "coffee", "customer": {"email": "a@b.kz", "email": "c@d.kz"}}',
        b'\xff{"link": "coffee"}',
        '{"link": "coffee"}'.encode("utf-16"),
        b'{"a":' * 12_000,
        b"[" * 60_000,
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_body_that_is_no_json_object_is_400(untouched: Endpoint, body: bytes) -> None:
    answer = untouched(body, in_base64=True)
    assert_problem(answer, 400, "invalid_body")
    assert fields_named(answer) == ["body"]


def test_a_body_in_base64_is_read_as_the_bytes_that_it_is(endpoint: Endpoint) -> None:
    body = json.dumps(ASKED).encode()
    assert endpoint(body, in_base64=True).status == 201
    assert endpoint(body, in_base64=False).status == 200


@pytest.mark.parametrize("in_base64", [True, False])
def test_a_body_over_64_kb_is_413_before_it_is_parsed(untouched: Endpoint, in_base64: bool) -> None:
    most = 64 * 1024
    fitting = b" " * (most - 2) + b"[]"
    assert_problem(untouched(fitting, in_base64=in_base64), 400, "invalid_body")
    assert_problem(untouched(b" " + fitting, in_base64=in_base64), 413, "body_too_large")
    assert_problem(untouched(b"\xff" * (most + 1), in_base64=True), 413, "body_too_large")


def test_characters_of_many_bytes_count_as_the_bytes_that_they_are(untouched: Endpoint) -> None:
    body = json.dumps({"link": "я" * 33_000}, ensure_ascii=False).encode()
    assert len(body) > 64 * 1024 > 33_000
    assert_problem(untouched(body, in_base64=False), 413, "body_too_large")


MISTAKES = [
    ({}, ["link"]),
    ({"link": None}, ["link"]),
    ({"link": "coffee", "offer": "v1.a.b"}, ["offer"]),
    ({"link": "coffee", "items": [{"link": "coffee"}]}, ["items"]),
    ({"link": 7}, ["link"]),
    ({"link": ""}, ["link"]),
    ({"link": "x" * 201}, ["link"]),
    ({"link": "coffee\u0000"}, ["link"]),
    ({"link": "coffee", "quantity": 0}, ["quantity"]),
    ({"link": "coffee", "quantity": -1}, ["quantity"]),
    ({"link": "coffee", "quantity": 1.0}, ["quantity"]),
    ({"link": "coffee", "quantity": "2"}, ["quantity"]),
    ({"link": "coffee", "quantity": True}, ["quantity"]),
    ({"link": "coffee", "quantity": 10**30}, ["quantity"]),
    ({"link": "coffee", "quantity": 1, "amount": "5"}, ["quantity"]),
    ({"link": "coffee", "customer": "me"}, ["customer"]),
    ({"link": "coffee", "customer": {"email": "nobody"}}, ["customer.email"]),
    ({"link": "coffee", "customer": {"email": "a;b@example.com"}}, ["customer.email"]),
    ({"link": "coffee", "customer": {"phone": "12"}}, ["customer.phone"]),
    ({"link": "coffee", "customer": {"id": "a b"}}, ["customer.id"]),
    ({"link": "coffee", "customer": {"name": "Me"}}, ["customer.name"]),
    ({"link": "coffee", "language": "de"}, ["language"]),
    ({"link": "coffee", "reference": "a;b"}, ["reference"]),
    ({"link": "coffee", "reference": "x" * 65}, ["reference"]),
    ({"link": "coffee", "metadata": {"Name": "x"}}, ["metadata"]),
    ({"link": "coffee", "metadata": {"name1": "x"}}, ["metadata"]),
    ({"link": "coffee", "metadata": {"pg-amount": "1"}}, ["metadata"]),
    ({"link": "coffee", "metadata": {"note": "a;b"}}, ["metadata"]),
    ({"link": "coffee", "metadata": {"note": 5}}, ["metadata"]),
    ({"link": "coffee", "metadata": {"reference": "x"}}, ["metadata"]),
    ({"link": "coffee", "metadata": {f"n{'a' * n}": "x" for n in range(21)}}, ["metadata"]),
    ({"link": "coffee", "presentation": "popup"}, ["presentation"]),
    ({"link": "coffee", "lifetime": 299}, ["lifetime"]),
    ({"link": "coffee", "lifetime": 604_801}, ["lifetime"]),
    ({"link": "coffee", "lifetime": "600"}, ["lifetime"]),
    ({"link": "coffee", "success_url": "javascript:alert(1)"}, ["success_url"]),
    ({"link": "coffee", "success_url": "/ok"}, ["success_url"]),
    ({"items": []}, ["items"]),
    ({"items": {"link": "coffee"}}, ["items"]),
    ({"items": [{"link": "coffee"}] * 51}, ["items"]),
    ({"items": ["coffee"]}, ["items[0]"]),
    ({"items": [{"link": "coffee"}, {"link": "coffee"}]}, ["items[1].link"]),
    ({"items": [{}]}, ["items[0].link"]),
    ({"items": [{"link": "coffee", "price": "1"}]}, ["items[0].price"]),
    ({"items": [{"link": "coffee"}], "quantity": 2}, ["quantity"]),
    ({"offer": 5}, ["offer"]),
    ({"offer": "v1.a.b", "quantity": 2}, ["quantity"]),
    ({"link": "donation", "amount": 5.5}, ["amount"]),
    ({"link": "donation", "amount": "5,50"}, ["amount"]),
    ({"link": "donation", "amount": "500.001"}, ["amount"]),
    ({"link": "donation", "amount": "-500"}, ["amount"]),
    ({"link": "donation", "amount": "1e3"}, ["amount"]),
    ({"link": "donation", "amount": True}, ["amount"]),
    (
        {"link": "coffee", "colour": "red", "quantity": 0, "language": "de"},
        ["quantity", "language", "colour"],
    ),
]


@pytest.mark.parametrize(("body", "named"), MISTAKES, ids=lambda part: json.dumps(part)[:60])
def test_each_wrong_field_has_its_entry(
    untouched: Endpoint, body: dict[str, object], named: list[str]
) -> None:
    answer = untouched(body)
    assert_problem(answer, 400, "invalid_request")
    assert sorted(set(fields_named(answer))) == sorted(named)


@pytest.mark.parametrize(
    "name", ["price", "currency", "discount", "total", "title", "description", "test", "capture", "pg_amount"]
)
@pytest.mark.parametrize("value", ["1", 1, "KZT", True])
def test_a_page_never_sets_a_price_or_what_goes_with_it(
    untouched: Endpoint, name: str, value: object
) -> None:
    answer = untouched({"link": "coffee", name: value})
    assert_problem(answer, 400, "invalid_request")
    assert fields_named(answer) == [name]


def test_an_amount_for_a_fixed_price_is_refused(untouched: Endpoint) -> None:
    answer = untouched({"link": "coffee", "amount": "1.00"})
    assert_problem(answer, 400, "invalid_request")
    assert fields_named(answer) == ["amount"]


@pytest.mark.parametrize("field", ["success_url", "failure_url"])
@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/ok",
        "https://shop.example.evil.example/ok",
        "https://shop.example:8443/ok",
        "http://127.0.0.1/ok",
        "https://sub.shop.example/ok",
    ],
)
def test_a_way_back_to_a_foreign_origin_is_refused(untouched: Endpoint, field: str, url: str) -> None:
    answer = untouched({"link": "coffee", field: url})
    assert_problem(answer, 400, "invalid_request")
    assert fields_named(answer) == [field]


def test_a_way_back_to_the_shop_is_kept_and_never_sent_to_the_gateway(endpoint: Endpoint) -> None:
    ways = {"success_url": "https://shop.example/ok?x=1", "failure_url": "https://SHOP.example:443/sorry"}
    assert endpoint({"link": "coffee", **ways}).status == 201
    order = endpoint.order()
    assert (order.success_url, order.failure_url) == (ways["success_url"], ways["failure_url"])
    (call,) = endpoint.calls()
    assert call["pg_success_url"] == f"{endpoint.public_url}/return/success"
    assert call["pg_failure_url"] == f"{endpoint.public_url}/return/failure"


LINK_STATES = [
    ({"active": False}, 410, "link_off"),
    ({"opens_at": "2099-01-01T00:00:00Z"}, 410, "link_not_open"),
    ({"closes_at": "2020-01-01T00:00:00Z"}, 410, "link_closed"),
]


@pytest.mark.parametrize(("change", "status", "code"), LINK_STATES)
def test_a_link_that_is_not_on_sale(
    untouched: Endpoint, change: dict[str, object], status: int, code: str
) -> None:
    untouched.put_link(**{**COFFEE, **change})
    assert_problem(untouched(ASKED), status, code)
    cart = {"items": [{"link": "coffee"}, {"link": "donation", "amount": "500"}]}
    assert_problem(untouched(cart), status, code)


@pytest.mark.parametrize("link", ["tea", "COFFEE", "coffee ", "../coffee", "чай", "links", "x" * 200])
def test_a_link_that_nobody_made_is_404(untouched: Endpoint, link: str) -> None:
    assert_problem(untouched({"link": link}), 404, "link_unknown")
    assert_problem(untouched({"items": [{"link": "coffee"}, {"link": link}]}), 404, "link_unknown")


def test_after_a_refusal_the_same_key_may_ask_for_what_fits(endpoint: Endpoint) -> None:
    assert_problem(endpoint({"link": "coffee", "quantity": 99}), 400, "invalid_request")
    assert_problem(endpoint({"link": "tea"}), 404, "link_unknown")
    assert endpoint(ASKED, key=KEY).status == 201
