"""The refunds and reversals that a status lists, in both of the forms that the gateway writes."""

from decimal import Decimal

import pytest

from paylink.freedompay.answers import read_answer, read_status
from paylink.freedompay.errors import UnreadableAnswer
from paylink.freedompay.messages import write_xml
from paylink.freedompay.refunds import Refund, RefundState
from paylink.freedompay.signature import signed

KEY = "a-made-up-secret-key"
STATUS = [
    ("pg_status", "ok"),
    ("pg_payment_id", "77"),
    ("pg_order_id", "pl_1"),
    ("pg_payment_status", "success"),
    ("pg_captured", "1"),
    ("pg_amount", "100"),
    ("pg_refund_amount", "-60"),
]


def _item(payment_id="78", amount="-40", word="success", **more):
    fields = {"pg_payment_id": payment_id, "pg_payment_status": word, "pg_amount": amount, **more}
    return tuple((name, value) for name, value in fields.items() if value is not None)


FIRST, SECOND = _item(), _item("79", "-20.00", pg_payment_date="2026-01-02 03:04:05", pg_reference="1")
BOTH = (
    Refund("78", Decimal(40), RefundState.DONE),
    Refund("79", Decimal(20), RefundState.DONE),
)
FORMS = {
    "repeated": [("pg_refund_payments", FIRST), ("pg_refund_payments", SECOND)],
    "wrapped": [("pg_refund_payments", (("pg_refund_payment", FIRST), ("pg_refund_payment", SECOND)))],
    "wrapped one by one": [
        ("pg_refund_payments", (("pg_refund_payment", FIRST),)),
        ("pg_refund_payments", (("pg_refund_payment", SECOND),)),
    ],
}


def _read(*fields):
    return read_status([*STATUS, *fields], 200, payment_id="77")


@pytest.mark.parametrize("script", ["status_v2", "get_status3.php"])
@pytest.mark.parametrize("form", FORMS)
def test_refunds_of_a_signed_answer(form, script):
    document = write_xml(signed(script, [*STATUS, *FORMS[form]], KEY))
    status = read_status(read_answer(script, document, [KEY], 200), 200, payment_id="77")
    assert status.refunds == BOTH
    assert status.refunded_amount == 60


def test_a_single_refund():
    assert _read(("pg_refund_payments", FIRST)).refunds == BOTH[:1]
    assert _read(("pg_refund_payments", (("pg_refund_payment", FIRST),))).refunds == BOTH[:1]


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param([], id="absent"),
        pytest.param([("pg_refund_payments", "")], id="empty"),
        pytest.param([("pg_refund_payments", (("pg_refund_payment", ""),))], id="empty inside"),
    ],
)
def test_no_refunds(fields):
    assert _read(*fields).refunds == ()


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("success", RefundState.DONE),
        ("ok", RefundState.DONE),
        ("refunded", RefundState.DONE),
        ("process", RefundState.PENDING),
        ("pending", RefundState.PENDING),
        ("new", RefundState.PENDING),
        ("error", RefundState.FAILED),
        ("failed", RefundState.FAILED),
        ("a-new-word", RefundState.UNKNOWN),
        ("SUCCESS", RefundState.UNKNOWN),
        ("", RefundState.UNKNOWN),
        (None, RefundState.UNKNOWN),
    ],
)
def test_the_words(word, state):
    assert _read(("pg_refund_payments", _item(word=word))).refunds[0].state is state


@pytest.mark.parametrize("amount", ["-40", "-40.00", "40"])
def test_a_sum_is_positive_here(amount):
    assert _read(("pg_refund_payments", _item(amount=amount))).refunds[0].amount == 40


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param([("pg_refund_payments", "78")], id="text"),
        pytest.param([("pg_refund_payments", (("pg_refund_payment", "78"),))], id="text inside"),
        pytest.param(
            [("pg_refund_payments", (("pg_refund_payment", FIRST), ("pg_amount", "-40")))], id="mixed"
        ),
        pytest.param([("pg_refund_payments", _item(payment_id=None))], id="no id"),
        pytest.param([("pg_refund_payments", _item(payment_id=""))], id="empty id"),
        pytest.param([("pg_refund_payments", _item(payment_id="x8"))], id="no number"),
        pytest.param([("pg_refund_payments", (*FIRST, ("pg_payment_id", "80")))], id="two ids"),
        pytest.param([("pg_refund_payments", _item(amount=None))], id="no sum"),
        pytest.param([("pg_refund_payments", _item(amount="-4e1"))], id="no amount"),
        pytest.param([("pg_refund_payments", _item(amount="--40"))], id="two signs"),
        pytest.param([("pg_refund_payments", (*FIRST, ("pg_amount", "-1")))], id="two sums"),
        pytest.param([("pg_refund_payments", _item(word=(("a", "b"),)))], id="nested word"),
        pytest.param([("pg_refund_payments", FIRST), ("pg_refund_payments", FIRST)], id="one refund twice"),
        pytest.param(
            [
                (
                    "pg_refund_payments",
                    (("pg_refund_payment", FIRST), ("pg_refund_payment", _item(word="error"))),
                )
            ],
            id="one id twice",
        ),
        pytest.param([("pg_revoked_payments", "79")], id="reversals as text"),
        pytest.param(
            [("pg_revoked_payments", (("pg_payment_status", "success"),))], id="reversal without id"
        ),
    ],
)
def test_a_list_that_cannot_be_read_whole_is_not_read_in_part(fields):
    with pytest.raises(UnreadableAnswer, match="pg_") as caught:
        _read(*fields)
    assert caught.value.http_status == 200


@pytest.mark.parametrize(
    "fields",
    [
        [("pg_revoked_payments", (("pg_payment_id", "90"), ("pg_payment_status", "success")))],
        [
            (
                "pg_revoked_payments",
                (("pg_revoked_payment", (("pg_payment_id", "90"), ("pg_payment_status", "success"))),),
            )
        ],
    ],
)
def test_reversals(fields):
    assert _read(*fields).revoked == ("90",)


@pytest.mark.parametrize("word", ["error", "process", "", "a-new-word"])
def test_a_reversal_that_is_not_done_is_none(word):
    fields = (("pg_payment_id", "90"), ("pg_payment_status", word))
    assert _read(("pg_revoked_payments", fields)).revoked == ()
