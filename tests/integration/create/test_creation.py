"""POST /payments: a payment is made, and the same request again gives the same payment."""

from datetime import datetime, timedelta

import pytest

from integration.create.assertions import assert_problem
from integration.create.endpoint import Endpoint
from integration.create.shop import COFFEE, KEY
from paylink.domain.order import Status

ASKED = {"link": "coffee", "quantity": 2}
ANSWERED = {
    *("order_id", "status", "test", "payment_id", "amount", "currency"),
    *("redirect_url", "redirect_url_type", "expires_at", "status_url"),
}


def test_201_with_every_field_and_header_of_the_contract(endpoint: Endpoint) -> None:
    answer = endpoint(ASKED)
    assert answer.status == 201
    assert set(answer.document) == ANSWERED
    (payment,) = endpoint.sandbox.payments()
    order_id = endpoint.order_id()
    assert answer.document == {
        "order_id": order_id,
        "status": "pending",
        "test": True,
        "payment_id": payment.payment_id,
        "amount": "3000.00",
        "currency": "KZT",
        "redirect_url": f"{endpoint.gateway_url}/pay.html?customer={payment.customer}",
        "redirect_url_type": "need data",
        "expires_at": answer.document["expires_at"],
        "status_url": f"{endpoint.public_url}/payments/{order_id}",
    }
    left = datetime.fromisoformat(answer.document["expires_at"]) - endpoint.now()
    assert timedelta(seconds=3590) < left <= timedelta(seconds=3600)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["location"] == answer.document["status_url"]
    assert not answer.is_replay
    assert "idempotent-replayed" not in answer.headers
    assert (payment.order_id, str(payment.amount), payment.description) == (order_id, "3000.00", "Coffee × 2")


def test_the_same_again_is_200_and_reaches_no_gateway(endpoint: Endpoint) -> None:
    first = endpoint(ASKED)
    again = endpoint(ASKED)
    assert (first.status, again.status) == (201, 200)
    assert again.is_replay
    assert again.document == first.document
    assert again.headers["location"] == first.headers["location"]
    assert len(endpoint.calls()) == 1
    assert endpoint.calls("status") == []
    assert endpoint.orders() == [endpoint.order_id()]


@pytest.mark.parametrize(
    "same",
    [
        b'{"quantity":2,"link":"coffee"}',
        b'{ "link" : "coffee" , "quantity" : 2 , "language": null }',
        b'{"items": [{"link": "coffee", "quantity": 2}]}',
        b'{"link": "c\\u006fffee", "quantity": 2}',
    ],
)
def test_the_same_content_in_another_spelling_is_the_same(endpoint: Endpoint, same: bytes) -> None:
    first = endpoint(ASKED)
    again = endpoint(same)
    assert (again.status, again.document["order_id"]) == (200, first.document["order_id"])


@pytest.mark.parametrize("key", [KEY, f'"{KEY}"'])
def test_the_key_is_the_same_with_and_without_its_quotes(endpoint: Endpoint, key: str) -> None:
    assert endpoint(ASKED).status == 201
    assert endpoint(ASKED, key=key).status == 200


def test_another_key_is_another_intent(endpoint: Endpoint) -> None:
    first, second = endpoint(ASKED), endpoint(ASKED, key=f"{KEY}-2")
    assert (first.status, second.status) == (201, 201)
    assert first.document["order_id"] != second.document["order_id"]
    assert len(endpoint.sandbox.payments()) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"link": "coffee", "quantity": 3},
        {"link": "donation", "amount": "500"},
        {**ASKED, "customer": {"email": "other@example.com"}},
        {**ASKED, "metadata": {"table": "7"}},
        {**ASKED, "reference": "INV-1"},
        {**ASKED, "language": "en"},
        {**ASKED, "lifetime": 600},
        {**ASKED, "success_url": "https://shop.example/ok"},
        {**ASKED, "presentation": "qr"},
        {"items": [{"link": "coffee", "quantity": 2}, {"link": "donation", "amount": "500"}]},
    ],
)
def test_the_same_key_for_something_else_is_422_and_changes_nothing(
    endpoint: Endpoint, other: dict[str, object]
) -> None:
    endpoint(ASKED)
    before = endpoint.order()
    assert_problem(endpoint(other), 422, "idempotency_key_reused")
    assert endpoint.order() == before
    assert len(endpoint.calls()) == 1


def test_what_no_longer_fits_is_422_too_once_the_key_is_used(endpoint: Endpoint) -> None:
    """An unknown link under a used key: that the key is taken is what the page's author has to know."""
    endpoint(ASKED)
    assert_problem(endpoint({"link": "no-such-link"}), 422, "idempotency_key_reused")


def test_the_stored_price_holds_whatever_becomes_of_the_link(endpoint: Endpoint) -> None:
    first = endpoint(ASKED)
    for change in ({"price": "9999"}, {"active": False}, {"closes_at": "2020-01-01T00:00:00Z"}):
        endpoint.put_link(**{**COFFEE, **change})
        again = endpoint(ASKED)
        assert (again.status, again.document) == (200, first.document)
    endpoint.deployment.dynamodb.delete_item(
        TableName=endpoint.deployment.table, Key={"pk": {"S": "links"}, "sk": {"S": "coffee"}}
    )
    again = endpoint(ASKED)
    assert (again.status, again.document) == (200, first.document)
    assert_problem(endpoint(ASKED, key=f"{KEY}-2"), 404, "link_unknown")


def test_a_replay_shows_the_order_as_it_is_now(endpoint: Endpoint) -> None:
    first = endpoint(ASKED)
    endpoint.sandbox.pay(first.document["payment_id"])
    again = endpoint(ASKED)
    assert (again.status, again.is_replay) == (200, True)
    assert again.document["status"] == "paid"
    assert set(again.document) == ANSWERED - {"redirect_url", "redirect_url_type"}
    assert len(endpoint.calls()) == 1


def test_a_declined_order_gets_a_further_payment_of_its_own(endpoint: Endpoint) -> None:
    first = endpoint(ASKED)
    endpoint.sandbox.decline(first.document["payment_id"])
    assert endpoint.order().status is Status.FAILED
    again = endpoint(ASKED)
    assert (again.status, again.is_replay) == (201, False)
    assert again.document["order_id"] == first.document["order_id"]
    assert again.document["payment_id"] != first.document["payment_id"]
    assert again.document["redirect_url"] != first.document["redirect_url"]
    sent = [(call["pg_order_id"], call["pg_idempotency_key"]) for call in endpoint.calls()]
    order_id = endpoint.order_id()
    assert sent == [(order_id, f"{order_id}-1"), (order_id, f"{order_id}-2")]
    assert endpoint.sandbox.requests[1].operation == "status"


def test_while_it_runs_409_tells_how_long_to_wait(endpoint: Endpoint) -> None:
    endpoint.sandbox.faults.add("create", "drop_after")
    silent = endpoint(ASKED)
    assert_problem(silent, 504, "gateway_silent", retry_after=5)
    waiting = endpoint(ASKED)
    assert_problem(waiting, 409, "still_running", retry_after=int(waiting.headers["retry-after"]))
    assert 1 <= int(waiting.headers["retry-after"]) <= 5
    endpoint.later = timedelta(seconds=6)
    answer = endpoint(ASKED)
    assert (answer.status, answer.document["status"]) == (201, "pending")
    (payment,) = endpoint.sandbox.payments()
    assert payment.payment_id == answer.document["payment_id"]


def test_a_qr_code_comes_with_the_answer_and_again_with_a_replay(endpoint: Endpoint) -> None:
    asked = {**ASKED, "presentation": "qr"}
    first, again = endpoint(asked), endpoint(asked)
    assert set(first.document) == set(again.document) == ANSWERED | {"qr"}
    for answer in (first, again):
        assert answer.document["qr"].startswith("data:image/png;base64,")
    assert endpoint.calls()[0]["pg_generate_qr"] == "1"
    endpoint.sandbox.pay(first.document["payment_id"])
    assert "qr" not in endpoint(asked).document
