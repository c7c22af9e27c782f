"""One-off links: an amount of the owner's, paid once, by one buyer."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integration.api_event import DOMAIN
from integration.deployment import Deployment
from integration.lambda_function import LoadedFunction
from paylink.adapters.order_row import marshal

from .desk import Desk, Till

REPAIR: dict[str, Any] = {"title": "Repair of a bicycle", "amount": "12500.50", "currency": "KZT"}
KEY = "the-key-of-this-invoice"
CUSTOMER = {"email": "buyer@example.com", "phone": "+7 777 123 45 67"}


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def test_an_invoice_is_a_link_that_sells_once(desk: Desk, till: Till) -> None:
    answer = desk.invoice({**REPAIR, "description": "New chain and brakes"})
    assert answer.status == 201
    link = answer.content["id"]
    assert answer.content == {
        "id": link,
        "title": "Repair of a bicycle",
        "description": "New chain and brakes",
        "price": "12500.50",
        "currency": "KZT",
        "limit": 1,
        "quantity": {"min": 1, "max": 1},
        "active": True,
        "capture": "automatic",
        "url": f"https://{DOMAIN}/pay/{link}",
    }
    assert answer.headers["location"] == f"https://{DOMAIN}/links/{link}"
    assert desk.get(link).content == answer.content
    paid = till.ask({"link": link})
    assert (paid.status, paid.content["amount"]) == (201, "12500.50")
    assert till.ask({"link": link}).problem == (409, "sold_out")
    assert till.ask({"link": link, "quantity": 2}).wrong_fields == ["quantity"]


def test_an_invoice_ends_and_can_be_taken_back(desk: Desk, till: Till) -> None:
    open_one = desk.invoice({**REPAIR, "expires_at": in_days(1)}).content["id"]
    assert till.ask({"link": open_one}).status == 201
    taken_back = desk.invoice(REPAIR).content["id"]
    assert desk.switch_off(taken_back).status == 200
    assert till.ask({"link": taken_back}).problem == (410, "link_off")
    assert desk.invoice({**REPAIR, "expires_at": in_days(-1)}).wrong_fields == ["expires_at"]


def test_nobody_guesses_an_invoice(desk: Desk) -> None:
    made = {desk.invoice(REPAIR).content["id"] for _ in range(20)}
    assert len(made) == 20
    assert {len(link) for link in made} == {30}
    assert all(link.startswith("inv-") for link in made)


def test_the_same_key_makes_one_invoice(desk: Desk, deployment: Deployment) -> None:
    body = {**REPAIR, "expires_at": in_days(1)}
    first, second = desk.invoice(body, KEY), desk.invoice(body, KEY)
    assert (first.status, second.status) == (201, 200)
    assert second.headers["idempotent-replayed"] == "true"
    assert second.content == first.content
    assert len([row for row in deployment.rows() if row["pk"] == "links"]) == 1
    other = desk.invoice({**body, "amount": "1"}, KEY)
    assert other.problem == (422, "idempotency_key_reused")
    assert desk.get(first.content["id"]).content["price"] == "12500.50"


def test_a_replay_shows_that_the_invoice_was_taken_back(desk: Desk) -> None:
    made = desk.invoice(REPAIR, KEY)
    desk.switch_off(made.content["id"])
    again = desk.invoice(REPAIR, KEY)
    assert (again.status, again.content["active"]) == (200, False)


@pytest.mark.parametrize("key", ["short", "x" * 256, "ключ" * 8, "with spaces in it all"])
def test_a_malformed_key_is_refused(desk: Desk, key: str) -> None:
    assert desk.invoice(REPAIR, key).problem == (400, "invalid_idempotency_key")


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"title": None}, ["title"]),
        ({"amount": None}, ["amount"]),
        ({"currency": None}, ["currency"]),
        ({"amount": 12.5}, ["amount"]),
        ({"amount": "0"}, ["amount"]),
        ({"amount": "-5"}, ["amount"]),
        ({"amount": "1.005"}, ["amount"]),
        ({"currency": "BTC"}, ["currency"]),
        ({"expires_at": "tomorrow"}, ["expires_at"]),
        ({"expires_at": "2099-01-01T00:00:00"}, ["expires_at"]),
        ({"customer": {"email": "no address"}}, ["customer.email"]),
        ({"customer": {"name": "Aigul"}}, ["customer.name"]),
        ({"limit": 5}, ["limit"]),
        ({"price": "1", "colour": "red"}, ["colour", "price"]),
    ],
)
def test_what_does_not_fit_is_refused_by_name(
    desk: Desk, deployment: Deployment, changes: dict[str, Any], wrong: list[str]
) -> None:
    assert sorted(desk.invoice({**REPAIR, **changes}).wrong_fields) == wrong
    assert deployment.rows() == []


def test_the_customer_is_not_kept_unless_the_owner_wants_it(desk: Desk, deployment: Deployment) -> None:
    answer = desk.invoice({**REPAIR, "customer": CUSTOMER})
    assert answer.status == 201
    assert "customer" not in answer.content
    assert [row["pk"] for row in deployment.rows()] == ["links"]
    assert "example.com" not in str(deployment.rows())


def test_the_customer_is_kept_beside_the_link_for_the_days_that_the_owner_chose(
    load_function: Callable[..., LoadedFunction], deployment: Deployment
) -> None:
    desk = Desk(load_function("manage", KeepContacts="30"))
    link = desk.invoice({**REPAIR, "customer": CUSTOMER}).content["id"]
    kept = deployment.row(link, "contacts")
    assert kept["contacts"] == {"email": "buyer@example.com", "phone": "77771234567"}
    days = (datetime.fromtimestamp(int(kept["ttl"]), UTC) - datetime.now(UTC)) / timedelta(days=1)
    assert 29.9 < days < 30.1
    assert "example.com" not in str(deployment.row("links", link))


@pytest.mark.parametrize(
    ("days", "given", "told"),
    [
        ("30", {}, ("buyer@example.com", "77771234567")),
        ("30", {"customer": {"email": "payer@example.com"}}, ("payer@example.com", None)),
        ("0", {}, (None, None)),
    ],
)
def test_the_gateway_hears_of_the_customer_when_the_invoice_is_paid(
    load_function: Callable[..., LoadedFunction],
    make_till: Callable[..., Till],
    days: str,
    given: dict[str, Any],
    told: tuple[str | None, str | None],
) -> None:
    till, desk = make_till(KeepContacts=days), Desk(load_function("manage", KeepContacts=days))
    link = desk.invoice({**REPAIR, "customer": CUSTOMER}).content["id"]
    answer = till.ask({"link": link, **given})
    sent = dict(till.payment(answer).fields)
    assert (sent.get("pg_user_contact_email"), sent.get("pg_user_phone")) == told
    kept = [row for row in till.deployment.rows() if row["pk"] == answer.content["order_id"]]
    assert any(row["sk"] == "contacts" for row in kept) is (told != (None, None))


def test_an_invoice_whose_row_was_spoilt_is_told_as_such(desk: Desk, deployment: Deployment) -> None:
    link = desk.invoice(REPAIR, key=KEY).content["id"]
    row = marshal({"pk": "links", "sk": link, "link": "{}"})
    deployment.dynamodb.put_item(TableName=deployment.table, Item=row)
    assert desk.invoice(REPAIR, key=KEY).problem == (409, "link_unreadable")
