"""POST /payments while the shop is paused, not set up, or not what the gateway accepts."""

import json

import pytest

from engines.embedded_aws import MERCHANT_ID, MERCHANT_KEY
from integration.aws_failures import DYNAMODB_FAILURES, NO_ANSWER, SECRETS_FAILURES, Failing
from integration.create.assertions import assert_problem
from integration.create.endpoint import Endpoint
from integration.create.shop import KEY
from paylink.domain.order import Status

ASKED = {"link": "coffee"}
FOR_GOOD = ["110", "120", "200", "700", "701", "711", "850", "8016"] + [
    str(code) for code in range(9992, 9998)
]
OURS = ["100", "101", "1100", "9998"]
UNCLEAR = ["9999", "1000", "10000", "600", "465", "470", "99999", "123456", "0"]


def test_a_paused_shop_takes_nothing_new_but_answers_for_what_it_has(endpoint: Endpoint) -> None:
    first = endpoint(ASKED)
    endpoint.start(AcceptPayments="false")
    assert_problem(endpoint(ASKED, key=f"{KEY}-2"), 503, "payments_paused", retry_after=300)
    again = endpoint(ASKED)
    assert (again.status, again.document) == (200, first.document)
    endpoint.sandbox.pay(first.document["payment_id"])
    assert endpoint(ASKED).document["status"] == "paid"
    assert endpoint.orders() == [endpoint.order_id()]
    assert len(endpoint.calls()) == 1


def test_a_paused_shop_makes_no_further_attempt_either(endpoint: Endpoint) -> None:
    first = endpoint(ASKED)
    endpoint.sandbox.decline(first.document["payment_id"])
    endpoint.start(AcceptPayments="false")
    assert_problem(endpoint(ASKED), 503, "payments_paused", retry_after=300)
    assert len(endpoint.sandbox.requests) == 1
    endpoint.start()
    assert endpoint(ASKED).status == 201


@pytest.mark.parametrize(
    "secret",
    [
        None,
        "{}",
        "not json",
        json.dumps({"merchant_id": MERCHANT_ID}),
        json.dumps({"merchant_id": MERCHANT_ID, "secret_key": ""}),
        json.dumps({"merchant_id": MERCHANT_ID, "secret_key": "changeme"}),
        json.dumps({"merchant_id": "", "secret_key": MERCHANT_KEY}),
        json.dumps({"merchant_id": "shop", "secret_key": MERCHANT_KEY}),
    ],
)
def test_without_a_key_of_the_merchant_it_is_503(endpoint: Endpoint, secret: str | None) -> None:
    if secret is None:
        endpoint.deployment.unset_merchant()
    else:
        endpoint.deployment.set_merchant(secret)
    endpoint.start()
    answer = endpoint(ASKED)
    assert_problem(answer, 503, "not_configured", retry_after=300)
    assert "changeme" not in json.dumps(answer.document)
    assert endpoint.orders() == []
    assert endpoint.sandbox.requests == []


@pytest.mark.parametrize("failure", [*SECRETS_FAILURES, *NO_ANSWER])
def test_a_secret_store_that_fails_is_503_and_the_same_key_works_afterwards(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, failure: str
) -> None:
    failing = Failing(monkeypatch, endpoint.deployment.secrets, "get_secret_value")
    failing.failure = {**SECRETS_FAILURES, **NO_ANSWER}[failure]
    assert_problem(endpoint(ASKED), 503, "store_unavailable", retry_after=5)
    assert endpoint.orders() == []
    failing.mend()
    assert endpoint(ASKED).status == 201


@pytest.mark.parametrize("operation", ["get_item", "put_item", "update_item"])
@pytest.mark.parametrize("failure", [*list(DYNAMODB_FAILURES)[:3], "read timeout", "no connection"])
def test_a_table_that_fails_is_503_and_the_same_key_works_afterwards(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, operation: str, failure: str
) -> None:
    failing = Failing(monkeypatch, endpoint.deployment.dynamodb, operation)
    failing.failure = {**DYNAMODB_FAILURES, **NO_ANSWER}[failure]
    assert_problem(endpoint(ASKED), 503, "store_unavailable", retry_after=5)
    assert failing.calls
    failing.mend()
    # Where the claim arrived, its lease has to end first.
    endpoint.later += endpoint.order().lease_until - endpoint.now() if endpoint.orders() else endpoint.later
    answer = endpoint(ASKED)
    assert (answer.status, answer.document["status"]) == (201, "pending")
    assert endpoint.orders() == [endpoint.order_id()]
    assert endpoint.sandbox.payments()[-1].payment_id == answer.document["payment_id"]


@pytest.mark.parametrize("code", FOR_GOOD)
def test_a_refusal_for_good_is_remembered(endpoint: Endpoint, code: str) -> None:
    said = "parameter pg_user_phone +7 777 123 45 67 is wrong for buyer@example.com"
    endpoint.sandbox.faults.add("create", "error", code=code, description=said)
    first = endpoint(ASKED)
    assert_problem(first, 502, "gateway_refused")
    assert first.document["gateway_code"] == int(code)
    assert first.document["gateway_description"] == "parameter pg_user_phone … is wrong for …"
    assert not first.is_replay
    assert endpoint.order().status is Status.REFUSED
    again = endpoint(ASKED)
    assert_problem(again, 502, "gateway_refused")
    assert again.is_replay
    remembered = {"gateway_code": int(code), "gateway_description": first.document["gateway_description"]}
    assert {name: again.document[name] for name in remembered} == remembered
    assert len(endpoint.sandbox.requests) == 1
    assert endpoint(ASKED, key=f"{KEY}-2").status == 201


@pytest.mark.parametrize("code", OURS)
def test_our_own_misconfiguration_stays_open(endpoint: Endpoint, code: str) -> None:
    endpoint.sandbox.faults.add("create", "error", code=code, http_status=401)
    answer = endpoint(ASKED)
    assert_problem(answer, 502, "gateway_misconfigured", retry_after=60)
    assert answer.document["gateway_code"] == int(code)
    assert endpoint.order().status is Status.CREATING
    mended = endpoint(ASKED)
    assert (mended.status, mended.document["status"]) == (201, "pending")
    assert endpoint.orders() == [endpoint.order_id()]
    assert len(endpoint.sandbox.payments()) == 1


def test_a_wrong_key_at_the_gateway_until_the_gateway_is_mended(endpoint: Endpoint) -> None:
    endpoint.sandbox.settings.update({"secret_key": "the-key-that-the-gateway-holds"})
    for _ in range(2):
        answer = endpoint(ASKED)
        assert_problem(answer, 502, "gateway_misconfigured", retry_after=60)
        assert answer.document["gateway_code"] == 1100
    assert endpoint.sandbox.payments() == []
    endpoint.sandbox.settings.update({"secret_key": MERCHANT_KEY})
    answer = endpoint(ASKED)
    assert (answer.status, answer.document["status"]) == (201, "pending")
    assert len(endpoint.sandbox.payments()) == 1


def test_a_wrong_key_of_ours_works_once_the_owner_has_mended_the_secret(endpoint: Endpoint) -> None:
    """Within the minute that Retry-After names, and not only when the secret kept in memory has aged."""
    right = "the-key-that-the-gateway-holds"
    endpoint.sandbox.settings.update({"secret_key": right})
    assert_problem(endpoint(ASKED), 502, "gateway_misconfigured", retry_after=60)
    endpoint.deployment.set_merchant(endpoint.deployment.merchant_document(secret_key=right))
    parts = endpoint.function.parts.create
    parts._merchant._refreshed_at = None  # a minute has passed
    answers = [endpoint(ASKED) for _ in range(2)]
    assert answers[-1].status == 201, answers[-1].document
    assert len(endpoint.sandbox.payments()) == 1


@pytest.mark.parametrize("code", UNCLEAR)
def test_any_other_error_stays_open(endpoint: Endpoint, code: str) -> None:
    endpoint.sandbox.faults.add("create", "error", code=code, created=True)
    answer = endpoint(ASKED)
    assert_problem(answer, 502, "gateway_unclear", retry_after=2)
    assert answer.document.get("gateway_code") == int(code)
    assert endpoint.order().status is Status.CREATING
    settled = endpoint(ASKED)
    assert (settled.status, settled.document["status"]) == (201, "pending")
    assert [payment.payment_id for payment in endpoint.sandbox.payments()] == [settled.document["payment_id"]]


@pytest.mark.parametrize(
    ("kind", "status", "code", "retry_after"),
    [
        ("drop_before", 504, "gateway_silent", 5),
        ("drop_after", 504, "gateway_silent", 5),
        ("http_500", 502, "gateway_unclear", 2),
        ("html", 502, "gateway_unclear", 2),
        ("wrong_signature", 502, "gateway_unclear", 2),
    ],
)
def test_no_answer_or_none_that_can_be_understood_stays_open(
    endpoint: Endpoint, kind: str, status: int, code: str, retry_after: int
) -> None:
    endpoint.sandbox.faults.add("create", kind)
    assert_problem(endpoint(ASKED), status, code, retry_after=retry_after)
    order = endpoint.order()
    assert (order.status, order.payment_id, order.waiting) == (Status.CREATING, None, True)


def test_a_gateway_that_does_not_run_is_504_and_open(endpoint: Endpoint) -> None:
    endpoint.start(GatewayUrl="http://127.0.0.1:9")
    assert_problem(endpoint(ASKED), 504, "gateway_silent", retry_after=5)
    assert endpoint.order().status is Status.CREATING


def test_a_function_with_no_time_left_sends_nothing(endpoint: Endpoint) -> None:
    """What began too late to end would only leave a payment that nobody knows."""
    event = {"link": "coffee"}
    short = endpoint.function
    endpoint.function = lambda event: short(event, milliseconds=4000)
    assert_problem(endpoint(event), 504, "gateway_silent", retry_after=5)
    assert endpoint.sandbox.requests == []
    assert endpoint.order().status is Status.CREATING
