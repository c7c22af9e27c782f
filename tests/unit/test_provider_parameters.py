"""docs/provider-parameters.md against the code: each parameter of the provider's page has its place, and keeps it."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from engines.places import ROOT
from paylink.app.create_fields import create_fields
from paylink.app.policy import Call, Policy
from paylink.domain.order import Order
from paylink.domain.payment_request import Customer, PaymentRequest
from paylink.freedompay.client import Credentials, FreedomPayClient
from unit.domain.examples import an_order

DOCUMENT = (ROOT / "docs" / "provider-parameters.md").read_text()
# The parameters of the page "Create payment", written down once more: a row that is lost has to be missed.
PAGE = {
    "pg_merchant_id",
    "pg_order_id",
    "pg_amount",
    "pg_currency",
    "pg_description",
    "pg_testing_mode",
    "pg_lifetime",
    "pg_language",
    "pg_user_id",
    "pg_user_ip",
    "pg_user_phone",
    "pg_user_contact_email",
    "pg_payment_method",
    "pg_request_method",
    "pg_check_url",
    "pg_result_url",
    "pg_success_url",
    "pg_failure_url",
    "pg_site_url",
    "pg_success_url_method",
    "pg_failure_url_method",
    "pg_param1",
    "pg_param2",
    "pg_param3",
    "pg_generate_qr",
    "pg_idempotency_key",
    "pg_loyalty_id",
    "pg_loyalty_amount",
    "pg_freedom_id",
    "pg_salt",
    "pg_sig",
}
BESIDE = {"pg_auto_clearing", "pg_payment_route", "m_reference", "m_source", "m_address"}
ROWS = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", DOCUMENT, re.MULTILINE)
PLACES = {name: place for name, place, _ in ROWS}


def wire(order: Order, request: PaymentRequest, policy: Policy, call: Call) -> dict[str, str]:
    """All fields of a create call, those of the client included."""
    address = FreedomPayClient("https://api.freedompay.kz").browser_address(
        Credentials("123456", "a-made-up-key"), create_fields(order, request, policy, call, sent=1)
    )
    return dict(parse_qsl(urlsplit(address).query, strict_parsing=True))


def bare() -> dict[str, str]:
    policy = Policy(allowed_origins=frozenset(), shop_url="https://shop.example/")
    return wire(an_order(), PaymentRequest(), policy, Call("https://api.example"))


def everything(presentation: str) -> dict[str, str]:
    order = an_order(
        test=False,
        lifetime=600,
        language="en",
        reference="INV-1",
        metadata={"source": "site"},
        capture="manual",
    )
    request = PaymentRequest(
        customer=Customer("buyer@example.com", "77771234567", "buyer_7"),
        fields={"address": "Abay 1"},
        presentation=presentation,
    )
    policy = Policy(allowed_origins=frozenset(), shop_url="https://other.example/", payment_method="bankcard")
    return wire(order, request, policy, Call("https://pay.example", buyer_ip="203.0.113.7"))


def test_each_parameter_of_the_page_has_one_row() -> None:
    assert len(ROWS) == len(PLACES)
    assert set(PLACES) == PAGE
    assert set(PLACES.values()) == {"sent", "derived", "configurable", "refused"}


def test_what_is_refused_never_travels_and_all_else_does() -> None:
    travels = set(everything("qr")) | set(everything("frame"))
    assert travels & PAGE == {name for name, place in PLACES.items() if place != "refused"}


def test_what_travels_beyond_the_page_is_named_below_the_table() -> None:
    travels = set(everything("qr")) | set(everything("frame"))
    assert travels - PAGE == BESIDE
    for name in sorted(BESIDE):
        assert name in DOCUMENT or name.startswith("m_"), name


@pytest.mark.parametrize("name", [name for name, place in PLACES.items() if place == "sent"])
def test_what_is_sent_is_always_the_same(name: str) -> None:
    assert bare()[name] == everything("qr")[name]


@pytest.mark.parametrize("name", [name for name, place in PLACES.items() if place == "configurable"])
def test_what_is_configurable_can_be_changed(name: str) -> None:
    assert bare().get(name) != everything("qr")[name]
