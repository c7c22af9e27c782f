"""The table or the secret cannot be reached: 503, nothing is lost, and the next delivery heals it."""

from collections.abc import Callable

import pytest
from botocore.exceptions import ReadTimeoutError

from integration.aws_failures import (
    DYNAMODB_FAILURES,
    ENDPOINT,
    NO_ANSWER,
    SECRETS_FAILURES,
    Failing,
    refused,
)
from integration.callback.conftest import Callback
from integration.deployment import Deployment
from integration.gateway_message import (
    CHECK,
    DELIVERIES,
    ORDER_ID,
    PAID,
    PAYMENT_ID,
    QUESTION,
    RESULT,
    Reply,
    changed,
    signed,
)
from integration.stored_orders import AMOUNT, stored_order
from paylink.domain.order import Order, Payment, PaymentState, Status

Fail = Callable[[str], Failing]
FAILURES = {**DYNAMODB_FAILURES, **NO_ANSWER}

# What is sent, to which order, and the calls that it takes.
PLAIN = (RESULT, PAID, stored_order())
JUDGED = (RESULT, changed(PAID, pg_captured="0"), stored_order())
EARLY = (RESULT, PAID, stored_order(Status.CREATING))
STRANGE = (RESULT, changed(PAID, pg_order_id="130"), stored_order())
ASKED = (CHECK, QUESTION, stored_order())
CALLS = [
    pytest.param(PLAIN, "update_item", id="plain-result"),
    pytest.param(JUDGED, "get_item", id="judged-result-reads"),
    pytest.param(JUDGED, "update_item", id="judged-result-writes"),
    pytest.param(EARLY, "update_item", id="early-result"),
    pytest.param(STRANGE, "put_item", id="unknown-order"),
    pytest.param(ASKED, "get_item", id="check-reads"),
    pytest.param(ASKED, "update_item", id="check-writes"),
]
Sent = tuple[str, dict[str, str], Order]


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch, deployment: Deployment) -> Fail:
    """Puts a failing operation into the table's client: `fail("update_item").failure = ...`."""
    return lambda operation: Failing(monkeypatch, deployment.dynamodb, operation)


@pytest.fixture
def secret_value(monkeypatch: pytest.MonkeyPatch, deployment: Deployment) -> Failing:
    return Failing(monkeypatch, deployment.secrets, "get_secret_value")


def postponed(reply: Reply) -> bool:
    assert (reply.status, reply.word, reply.content_type) == (503, "error", "application/xml")
    assert reply.unsigned
    assert len(reply.body) < 300
    return True


@pytest.mark.parametrize(("sent", "operation"), CALLS)
def test_table_fails_and_the_next_delivery_heals_it(
    sent: Sent, operation: str, callback: Callback, deployment: Deployment, fail: Fail
) -> None:
    script, fields, order = sent
    deployment.put_order(order)
    before = deployment.items()
    failing = fail(operation)
    for failing.failure in FAILURES.values():
        assert postponed(callback.send(script, signed(script, fields))), failing.failure
    assert len(failing.calls) >= len(FAILURES)
    failing.mend()
    assert deployment.items() == before
    reply = callback.send(script, signed(script, fields))
    assert (reply.status, reply.word) == ((404, "error") if sent is STRANGE else (200, "ok"))
    assert reply.signed_with(script)


@pytest.mark.parametrize(("sent", "operation"), CALLS)
def test_write_arrives_though_its_answer_is_lost(
    sent: Sent, operation: str, callback: Callback, deployment: Deployment, fail: Fail
) -> None:
    """The same message again finds what the first one wrote, and changes nothing more."""
    script, fields, order = sent
    deployment.put_order(order)
    failing = fail(operation)
    failing.failure, failing.arrives = ReadTimeoutError(endpoint_url=ENDPOINT), True
    assert postponed(callback.send(script, signed(script, fields)))
    failing.mend()
    written = deployment.items()
    reply = callback.send(script, signed(script, fields))
    assert (reply.status, reply.word) == ((404, "error") if sent is STRANGE else (200, "ok"))
    if script == RESULT and operation != "get_item":
        assert deployment.items() == written
    order = deployment.order(ORDER_ID)
    if sent in (PLAIN, EARLY):
        assert (order.status, order.captured_amount, order.attention) == (Status.PAID, AMOUNT, ())
        assert order.payments == {PAYMENT_ID: Payment(PaymentState.PAID, AMOUNT, AMOUNT)}
    if sent is JUDGED:
        assert (order.status, order.attention) == (Status.AUTHORIZED, ())


def test_rejection_is_told_the_same_after_its_answer_was_lost(
    callback: Callback, deployment: Deployment, fail: Fail
) -> None:
    deployment.put_order(stored_order())
    less = changed(PAID, pg_amount="1")
    failing = fail("update_item")
    # The plain write's condition fails as it should; the one that notes the rejection loses its answer.
    failing.failure, failing.arrives = ReadTimeoutError(endpoint_url=ENDPOINT), True
    postponed(callback.result(changed(less, pg_captured="0")))
    failing.mend()
    assert callback.result(changed(less, pg_captured="0")).word == "rejected"
    assert deployment.order(ORDER_ID).payments[PAYMENT_ID] == Payment(PaymentState.REJECTED, 100)


def test_others_change_the_order_all_the_time(
    callback: Callback, deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A conflict is judged anew on the row as it is, a bounded number of times."""
    deployment.put_order(stored_order())
    real, calls = deployment.dynamodb.update_item, []

    def contended(**request: object) -> object:
        calls.append(request)
        deployment.put_order(stored_order(sequence=100 + len(calls)))
        return real(**request)

    with monkeypatch.context() as patched:
        patched.setattr(deployment.dynamodb, "update_item", contended)
        assert postponed(callback.result(changed(PAID, pg_captured="0")))
    assert 2 < len(calls) < 20
    assert deployment.order(ORDER_ID).status is Status.PENDING
    assert callback.result(changed(PAID, pg_captured="0")).word == "ok"
    assert deployment.order(ORDER_ID).status is Status.AUTHORIZED


def test_order_is_settled_between_reading_and_writing(
    callback: Callback, deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two deliveries at once: the second one's write fails on its condition and it gives the stored answer."""
    deployment.put_order(stored_order())
    real = deployment.dynamodb.update_item
    inner: list[Reply] = []

    def overtaken(**request: object) -> object:
        monkeypatch.setattr(deployment.dynamodb, "update_item", real)
        inner.append(callback.result(PAID))
        return real(**request)

    monkeypatch.setattr(deployment.dynamodb, "update_item", overtaken)
    assert callback.result(changed(PAID, pg_captured="0")).word == "ok"
    assert [reply.word for reply in inner] == ["ok"]
    order = deployment.order(ORDER_ID)
    assert (order.status, order.captured_amount, order.attention) == (Status.PAID, AMOUNT, ())
    assert len(order.answers) == 2


@pytest.mark.parametrize("name", [*SECRETS_FAILURES, *NO_ANSWER])
@pytest.mark.parametrize("script", [CHECK, RESULT])
def test_secret_cannot_be_reached(
    name: str, script: str, callback: Callback, deployment: Deployment, secret_value: Failing
) -> None:
    deployment.put_order(stored_order())
    before = deployment.items()
    secret_value.failure = {**SECRETS_FAILURES, **NO_ANSWER}[name]
    message = signed(script, PAID if script == RESULT else QUESTION)
    assert postponed(callback.send(script, message))
    assert postponed(callback.send(script, signed(script, PAID, key="any key that a stranger has")))
    assert (
        callback.send(script, message[:-1]).status == 403
    )  # without a signature there is nothing to look up
    assert deployment.items() == before
    secret_value.mend()
    assert callback.send(script, message).word == "ok"


def test_secret_has_no_value_yet(callback: Callback, deployment: Deployment, secret_value: Failing) -> None:
    deployment.put_order(stored_order())
    secret_value.failure = refused("ResourceNotFoundException")
    for delivery in DELIVERIES.values():
        assert postponed(callback.result(PAID, delivery))
    secret_value.mend()
    assert callback.result(PAID).word == "ok"


def test_secret_in_hand_outlasts_a_failure_of_its_store(
    callback: Callback, deployment: Deployment, secret_value: Failing
) -> None:
    deployment.put_order(stored_order())
    assert callback.send(CHECK, signed(CHECK, QUESTION)).word == "ok"
    secret_value.failure = refused("InternalServiceError", 500)
    assert callback.result(PAID).word == "ok"
    assert len(secret_value.calls) == 1


def test_secret_as_bytes_is_no_key(callback: Callback, deployment: Deployment) -> None:
    deployment.secrets.put_secret_value(
        SecretId=deployment.merchant_secret, SecretBinary=b'{"secret_key": "x"}'
    )
    assert postponed(callback.result(PAID))


def test_fault_of_ours_is_no_answer(callback: Callback, deployment: Deployment, fail: Fail) -> None:
    """What is a bug stays one, for the platform to count; the gateway calls again after any such answer."""
    deployment.put_order(stored_order())
    failing = fail("update_item")
    failing.failure = refused("ValidationException")
    with pytest.raises(Exception, match="ClientError") as raised:
        callback.result(PAID)
    assert type(raised.value).__name__ == "Unexpected"
    failing.mend()
    assert callback.result(PAID).word == "ok"
