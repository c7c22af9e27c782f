"""Messages signed with what is no key, or not yet one, or one of another message."""

import itertools
import os
from typing import Any

import pytest

from engines.embedded_aws import MERCHANT_ID, MERCHANT_KEY
from integration.callback.conftest import Callback
from integration.callback.template_values import PLACEHOLDERS, template_values
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
from integration.lambda_function import SHOP_URL
from integration.stored_orders import stored_order
from paylink.domain.order import Status

NO_KEYS: list[Any] = [*PLACEHOLDERS, None, True, 123456789012, 1.5, ["abcdefghijkl"], {"key": "abcdefghijkl"}]
STARTS_AND_ENDS = ("success", "failure", "init_payment.php", "payment_page", "get_status3.php", "status_v2")
SCRIPTS = (CHECK, RESULT, *STARTS_AND_ENDS, "", "callbacks", "PAYLINK_RESULT", "paylink_result/", "result")


def refused(reply: Reply, status: int) -> bool:
    """Whether a message was turned away without a signature, and without a word about the right one."""
    assert (reply.status, reply.word, reply.content_type) == (status, "error", "application/xml")
    assert reply.unsigned
    assert {name for name, _ in reply.fields} == {"pg_status", "pg_error_description"}
    return True


def test_nothing_that_the_template_ever_contained_is_a_key(
    callback: Callback, deployment: Deployment
) -> None:
    deployment.put_order(stored_order())
    before = deployment.items()
    surroundings = {*deployment.physical_ids.values(), SHOP_URL, *os.environ.values(), *os.environ}
    values = [*template_values(), *surroundings, *PLACEHOLDERS, MERCHANT_ID, ORDER_ID, PAYMENT_ID]
    assert len(values) > 1000
    assert MERCHANT_KEY not in values
    for value in values:
        assert refused(callback.result(PAID, key=value), 403), value
    for value in (
        MERCHANT_KEY[:-1],
        MERCHANT_KEY.upper(),
        f" {MERCHANT_KEY}",
        f"{MERCHANT_KEY}\n",
        f"{MERCHANT_KEY};",
    ):
        assert refused(callback.result(PAID, key=value), 403), value
    assert deployment.items() == before
    # The same message with the key is taken: it was the key alone that was wrong.
    assert callback.result(PAID).word == "ok"
    assert deployment.order(ORDER_ID).status is Status.PAID


@pytest.mark.parametrize("script", [CHECK, RESULT])
def test_no_key_is_set_yet(script: str, callback: Callback, deployment: Deployment) -> None:
    """As the template deploys the secret: without a value. The gateway calls again; nothing is lost."""
    deployment.put_order(stored_order())
    before = deployment.items()
    deployment.unset_merchant()
    callback.function.parts.answer._merchant._provider._secret = deployment.merchant_secret
    for key in ("", *PLACEHOLDERS, *template_values()[::25], MERCHANT_KEY):
        message = signed(script, PAID if script == RESULT else QUESTION, key=key)
        assert refused(callback.send(script, message), 503), key
    assert refused(callback.send(script, list(PAID.items())), 403)  # unsigned is refused without any key
    assert deployment.items() == before
    deployment.set_merchant(deployment.merchant_document())
    message = signed(script, PAID if script == RESULT else QUESTION)
    assert callback.send(script, message).word == "ok"


def test_what_is_no_key_never_signs_nor_verifies(callback: Callback, deployment: Deployment) -> None:
    deployment.put_order(stored_order())
    before = deployment.items()
    for value in NO_KEYS:
        deployment.set_merchant(deployment.merchant_document(secret_key=value))
        callback.forget_secret()
        for key in {str(value), str(value).strip(), "", MERCHANT_KEY}:
            assert refused(callback.result(PAID, key=key), 503), value
    assert deployment.items() == before


def test_what_is_no_key_does_not_verify_as_a_former_one_either(
    callback: Callback, deployment: Deployment
) -> None:
    deployment.put_order(stored_order())
    before = deployment.items()
    former = [{"secret_key": value, "accept_until": "2099-01-01T00:00:00Z"} for value in NO_KEYS]
    for previous in (former, {"secret_key": "x"}, "previous", [None, 1, "x", []]):
        deployment.set_merchant(deployment.merchant_document(previous=previous))
        callback.forget_secret()
        for value in NO_KEYS:
            assert refused(callback.result(PAID, key=str(value)), 403), value
    assert deployment.items() == before
    assert callback.result(PAID).word == "ok"  # what is wrong with a former key does not stop the present one


def test_secret_that_holds_the_template_s_own_text(callback: Callback, deployment: Deployment) -> None:
    """Whoever copies the sample from a description, or a bare key without its JSON, has not set a key."""
    deployment.put_order(stored_order())
    before = deployment.items()
    for value in [
        text for text in (*template_values()[::20], *PLACEHOLDERS, "[]", "{}", '"key"', "1") if text
    ]:
        deployment.set_merchant(value)
        callback.forget_secret()
        for key in (value, MERCHANT_KEY):
            assert refused(callback.result(PAID, key=key), 503), value
    assert deployment.items() == before


@pytest.mark.parametrize(
    "merchant_id", ["", "...", "your-merchant-id", None, "5 0", "\u0665\u0660", "1" * 21, "-5", "5e4"]
)
def test_secret_without_a_merchant_number(
    merchant_id: object, callback: Callback, deployment: Deployment
) -> None:
    deployment.set_merchant(deployment.merchant_document(merchant_id=merchant_id))
    assert refused(callback.result(PAID), 503)


def test_merchant_number_may_be_a_json_number(callback: Callback, deployment: Deployment) -> None:
    deployment.put_order(stored_order())
    deployment.set_merchant(deployment.merchant_document(merchant_id=int(MERCHANT_ID)))
    assert callback.result({**PAID, "pg_merchant_id": MERCHANT_ID}).word == "ok"


@pytest.mark.parametrize(("script", "signs"), list(itertools.product([CHECK, RESULT], SCRIPTS)))
def test_message_of_another_address(
    script: str, signs: str, callback: Callback, deployment: Deployment
) -> None:
    """A genuine message of the return page, of a gateway call, or of the other callback is none here."""
    deployment.put_order(stored_order())
    before = deployment.items()
    for fields in (PAID, QUESTION):
        reply = callback.send(script, signed(signs, fields))
        if script == signs:
            assert reply.status in {200, 400}
        else:
            assert refused(reply, 403)
            assert deployment.items() == before


def test_our_own_answers_come_back_as_messages(callback: Callback, deployment: Deployment) -> None:
    deployment.put_order(stored_order())
    for script, fields in (
        (CHECK, QUESTION),
        (RESULT, changed(PAID, pg_amount="1")),
        (RESULT, changed(PAID, pg_order_id="1")),
    ):
        answer = callback.send(script, signed(script, fields))
        assert answer.signed_with(script)
        before = deployment.items()
        for delivery in DELIVERIES.values():
            assert refused(callback.send(script, answer.fields, delivery), 400)
            other = RESULT if script == CHECK else CHECK
            assert refused(callback.send(other, answer.fields, delivery), 403)
        assert deployment.items() == before


@pytest.mark.parametrize("merchant", ["500002", "0500001", " 500001", "500001 ", "", "500001;"])
@pytest.mark.parametrize("script", [CHECK, RESULT])
def test_message_to_another_merchant(
    script: str, merchant: str, callback: Callback, deployment: Deployment
) -> None:
    """One key may serve several shops of an owner; each answers for its own alone."""
    deployment.put_order(stored_order())
    before = deployment.items()
    fields = PAID if script == RESULT else QUESTION
    for delivery in DELIVERIES.values():
        message = signed(script, {**fields, "pg_merchant_id": merchant})
        assert refused(callback.send(script, message, delivery), 403)
    assert deployment.items() == before
    assert callback.send(script, signed(script, {**fields, "pg_merchant_id": MERCHANT_ID})).word == "ok"


ALTERED = {
    "no signature": lambda _: [],
    "an empty one": lambda _: [("pg_sig", "")],
    "in upper case": lambda sig: [("pg_sig", sig.upper())],
    "cut short": lambda sig: [("pg_sig", sig[:-1])],
    "padded": lambda sig: [("pg_sig", f"{sig} ")],
    "one digit off": lambda sig: [("pg_sig", sig[:-1] + ("0" if sig[-1] != "0" else "1"))],
    "not ASCII": lambda _: [("pg_sig", "п" * 32)],
    "given twice": lambda sig: [("pg_sig", sig), ("pg_sig", sig)],
    "beside a wrong one": lambda sig: [("pg_sig", "0" * 32), ("pg_sig", sig)],
    "with parts": lambda sig: [("pg_sig", [("a", sig)])],
    "under another name": lambda sig: [("PG_SIG", sig)],
}


@pytest.mark.parametrize("name", ALTERED)
def test_signature_is_altered(name: str, callback: Callback, deployment: Deployment) -> None:
    deployment.put_order(stored_order())
    before = deployment.items()
    *fields, (_, signature) = signed(RESULT, PAID)
    for way, delivery in DELIVERIES.items():
        reply = callback.send(RESULT, [*fields, *ALTERED[name](str(signature))], delivery)
        assert refused(reply, 403), way
    assert deployment.items() == before


@pytest.mark.parametrize("field", [*PAID, "pg_salt"])
def test_each_value_is_under_the_signature(field: str, callback: Callback, deployment: Deployment) -> None:
    deployment.put_order(stored_order())
    before = deployment.items()
    message = signed(RESULT, PAID)
    altered = [(name, f"{value}1" if name == field else value) for name, value in message]
    assert refused(callback.send(RESULT, altered), 403)
    without = [(name, value) for name, value in message if name != field]
    assert refused(callback.send(RESULT, without), 403)
    assert deployment.items() == before
