"""Refunds, captures and cancellations: what is sent, and what each answer becomes."""

from decimal import Decimal

import pytest

from paylink.freedompay.client import Cancelled, Captured, Credentials, FreedomPayClient, Refunded
from paylink.freedompay.errors import (
    Advice,
    AmbiguousMessage,
    ForgedAnswer,
    GatewayError,
    GatewayUnclear,
    NoAnswer,
    NotReached,
    UnreadableAnswer,
)
from paylink.freedompay.forms import nested
from paylink.freedompay.messages import write_xml
from paylink.freedompay.signature import verify

KEY = "a-made-up-secret-key"
MERCHANT = Credentials("123456", KEY)
REFUNDED = {
    "pg_status": "ok",
    "pg_payment_id": "77",
    "pg_payment_refund_id": "78",
    "pg_refund_status": "success",
}
CAPTURED = {
    "pg_status": "ok",
    "pg_payment_id": "77",
    "pg_amount": "1500",
    "pg_clearing_amount": "1200.5",
    "pg_status_clearing": "1",
}
CANCELLED = {
    "pg_status": "ok",
    "pg_payment_id": "77",
    "pg_payment_revoke_id": "79",
    "pg_revoke_status": "success",
}
OPERATIONS = {
    "refund": (REFUNDED, Refunded("77", "78")),
    "clearing": (CAPTURED, Captured("77", Decimal("1200.5"))),
    "cancel": (CANCELLED, Cancelled("77", "79")),
}


@pytest.fixture
def client(gateway):
    client = FreedomPayClient(gateway.url)
    yield client
    client.close()


def _run(client, script, *, amount=None, fields=(), timeout=12.0):
    if script == "cancel":
        return client.cancel(MERCHANT, payment_id="77", fields=fields, timeout=timeout)
    call = client.refund if script == "refund" else client.capture
    return call(MERCHANT, payment_id="77", amount=amount, fields=fields, timeout=timeout)


def _answer(gateway, script, **changes):
    fields = {**OPERATIONS[script][0], **changes}
    return gateway.says(script, *((name, value) for name, value in fields.items() if value is not None))


@pytest.mark.parametrize("script", OPERATIONS)
class TestEachOperation:
    def test_a_signed_form_is_sent_and_the_answer_read(self, gateway, client, script):
        gateway.answers(_answer(gateway, script))
        assert _run(client, script) == OPERATIONS[script][1]
        sent = gateway.received[0]
        assert sent.path == f"/g2g/{script}"
        names = [name for name, _ in sent.fields]
        assert names == ["pg_merchant_id", "pg_payment_id", "pg_salt", "pg_sig"]
        assert verify(script, sent.fields, [KEY])

    def test_receipt_positions_go_along(self, gateway, client, script):
        gateway.answers(_answer(gateway, script))
        position = (("count", "1"), ("name", "Кофе"), ("tax_type", "0"), ("price", "1500.00"))
        _run(client, script, fields=[("pg_receipt_positions", position)])
        fields = nested(gateway.received[0].fields)
        assert ("pg_receipt_positions", position) in fields
        assert verify(script, fields, [KEY])

    @pytest.mark.parametrize(("code", "advice"), [(9999, Advice.UNKNOWN), (4006, Advice.DECLINED)])
    def test_what_the_gateway_refuses_is_told_apart(self, gateway, client, script, code, advice):
        refusal = (("pg_status", "error"), ("pg_error_code", str(code)), ("pg_error_description", "no"))
        gateway.answers(gateway.says(script, *refusal))
        with pytest.raises(GatewayError) as caught:
            _run(client, script)
        assert (caught.value.code, caught.value.description, caught.value.advice) == (code, "no", advice)

    def test_silence_is_unclear_and_never_sent_again(self, gateway, client, script):
        gateway.answers(lambda connection: connection.close())
        with pytest.raises(NoAnswer):
            _run(client, script, timeout=1.0)
        assert len(gateway.received) == 1

    def test_a_gateway_that_is_not_there_was_not_reached(self, gateway, script):
        gateway.stop()
        client = FreedomPayClient(gateway.url)
        with pytest.raises(NotReached):
            _run(client, script, timeout=1.0)
        client.close()

    @pytest.mark.parametrize("payment_id", ["770", "7", "077"])
    def test_an_answer_about_another_payment_is_forged(self, gateway, client, script, payment_id):
        gateway.answers(_answer(gateway, script, pg_payment_id=payment_id))
        with pytest.raises(ForgedAnswer):
            _run(client, script)

    def test_an_answer_signed_for_another_operation_is_forged(self, gateway, client, script):
        other = "cancel" if script == "refund" else "refund"
        gateway.answers(gateway.says(other, *OPERATIONS[script][0].items()))
        with pytest.raises(ForgedAnswer):
            _run(client, script)

    @pytest.mark.parametrize("payment_id", [None, "", "77 ", "x"])
    def test_an_answer_without_the_payment_is_unclear(self, gateway, client, script, payment_id):
        gateway.answers(_answer(gateway, script, pg_payment_id=payment_id))
        with pytest.raises(UnreadableAnswer, match="pg_payment_id"):
            _run(client, script)

    def test_ok_alone_does_not_say_that_it_is_done(self, gateway, client, script):
        gateway.answers(gateway.says(script, ("pg_status", "ok"), ("pg_payment_id", "77")))
        with pytest.raises(UnreadableAnswer):
            _run(client, script)

    def test_an_ambiguous_message_never_leaves(self, gateway, client, script):
        with pytest.raises(AmbiguousMessage):
            _run(client, script, fields=[("pg_reason", "because; of that")])
        assert not gateway.received


class TestAmounts:
    @pytest.mark.parametrize(
        ("script", "name"), [("refund", "pg_amount"), ("clearing", "pg_clearing_amount")]
    )
    def test_a_part_is_sent_as_digits(self, gateway, client, script, name):
        gateway.answers(_answer(gateway, script))
        _run(client, script, amount=Decimal("1E+3"))
        _run(client, script, amount=Decimal("40.50"))
        assert [dict(sent.fields)[name] for sent in gateway.received] == ["1000", "40.50"]

    @pytest.mark.parametrize("amount", ["0", "-1", "NaN", "Infinity"])
    @pytest.mark.parametrize("script", ["refund", "clearing"])
    def test_nothing_to_move_is_a_mistake_of_the_caller(self, gateway, client, script, amount):
        with pytest.raises(ValueError, match="positive"):
            _run(client, script, amount=Decimal(amount))
        assert not gateway.received

    @pytest.mark.parametrize("script", ["refund", "clearing"])
    def test_parts_of_a_minor_unit_are_never_sent(self, gateway, client, script):
        with pytest.raises(AmbiguousMessage):
            _run(client, script, amount=Decimal("0.001"))
        assert not gateway.received


class TestWords:
    @pytest.mark.parametrize("word", [None, "", "error", "failed", "process", "SUCCESS"])
    @pytest.mark.parametrize(
        ("script", "name"), [("refund", "pg_refund_status"), ("cancel", "pg_revoke_status")]
    )
    def test_any_other_word_than_success_leaves_it_open(self, gateway, client, script, name, word):
        gateway.answers(_answer(gateway, script, **{name: word}))
        with pytest.raises(GatewayUnclear, match=name):
            _run(client, script)

    @pytest.mark.parametrize("new_id", [None, "", "abc", "77", "1" * 21])
    @pytest.mark.parametrize(
        ("script", "name"), [("refund", "pg_payment_refund_id"), ("cancel", "pg_payment_revoke_id")]
    )
    def test_a_new_payment_has_an_id_of_its_own(self, gateway, client, script, name, new_id):
        gateway.answers(_answer(gateway, script, **{name: new_id}))
        with pytest.raises(UnreadableAnswer, match=name):
            _run(client, script)

    @pytest.mark.parametrize(
        "flags",
        [
            {"pg_status_clearing": "1"},
            {"pg_clearing_status": "1"},
            {"pg_status_clearing": "1", "pg_clearing_status": "1"},
        ],
    )
    def test_both_names_of_the_clearing_flag_are_read(self, gateway, client, flags):
        gateway.answers(_answer(gateway, "clearing", **{"pg_status_clearing": None, **flags}))
        assert _run(client, "clearing").amount == Decimal("1200.5")

    @pytest.mark.parametrize(
        "flags",
        [
            {"pg_status_clearing": "0"},
            {"pg_status_clearing": None, "pg_clearing_status": "0"},
            {"pg_clearing_status": "0"},
            {"pg_status_clearing": "yes"},
            {"pg_status_clearing": None},
        ],
    )
    def test_a_clearing_that_is_not_said_to_be_done_is_unclear(self, gateway, client, flags):
        gateway.answers(_answer(gateway, "clearing", **flags))
        with pytest.raises(UnreadableAnswer, match="pg_"):
            _run(client, "clearing")

    def test_the_cleared_sum_may_be_absent(self, gateway, client):
        gateway.answers(_answer(gateway, "clearing", pg_clearing_amount=None))
        assert _run(client, "clearing") == Captured("77", None)

    def test_an_unsigned_success_is_forged(self, gateway, client):
        document = write_xml(REFUNDED.items())
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(document)}\r\n\r\n".encode()
        gateway.answers(head + document)
        with pytest.raises(ForgedAnswer):
            _run(client, "refund")
