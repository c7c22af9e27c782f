"""Answers as API Gateway takes them, and how events become them."""

import json
from typing import Any

import pytest

from paylink.domain.errors import UnknownOrder
from paylink.domain.order import Status
from paylink.domain.payment_request import parse_payment_request
from paylink.web.endpoint import endpoint
from paylink.web.payment_status import status
from paylink.web.payments import created, read_payment
from paylink.web.public_url import public_url
from paylink.web.qr import qr_data_uri
from paylink.web.request import Request
from paylink.web.response import Response, json_response, see_other, xml_response
from unit.domain.examples import ORDER_ID, a_pending_order, an_order_in

BASE = "https://pay.shop.example"
KEY = "0f8fad5b-d9cb-469f-a165-70867728950e"


def event(body: str, **headers: str) -> dict[str, Any]:
    names = {name.replace("_", "-"): text for name, text in headers.items()}
    return {"headers": names, "body": body, "requestContext": {"requestId": "request-1"}}


def test_json_is_not_kept_by_caches_and_holds_any_script() -> None:
    response = json_response(201, {"description": "Кофе"}, {"location": "https://a.example/"})
    assert response["statusCode"] == 201
    assert response["body"] == '{"description": "Кофе"}'
    assert response["headers"] == {
        "content-type": "application/json",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "location": "https://a.example/",
    }


def test_xml_goes_to_the_gateway_as_it_was_written() -> None:
    response = xml_response(404, "<response>Кофе</response>".encode())
    assert (response["statusCode"], response["body"]) == (404, "<response>Кофе</response>")
    assert response["headers"]["content-type"] == "application/xml"


def test_a_browser_is_sent_on_with_get() -> None:
    response = see_other("https://shop.example/thanks?order_id=1")
    assert response["statusCode"] == 303
    assert response["headers"]["location"] == "https://shop.example/thanks?order_id=1"
    assert response["headers"]["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("setting", "domain", "address"),
    [
        (
            "",
            "abc.execute-api.eu-central-1.amazonaws.com",
            "https://abc.execute-api.eu-central-1.amazonaws.com",
        ),
        ("https://pay.shop.example", "abc.example", "https://pay.shop.example"),
        ("https://pay.shop.example/", "abc.example", "https://pay.shop.example"),
        ("http://127.0.0.1:8088", "127.0.0.1", "http://127.0.0.1:8088"),
    ],
)
def test_the_public_address_is_the_setting_or_the_requests_own(
    setting: str, domain: str, address: str
) -> None:
    assert public_url(setting, domain) == address


def test_a_request_is_read_with_its_key() -> None:
    request = Request.from_event(event('{"link": "coffee"}', idempotency_key=f'"{KEY}"'))
    assert read_payment(request) == (parse_payment_request({"link": "coffee"}), KEY)


def test_what_goes_wrong_on_purpose_becomes_a_problem_with_the_requests_id() -> None:
    def answer(request: Request) -> Response:
        raise UnknownOrder(f"There is no order of this id, {request.method}.")

    response = endpoint(event(""), answer)
    assert response["statusCode"] == 404
    content = json.loads(response["body"])
    assert (content["request_id"], content["detail"]) == ("request-1", "There is no order of this id, GET.")


def test_what_goes_wrong_otherwise_goes_on() -> None:
    def answer(request: Request) -> Response:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        endpoint(event(""), answer)


@pytest.mark.parametrize(
    ("bad", "status", "code"),
    [
        (event('{"link": "coffee"}'), 400, "invalid_idempotency_key"),
        (event('{"link": "coffee"}', idempotency_key="short"), 400, "invalid_idempotency_key"),
        (event("", idempotency_key=KEY), 400, "invalid_body"),
        (event("{", idempotency_key=KEY), 400, "invalid_body"),
        (event("{}", idempotency_key=KEY), 400, "invalid_request"),
        (event("x" * 65_537, idempotency_key=KEY), 413, "body_too_large"),
    ],
)
def test_a_bad_request_gets_its_problem(bad: dict[str, Any], status: int, code: str) -> None:
    def answer(request: Request) -> Response:
        read_payment(request)
        raise AssertionError("was read")

    response = endpoint(bad, answer)
    assert response["statusCode"] == status
    assert json.loads(response["body"])["code"] == code


def far(**changes: Any) -> Any:
    """A pending order whose page is open whenever this test runs."""
    order = a_pending_order(**changes)
    return a_pending_order(**(changes | {"expires_at": order.created_at.replace(year=9000)}))


ASKED = parse_payment_request({"link": "coffee"})
ASKED_QR = parse_payment_request({"link": "coffee", "presentation": "qr"})


@pytest.mark.parametrize(("made", "code", "replayed"), [(True, 201, None), (False, 200, "true")])
def test_a_new_payment_is_201_and_an_old_one_200(*, made: bool, code: int, replayed: str | None) -> None:
    response = created(far(), ASKED, public_url=BASE, made=made, qr=None)
    assert response["statusCode"] == code
    assert response["headers"].get("idempotent-replayed") == replayed
    assert response["headers"]["location"] == f"{BASE}/payments/{ORDER_ID}"
    assert "qr" not in json.loads(response["body"])


def test_the_gateways_qr_code_is_passed_on_and_drawn_anew_for_a_repeat() -> None:
    given = created(far(), ASKED_QR, public_url=BASE, made=True, qr="data:image/png;base64,AA==")
    assert json.loads(given["body"])["qr"] == "data:image/png;base64,AA=="
    drawn = json.loads(created(far(), ASKED_QR, public_url=BASE, made=False, qr=None)["body"])
    assert drawn["qr"] == qr_data_uri(drawn["redirect_url"])


@pytest.mark.parametrize("status", [Status.PAID, Status.FAILED, Status.CREATING])
def test_a_code_of_a_page_that_cannot_be_paid_is_not_given(status: Status) -> None:
    response = created(an_order_in(status), ASKED_QR, public_url=BASE, made=False, qr=None)
    assert "qr" not in json.loads(response["body"])


def test_two_addresses_have_two_codes() -> None:
    codes = {qr_data_uri(f"https://customer.freedompay.kz/pay.html?customer={number}") for number in (1, 2)}
    assert len(codes) == 2
    assert all(code.startswith("data:image/png;base64,") for code in codes)


def test_a_status_is_200() -> None:
    response = status(an_order_in(Status.PAID))
    assert response["statusCode"] == 200
    assert json.loads(response["body"])["status"] == "paid"
