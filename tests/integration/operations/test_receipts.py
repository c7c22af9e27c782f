"""Where receipts are on, their positions go along with every operation and come to its sum."""

from decimal import Decimal

import pytest

from integration.create.shop import POLICY, Shop
from integration.operations.conftest import MakeOffice
from integration.operations.office import Office
from paylink.domain.receipt import ReceiptRules

SOUP = {
    "id": "soup",
    "title": "Soup",
    "price": "333.33",
    "currency": "KZT",
    "quantity": {"max": 5},
    "receipt": {"tax_type": 3, "unit_code": "796"},
}
TEA = {"id": "tea", "title": "Tea", "price": "100", "currency": "KZT"}


@pytest.fixture
def fiscal(shop: Shop, make_office: MakeOffice) -> Office:
    shop.policy = POLICY
    shop.set_policy(receipts=ReceiptRules("kz", 0, switched_on=True))
    shop.put_link(**SOUP)
    shop.put_link(**TEA)
    return make_office(shop)


def sent_positions(office: Office, script: str) -> list[dict[str, str]]:
    """The positions of the last request to an address."""
    record = next(r for r in reversed(office.sandbox.requests) if r.path.endswith(script))
    lists = [value for name, value in record.fields if name == "pg_receipt_positions"]
    return [dict(entry) for positions in lists for _, entry in positions]


def total(positions: list[dict[str, str]]) -> Decimal:
    return sum((Decimal(entry["price"]) * int(entry["count"]) for entry in positions), Decimal(0))


@pytest.mark.parametrize("amount", ["1099.99", "500", "0.01"])
def test_a_refund_has_its_receipt(fiscal: Office, amount: str) -> None:
    items = [{"link": "soup", "quantity": 3}, {"link": "tea"}]
    order = fiscal.shop.ask({"items": items}).order
    fiscal.sandbox.pay(str(order.payment_id))
    fiscal.run("refund", order, amount=amount)
    positions = sent_positions(fiscal, "/refund")
    assert total(positions) == Decimal(amount)
    assert {entry["tax_type"] for entry in positions} <= {"0", "3"}
    if amount == "1099.99":
        assert [(entry["name"], entry["count"]) for entry in positions] == [("Soup", "3"), ("Tea", "1")]


@pytest.mark.parametrize(("kind", "script"), [("capture", "/clearing"), ("cancel", "/cancel")])
def test_a_hold_has_its_receipt(fiscal: Office, kind: str, script: str) -> None:
    order = fiscal.held()
    fiscal.run(kind, order)
    assert total(sent_positions(fiscal, script)) == Decimal("1500.00")


def test_without_receipts_nothing_is_sent(office: Office) -> None:
    order = office.sold()
    office.run("refund", order)
    assert sent_positions(office, "/refund") == []
