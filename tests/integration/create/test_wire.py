"""What goes over the wire to the gateway: every field, said explicitly, and nothing of the page's that it may not."""

from collections.abc import Mapping

import pytest

from engines.embedded_aws import MERCHANT_ID
from integration.api_event import BUYER_IP, DOMAIN
from integration.create.endpoint import Endpoint
from integration.create.shop import COFFEE, DONATION

ADDED_BY_THE_CLIENT = {"pg_merchant_id", "pg_salt", "pg_sig"}
DELIVERY = {
    "id": "delivery",
    "title": {"ru": "Доставка", "en": "Delivery"},
    "price": "700",
    "currency": "KZT",
    "fields": [{"name": "address", "required": True}, "comment"],
    "metadata": {"source": "site"},
    "quantity": {"max": 9},
}


def sent(endpoint: Endpoint) -> Mapping[str, str]:
    """The fields of the one create call, without those that the client adds to every call."""
    (call,) = endpoint.calls()
    assert set(call) > ADDED_BY_THE_CLIENT
    return {name: text for name, text in call.items() if name not in ADDED_BY_THE_CLIENT}


def plain_call(endpoint: Endpoint) -> dict[str, str]:
    """The call for one coffee where nothing else is asked for or set."""
    order_id, base = endpoint.order_id(), endpoint.public_url
    return {
        "pg_order_id": order_id,
        "pg_idempotency_key": f"{order_id}-1",
        "pg_amount": "1500.00",
        "pg_currency": "KZT",
        "pg_description": "Coffee",
        "pg_testing_mode": "1",
        "pg_auto_clearing": "1",
        "pg_lifetime": "3600",
        "pg_language": "ru",
        "pg_request_method": "POST",
        "pg_check_url": f"{base}/callbacks/paylink_check",
        "pg_result_url": f"{base}/callbacks/paylink_result",
        "pg_success_url": f"{base}/return/success",
        "pg_failure_url": f"{base}/return/failure",
        "pg_success_url_method": "GET",
        "pg_failure_url_method": "GET",
        "pg_site_url": "https://shop.example/thanks",
        "pg_user_ip": BUYER_IP,
    }


def test_a_plain_call_says_everything_explicitly_and_no_more(endpoint: Endpoint) -> None:
    assert endpoint({"link": "coffee"}).status == 201
    assert sent(endpoint) == plain_call(endpoint)
    (record,) = endpoint.sandbox.requests
    assert (record.method, record.path, record.signature_valid) == ("POST", "/init_payment.php", True)
    assert record.content_type == "application/x-www-form-urlencoded"
    (call,) = endpoint.calls()
    assert call["pg_merchant_id"] == MERCHANT_ID
    assert len(call["pg_salt"]) >= 16


def test_a_call_with_everything(endpoint: Endpoint) -> None:
    endpoint.put_link(**DELIVERY)
    asked = {
        "link": "delivery",
        "quantity": 3,
        "customer": {"email": "buyer@example.com", "phone": "+7 (777) 123-45-67", "id": "buyer_7"},
        "fields": {"address": "Абая 1;\nкв. 2", "comment": "до 18:00"},
        "language": "en",
        "reference": "INV-2026/17",
        "metadata": {"utm_source": "qr", "note": "за столом №4"},
        "success_url": "https://shop.example/ok",
        "presentation": "frame",
        "lifetime": 600,
    }
    answer = endpoint(asked)
    assert answer.status == 201
    assert sent(endpoint) == {
        **plain_call(endpoint),
        "pg_amount": "2100.00",
        "pg_description": "Delivery × 3",
        "pg_lifetime": "600",
        "pg_language": "en",
        "pg_payment_route": "frame",
        "pg_user_contact_email": "buyer@example.com",
        "pg_user_phone": "77771234567",
        "pg_user_id": "buyer_7",
        "m_reference": "INV-2026/17",
        "m_source": "site",
        "m_utm_source": "qr",
        "m_note": "за столом №4",
        "m_address": "Абая 1, кв. 2",
        "m_comment": "до 18:00",
    }


def test_contacts_pass_through_and_are_not_stored(endpoint: Endpoint) -> None:
    endpoint.put_link(**DELIVERY)
    personal = {
        "customer": {"email": "buyer@example.com", "phone": "77771234567", "id": "buyer_7"},
        "fields": {"address": "Абая 1", "comment": "домофон 12"},
    }
    assert endpoint({"link": "delivery", **personal}).status == 201
    stored = repr(endpoint.deployment.rows())
    for text in (*personal["customer"].values(), *personal["fields"].values(), BUYER_IP):
        assert text in repr(endpoint.calls())
        assert text not in stored


def test_contacts_are_kept_apart_where_the_owner_wants_that(endpoint: Endpoint) -> None:
    endpoint.start(KeepContacts="30")
    assert endpoint({"link": "coffee", "customer": {"email": "buyer@example.com"}}).status == 201
    (contacts,) = [row for row in endpoint.deployment.rows() if row["sk"] == "contacts"]
    kept = int(endpoint.now().timestamp()) + 30 * 86_400
    assert contacts["pk"] == endpoint.order_id()
    assert contacts["contacts"] == {"email": "buyer@example.com"}
    assert kept - 60 < contacts["ttl"] <= kept
    assert "buyer@example.com" not in repr(endpoint.order())
    assert endpoint({"link": "donation", "amount": "500"}, key="without-any-contacts").status == 201
    assert len([row for row in endpoint.deployment.rows() if row["sk"] == "contacts"]) == 1


@pytest.mark.parametrize(
    ("parameters", "link", "changed"),
    [
        ({"PublicUrl": "https://pay.shop.example"}, {}, {"base": "https://pay.shop.example"}),
        ({"PublicUrl": ""}, {}, {"base": f"https://{DOMAIN}"}),
        ({"TestMode": "false"}, {}, {"pg_testing_mode": "0"}),
        ({"TestMode": "false"}, {"test": True}, {"pg_testing_mode": "1"}),
        ({"TestMode": "true"}, {"test": False}, {"pg_testing_mode": "0"}),
        ({"Language": "kz"}, {}, {"pg_language": "kz"}),
        ({"Language": "kz"}, {"language": "en"}, {"pg_language": "en"}),
        ({"LifetimeSeconds": "900"}, {}, {"pg_lifetime": "900"}),
        ({"PaymentMethod": "bankcard"}, {}, {"pg_payment_method": "bankcard"}),
        ({}, {"capture": "manual"}, {"pg_auto_clearing": "0"}),
        ({}, {"title": "Tea; black"}, {"pg_description": "Tea, black"}),
        ({}, {"title": {"kz": "Шай", "ru": "Чай"}}, {"pg_description": "Чай"}),
    ],
)
def test_what_the_owner_decides(
    endpoint: Endpoint, parameters: dict[str, str], link: dict[str, object], changed: dict[str, str]
) -> None:
    endpoint.put_link(**{**COFFEE, **link})
    expected = plain_call(endpoint)
    base = changed.pop("base", None)
    if base is not None:
        expected = {name: text.replace(endpoint.public_url, base) for name, text in expected.items()}
    endpoint.start(**parameters)
    answer = endpoint({"link": "coffee"})
    assert answer.status == 201
    assert sent(endpoint) == {**expected, **changed}
    assert answer.document["status_url"].startswith(f"{base or endpoint.public_url}/payments/pl_")
    assert answer.document["test"] is (sent(endpoint)["pg_testing_mode"] == "1")


def test_the_newer_path_of_the_gateway(endpoint: Endpoint) -> None:
    endpoint.start(GatewayPath="/g2g/payment_page")
    first = endpoint({"link": "coffee"})
    assert first.status == 201
    endpoint.sandbox.decline(first.document["payment_id"])
    assert endpoint({"link": "coffee"}).status == 201
    paths = [(record.path, record.signature_valid) for record in endpoint.sandbox.requests]
    assert paths == [
        ("/g2g/payment_page", True),
        ("/g2g/status_v2", True),
        ("/g2g/payment_page", True),
    ]


def test_an_address_of_the_newer_internet_protocol_is_left_out(endpoint: Endpoint) -> None:
    assert endpoint({"link": "coffee"}, source_ip="2001:db8::7").status == 201
    assert "pg_user_ip" not in sent(endpoint)


def test_what_a_buyer_writes_cannot_become_a_field_of_the_gateway(endpoint: Endpoint) -> None:
    endpoint.put_link(**{**DONATION, "fields": ["name", "comment"]})
    smuggled = {"name": "x&pg_amount=1", "comment": "</pg_amount><pg_amount>1"}
    answer = endpoint({"link": "donation", "amount": "500", "fields": smuggled})
    assert answer.status == 201
    fields = sent(endpoint)
    assert fields["pg_amount"] == "500.00"
    assert (fields["m_name"], fields["m_comment"]) == (smuggled["name"], smuggled["comment"])
