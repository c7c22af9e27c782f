"""The list of orders and the making of invoices on AWS's own engine: cursors of an index, writes at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config

from integration.stored_orders import stored_order
from paylink.adapters.contacts import Contacts
from paylink.adapters.links import Links
from paylink.adapters.order_lists import OrderLists
from paylink.adapters.orders import Orders
from paylink.app.list_orders import ListOrders
from paylink.app.make_invoice import MakeInvoice
from paylink.domain.errors import KeyReused
from paylink.domain.order import Attention, Status
from paylink.domain.order_query import parse_order_query
from paylink.domain.stack_key import StackKey

pytestmark = pytest.mark.dynamodb_local

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
KEY = "the-key-of-this-invoice"


class Stack:
    """A stack's own key, at hand."""

    def key(self) -> StackKey:
        return StackKey("0123456789abcdefghijklmnopqrstuvwxyz")


@pytest.fixture
def table(dynamodb_local_endpoint: str, dynamodb_local_table: Callable[[], str]) -> tuple[Any, str]:
    config = Config(retries={"mode": "standard", "total_max_attempts": 2}, max_pool_connections=20)
    client = boto3.client("dynamodb", endpoint_url=dynamodb_local_endpoint, config=config)
    return client, dynamodb_local_table()


@pytest.mark.parametrize("limit", [1, 4, 100])
@pytest.mark.parametrize("filters", [{}, {"day": "2026-03-10"}, {"attention": "true"}, {"status": "paid"}])
def test_every_order_stands_on_one_page(table: tuple[Any, str], filters: dict[str, str], limit: int) -> None:
    store = Orders(*table)
    expected = set()
    for number in range(24):
        paid = number % 3 == 0
        order = stored_order(
            Status.PAID if paid else Status.PENDING,
            order_id=f"pl_0{number:025}",
            # Four in each millisecond, three milliseconds in each of two days.
            created_at=NOW - timedelta(days=number % 2, milliseconds=number // 8),
            attention=(Attention.OVERSOLD,) if number % 4 == 0 else (),
        )
        assert store.claim(order) is None
        if parse_order_query(filters).admits(order) and (
            "day" not in filters or order.created_at.date() == NOW.date()
        ):
            expected.add(order.order_id)
    listing = ListOrders(OrderLists(*table), lambda: NOW)
    listed, cursor, moments = [], None, []
    for _ in range(60):
        more = {} if cursor is None else {"cursor": cursor}
        page, cursor = listing(parse_order_query({**filters, "limit": str(limit), **more}))
        assert len(page) <= limit
        listed += [order.order_id for order in page]
        moments += [order.created_at for order in page]
        if cursor is None:
            break
    assert cursor is None
    assert len(listed) == len(set(listed))
    assert set(listed) == expected
    assert moments == sorted(moments, reverse=True)


def test_ten_requests_of_one_key_make_one_invoice(table: tuple[Any, str]) -> None:
    make = MakeInvoice(Links(*table), Contacts(*table, 0), Stack(), lambda: NOW)
    wanted = {"title": "Repair", "amount": "500", "currency": "KZT"}

    def ask(number: int) -> str:
        try:
            made = make({**wanted, "amount": "500" if number % 2 else "600"}, KEY)
        except KeyReused:
            return "refused"
        return f"{made.made} {made.link.price}"

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(ask, range(10)))
    links, cursor = Links(*table).page(None)
    assert cursor is None
    [link] = links
    assert answers.count(f"True {link.price}") == 1
    assert answers.count(f"False {link.price}") == 4
    assert answers.count("refused") == 5
