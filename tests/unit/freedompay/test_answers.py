"""What an answer says: errors first, then the signature, then each field in its format."""

from decimal import Decimal

import pytest

from paylink.freedompay.answers import PaymentState, read_answer, read_created, read_status
from paylink.freedompay.errors import (
    Advice,
    ForgedAnswer,
    GatewayError,
    UnreadableAnswer,
    gateway_error,
)
from paylink.freedompay.messages import write_xml
from paylink.freedompay.signature import signed

KEY = "a-made-up-secret-key"
PAGE = "https://customer.freedompay.kz/pay.html?customer=0a1b"
CREATED = [
    ("pg_status", "ok"),
    ("pg_payment_id", "1432343252"),
    ("pg_redirect_url", PAGE),
    ("pg_redirect_url_type", "need data"),
]
STATUS = [
    ("pg_status", "ok"),
    ("pg_payment_id", "77"),
    ("pg_order_id", "pl_1"),
    ("pg_amount", "1500.00"),
    ("pg_currency", "KZT"),
]


def _document(fields: list, key: str = KEY, script: str = "init_payment.php") -> bytes:
    return write_xml(signed(script, fields, key))


def _replaced(fields: list, **changes: str | None) -> list:
    kept = [(name, changes.pop(name, value)) for name, value in fields]
    return [field for field in [*kept, *changes.items()] if field[1] is not None]


class TestReadAnswer:
    def test_a_signed_answer(self):
        fields = read_answer("init_payment.php", _document(CREATED), [KEY], 200)
        assert fields[:4] == CREATED

    def test_a_former_key_will_do(self):
        assert read_answer("init_payment.php", _document(CREATED), ["new", KEY])

    @pytest.mark.parametrize(
        "document",
        [
            pytest.param(_document(CREATED, key="another"), id="another key"),
            pytest.param(_document(CREATED, script="payment.php"), id="another script"),
            pytest.param(_document(CREATED, script=""), id="empty script"),
            pytest.param(write_xml(CREATED), id="unsigned"),
            pytest.param(_document(CREATED).replace(b"customer=0a1b", b"customer=evil"), id="changed"),
            pytest.param(_document([("pg_status", "pending")], key="another"), id="unknown word, unsigned"),
        ],
    )
    def test_no_answer_but_an_error_counts_without_a_signature(self, document):
        with pytest.raises(ForgedAnswer):
            read_answer("init_payment.php", document, [KEY], 200)

    @pytest.mark.parametrize("http_status", [200, 401, 404, 500])
    def test_an_unsigned_error_counts_whatever_the_http_status(self, http_status):
        fields = [
            ("pg_status", "error"),
            ("pg_error_code", "1100"),
            ("pg_error_description", "bad signature"),
        ]
        with pytest.raises(GatewayError) as caught:
            read_answer("init_payment.php", write_xml(fields), [KEY], http_status)
        error = caught.value
        assert type(error) is type(gateway_error(1100))
        assert (error.code, error.description, error.http_status) == (1100, "bad signature", http_status)
        assert error.advice is Advice.MISCONFIGURED
        assert error.signed is False

    def test_a_signed_error_says_so(self):
        with pytest.raises(GatewayError) as caught:
            read_answer(
                "x", _document([("pg_status", "error"), ("pg_error_code", "9999")], script="x"), [KEY]
            )
        assert caught.value.signed is True

    @pytest.mark.parametrize("code", [None, "", "abc", "-1", "1e3", "9" * 10, "٣٤٠"])
    def test_an_error_without_a_usable_code_is_still_an_error(self, code):
        fields = [("pg_status", "error")]
        if code is not None:
            fields.append(("pg_error_code", code))
        with pytest.raises(GatewayError) as caught:
            read_answer("x", write_xml(fields), [KEY])
        assert caught.value.code == 0
        assert caught.value.advice is Advice.UNKNOWN

    @pytest.mark.parametrize(
        "document",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b"OK", id="text"),
            pytest.param(b"<html><body>502 Bad Gateway</body></html>", id="HTML"),
            pytest.param(b"<!DOCTYPE html><html></html>", id="HTML with a document type"),
            pytest.param(b'{"pg_status": "ok"}', id="JSON"),
            pytest.param(b"<request><pg_status>ok</pg_status></request>", id="another root"),
            pytest.param(b"<response/>", id="no fields"),
            pytest.param(b"<response>ok</response>", id="text alone"),
            pytest.param(b"<response><pg_status>ok</pg_status>", id="cut off"),
            pytest.param(b"\xff\xfe<response/>", id="not UTF-8"),
            pytest.param(_document([("pg_payment_id", "1")]), id="no pg_status"),
            pytest.param(_document([("pg_status", "")]), id="empty pg_status"),
            pytest.param(_document([("pg_status", "ok"), ("pg_status", "error")]), id="pg_status twice"),
            pytest.param(_document([("pg_status", (("a", "ok"),))]), id="pg_status nested"),
            pytest.param(_document([("pg_status", "pending")]), id="a word that is not known"),
        ],
    )
    def test_what_is_no_answer(self, document):
        with pytest.raises(UnreadableAnswer) as caught:
            read_answer("init_payment.php", document, [KEY], 502)
        assert caught.value.http_status == 502
        assert "502" in str(caught.value)


class TestReadCreated:
    def test_a_created_payment(self):
        created = read_created(CREATED)
        assert created.payment_id == "1432343252"
        assert created.redirect_url == PAGE
        assert created.redirect_url_type == "need data"
        assert created.qr is None

    @pytest.mark.parametrize(
        ("text", "qr"),
        [
            ("data:image/png;base64,aGk=", "data:image/png;base64,aGk="),
            ("aGk=", "data:image/png;base64,aGk="),
            ("", None),
            ("...", None),
            ("data:text/html;base64,aGk=", None),
            ('data:image/png;base64,"onload=', None),
        ],
    )
    def test_a_picture_is_a_picture_or_nothing(self, text, qr):
        assert read_created([*CREATED, ("pg_redirect_qr", text)]).qr == qr

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("pg_payment_id", None),
            ("pg_payment_id", ""),
            ("pg_payment_id", "12a"),
            ("pg_payment_id", "١٢"),
            ("pg_payment_id", "1" * 21),
            ("pg_payment_id", "-1"),
            ("pg_redirect_url", None),
            ("pg_redirect_url", ""),
            ("pg_redirect_url", "http://customer.freedompay.kz/pay"),
            ("pg_redirect_url", "http://127.0.0.1/pay"),
            ("pg_redirect_url", "javascript:alert(1)"),
            ("pg_redirect_url", "//customer.freedompay.kz/pay"),
            ("pg_redirect_url", "https:///pay"),
            ("pg_redirect_url", "https://"),
            ("pg_redirect_url", "https://user@evil.example/"),
            ("pg_redirect_url", "https://evil.example\\@customer.freedompay.kz/"),
            ("pg_redirect_url", "https://a b/"),
            ("pg_redirect_url", "https://a/\r\nSet-Cookie: x"),
            ("pg_redirect_url", "https://a:port/"),
            ("pg_redirect_url", "https://[::1/"),
            ("pg_redirect_url", "https://a/" + "x" * 5000),
        ],
    )
    def test_what_no_buyer_may_be_sent_to(self, name, value):
        with pytest.raises(UnreadableAnswer, match=name):
            read_created(_replaced(CREATED, **{name: value}))

    def test_plain_http_only_on_this_machine_and_only_if_allowed(self):
        local = _replaced(CREATED, pg_redirect_url="http://127.0.0.1:8000/pay")
        assert read_created(local, allow_http=True).redirect_url == "http://127.0.0.1:8000/pay"
        with pytest.raises(UnreadableAnswer):
            read_created(local)
        with pytest.raises(UnreadableAnswer):
            read_created(_replaced(CREATED, pg_redirect_url="http://example.com/pay"), allow_http=True)

    def test_a_field_given_twice_is_not_read(self):
        with pytest.raises(UnreadableAnswer, match="twice"):
            read_created([*CREATED, ("pg_payment_id", "1")])


class TestReadStatus:
    @pytest.mark.parametrize(
        ("fields", "state"),
        [
            ({"pg_payment_status": "new"}, PaymentState.NEW),
            ({"pg_payment_status": "partial"}, PaymentState.NEW),
            ({"pg_payment_status": "process"}, PaymentState.PROCESSING),
            ({"pg_payment_status": "pending"}, PaymentState.PROCESSING),
            ({"pg_payment_status": "waiting"}, PaymentState.PROCESSING),
            ({"pg_payment_status": "success", "pg_captured": "1"}, PaymentState.PAID),
            ({"pg_payment_status": "success", "pg_captured": "0"}, PaymentState.AUTHORIZED),
            ({"pg_payment_status": "success"}, PaymentState.PAID),
            ({"pg_payment_status": "success", "pg_clearing_amount": "0"}, PaymentState.AUTHORIZED),
            (
                {"pg_payment_status": "success", "pg_captured": "1", "pg_clearing_amount": "0"},
                PaymentState.PAID,
            ),
            ({"pg_payment_status": "success", "pg_clearing_amount": "1500"}, PaymentState.PAID),
            ({"pg_payment_status": "ok"}, PaymentState.PAID),
            ({"pg_payment_status": "ok", "pg_captured": "0"}, PaymentState.AUTHORIZED),
            ({"pg_transaction_status": "ok"}, PaymentState.PAID),
            ({"pg_payment_status": "error"}, PaymentState.FAILED),
            ({"pg_payment_status": "failed"}, PaymentState.FAILED),
            ({"pg_payment_status": "error", "pg_failure_code": "101"}, PaymentState.EXPIRED),
            ({"pg_payment_status": "incomplete"}, PaymentState.EXPIRED),
            ({"pg_payment_status": "revoked"}, PaymentState.REVERSED),
            ({"pg_payment_status": "refunded"}, PaymentState.REVERSED),
            ({"pg_payment_status": "SUCCESS"}, PaymentState.UNKNOWN),
            ({"pg_payment_status": "brand-new-word"}, PaymentState.UNKNOWN),
            ({"pg_payment_status": ""}, PaymentState.UNKNOWN),
            ({}, PaymentState.UNKNOWN),
        ],
    )
    def test_the_words(self, fields, state):
        status = read_status([*STATUS, *fields.items()], order_id="pl_1")
        assert status.state is state
        assert status.word == fields.get("pg_payment_status", fields.get("pg_transaction_status", ""))

    def test_a_payment_before_a_card_has_empty_fields(self):
        empty = [(name, "") for name in ("pg_payment_date", "pg_refund_amount", "pg_clearing_amount")]
        status = read_status([*STATUS, ("pg_payment_status", "new"), *empty], payment_id="77")
        assert status.captured is None
        assert status.captured_amount is None
        assert status.refunded_amount == 0
        assert status.test is None
        assert status.failure_code is None

    def test_sums(self):
        fields = [
            *STATUS,
            ("pg_payment_status", "success"),
            ("pg_captured", "1"),
            ("pg_clearing_amount", "100"),
            ("pg_refund_amount", "-40"),
            ("pg_testing_mode", "1"),
        ]
        status = read_status(fields, payment_id="77", order_id="pl_1")
        assert (status.payment_id, status.order_id, status.currency) == ("77", "pl_1", "KZT")
        assert status.amount == Decimal("1500.00")
        assert status.captured is True
        assert status.captured_amount == 100
        assert status.refunded_amount == 40
        assert status.test is True
        assert status.fields == tuple(fields)

    @pytest.mark.parametrize("text", ["40", "-40", "-40.00"])
    def test_a_refund_is_never_negative(self, text):
        assert read_status([*STATUS, ("pg_refund_amount", text)], order_id="pl_1").refunded_amount == 40

    @pytest.mark.parametrize(("text", "code"), [("101", 101), ("", None), ("x", None), ("9" * 30, None)])
    def test_the_failure_code(self, text, code):
        assert read_status([*STATUS, ("pg_failure_code", text)], order_id="pl_1").failure_code == code

    @pytest.mark.parametrize(
        ("asked", "changes"),
        [
            ({"order_id": "pl_2"}, {}),
            ({"payment_id": "78"}, {}),
            ({"payment_id": "77", "order_id": "pl_2"}, {}),
            ({"payment_id": "78", "order_id": "pl_1"}, {}),
            ({"payment_id": "077"}, {}),
        ],
    )
    def test_a_status_of_another_payment(self, asked, changes):
        with pytest.raises(ForgedAnswer):
            read_status(_replaced(STATUS, **changes), **asked)

    def test_one_of_the_ids_asked_for_is_enough(self):
        only_order = _replaced(STATUS, pg_payment_id=None)
        assert read_status(only_order, order_id="pl_1", payment_id="77").payment_id is None
        with pytest.raises(UnreadableAnswer):
            read_status(only_order, payment_id="77")

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("pg_amount", "NaN"),
            ("pg_amount", "1e9"),
            ("pg_amount", "1,5"),
            ("pg_amount", "Infinity"),
            ("pg_amount", "1" * 13),
            ("pg_currency", "kzt"),
            ("pg_currency", "KZTX"),
            ("pg_payment_id", "77; drop"),
            ("pg_captured", "yes"),
            ("pg_testing_mode", "2"),
            ("pg_refund_amount", "forty"),
        ],
    )
    def test_a_field_out_of_its_format(self, name, value):
        with pytest.raises(UnreadableAnswer, match=name):
            read_status(_replaced(STATUS, **{name: value}), 200, order_id="pl_1")

    def test_personal_data_stays_out_of_repr(self):
        status = read_status([*STATUS, ("pg_user_phone", "77771234567")], order_id="pl_1")
        assert "77771234567" not in repr(status)
