"""GET /pay/{link}: reads the link, changes nothing, and says why something cannot be bought."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engines.template import functions
from integration.lambda_function import SHOP_URL
from paylink.adapters.places import Places
from paylink.domain.place import Place
from paylink.web.link_page_routes import ROUTES

from .conftest import BASE, SELLER, Shop


def soon(**later: int) -> str:
    return (datetime.now(UTC) + timedelta(**later)).isoformat()


def key_of(page: str) -> str:
    (key,) = re.findall(r'name="key" value="([^"]+)"', page)
    return str(key)


@pytest.fixture
def calls(shop: Shop) -> Iterator[list[str]]:
    """The AWS calls that the function makes from now on."""
    made: list[str] = []

    def note(model: Any, **_: Any) -> None:
        made.append(model.name)

    clients = (shop.deployment.dynamodb, shop.deployment.secrets)
    for client in clients:
        client.meta.events.register("before-call", note)
    yield made
    for client in clients:
        client.meta.events.unregister("before-call", note)


def test_it_only_reads_the_link(shop: Shop, calls: list[str]) -> None:
    assert shop.get()["statusCode"] == 200
    assert calls == ["GetItem"]
    assert shop.orders() == []
    assert shop.sandbox.requests == []


def test_a_limited_link_costs_one_read_more(shop: Shop, calls: list[str]) -> None:
    shop.sell(limit=3)
    calls.clear()
    assert "Осталось: 3" in shop.get()["body"]
    assert calls == ["GetItem", "GetItem"]


def test_no_cache_keeps_it_and_no_two_pages_share_a_key(shop: Shop) -> None:
    answers = [shop.get() for _ in range(5)]
    assert {answer["headers"]["cache-control"] for answer in answers} == {"no-store"}
    assert len({key_of(answer["body"]) for answer in answers}) == 5


def test_addresses_are_those_that_the_browser_sees(shop: Shop) -> None:
    assert f'<meta property="og:url" content="{BASE}/pay/coffee">' in shop.get()["body"]
    shop.deploy(PublicUrl="https://pay.shop.example")
    body = shop.get()["body"]
    assert '<meta property="og:url" content="https://pay.shop.example/pay/coffee">' in body
    assert '<link rel="canonical" href="https://pay.shop.example/pay/coffee">' in body
    assert 'action="/pay/coffee"' in body


def test_the_form_may_lead_to_the_gateways_pages_and_the_shop(shop: Shop) -> None:
    def form_action() -> str:
        policy = shop.get()["headers"]["content-security-policy"]
        return next(part for part in policy.split("; ") if part.startswith("form-action"))

    thanks = SHOP_URL.removesuffix("/thanks")
    assert form_action() == f"form-action 'self' https://customer.freedompay.kz {shop.gateway} {thanks}"
    shop.deploy(GatewayUrl="", GatewayRegion="uz")
    assert form_action() == f"form-action 'self' https://customer.freedompay.uz {thanks}"


@pytest.mark.parametrize(
    ("link", "status", "says"),
    [
        ({"active": False, "inactive_text": "Closed until May"}, 410, "Closed until May"),
        ({"opens_at": soon(days=1)}, 410, "Продажа ещё не открыта"),
        ({"closes_at": soon(days=-1)}, 410, "Продажа закрыта"),
    ],
)
def test_what_cannot_be_bought_says_so(shop: Shop, link: dict[str, Any], status: int, says: str) -> None:
    shop.sell(**link)
    answer = shop.get()
    assert answer["statusCode"] == status
    assert says in answer["body"]
    assert "<form" not in answer["body"]
    assert SELLER["SellerName"] in answer["body"]
    assert shop.post()["statusCode"] == status
    assert shop.payments() == []


def test_what_is_sold_out_says_so(shop: Shop) -> None:
    shop.sell(limit=2)
    places = Places(shop.deployment.dynamodb, shop.deployment.table)
    assert places.hold(Place("test:coffee", 2, 2), "pl_somebody_else", 1)
    assert shop.get()["statusCode"] == 409
    answer = shop.post()
    assert (answer["statusCode"], "Всё распродано" in answer["body"]) == (409, True)
    assert shop.payments() == []


@pytest.mark.parametrize("link", ["tea", "Coffee", "x" * 300, "%3Cb%3E", "..", "qr.svg"])
def test_an_unknown_link_is_not_found(shop: Shop, link: str) -> None:
    answer = shop.get(f"/pay/{link}")
    assert answer["statusCode"] == 404
    assert "Ссылка не найдена" in answer["body"]
    assert shop.post(link=link)["statusCode"] == 404


def test_a_shop_that_takes_no_payments_says_so(shop: Shop) -> None:
    shop.deploy(AcceptPayments="false")
    for answer in (shop.get(), shop.post()):
        assert answer["statusCode"] == 503
        assert answer["headers"]["retry-after"] == "300"
        assert "Приём оплаты приостановлен" in answer["body"]


def test_a_shop_without_a_merchant_key_says_so_when_it_is_paid(shop: Shop) -> None:
    shop.deployment.unset_merchant()
    shop.deploy()
    assert shop.get()["statusCode"] == 200
    answer = shop.post()
    assert answer["statusCode"] == 503
    assert "Приём оплаты ещё не настроен" in answer["body"]


@pytest.mark.parametrize("missing", sorted(SELLER))
def test_real_money_is_not_taken_by_who_does_not_tell_who_they_are(shop: Shop, missing: str) -> None:
    shop.deploy(TestMode="false", **{missing: ""})
    assert shop.get()["statusCode"] == shop.post()["statusCode"] == 503
    assert shop.payments() == []


def test_nor_by_a_link_that_is_live_on_a_stack_in_test_mode(shop: Shop) -> None:
    shop.deploy(SellerName="")
    assert shop.get()["statusCode"] == 200
    shop.sell(test=False)
    assert shop.get()["statusCode"] == shop.post()["statusCode"] == 503
    shop.deploy()
    assert shop.get()["statusCode"] == 200
    assert shop.post()["statusCode"] == 303


def test_a_silent_table_is_told_without_internals(shop: Shop) -> None:
    shop.deployment.dynamodb.delete_table(TableName=shop.deployment.table)
    answer = shop.get()
    assert answer["statusCode"] == 503
    assert "DynamoDB" not in answer["body"]
    assert "Временная неполадка" in answer["body"]


def test_every_route_of_the_template_has_its_handler(shop: Shop) -> None:
    events = functions()["LinkPage"]["Events"].values()
    routes = {f"{event['Properties']['Method']} {event['Properties']['Path']}" for event in events}
    assert set(ROUTES) == routes
