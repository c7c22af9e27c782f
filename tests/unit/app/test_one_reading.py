"""Where the deciding values of a message stand: what is genuine passes, what could be read otherwise does not."""

from collections.abc import Mapping

import pytest

from integration.gateway_message import ORDER_ID, PAID, PAYMENT_ID, QUESTION, UNPAID, changed
from integration.stored_orders import stored_order
from paylink.app.notice_fields import MalformedNotice, read_check, read_result
from paylink.app.one_reading import MOST_VALUES, Reading, one_reading
from paylink.domain.link import AmountRange
from paylink.domain.order import Order, Status

OTHER = "pl_7zzzzzzzzzzzzzzzzzzzzzzzzz"
SALTED = {**PAID, "pg_salt": "gatewaySalt00001"}
LIVE = changed(SALTED, pg_testing_mode=None)


def read(message: Mapping[str, str | None], order: Order | None = None) -> Reading:
    fields = [(name, value) for name, value in message.items() if value is not None]
    notice = read_result(fields) if "pg_result" in message else read_check(fields)
    reading = one_reading(fields, notice)
    reading.must_fit(order or stored_order(), notice)
    return reading


@pytest.mark.parametrize(
    "message",
    [
        SALTED,
        LIVE,
        QUESTION,
        {**UNPAID, "pg_salt": "gatewaySalt00001"},
        changed(SALTED, pg_payment_date=None),
        changed(SALTED, pg_captured=None),
        changed(SALTED, pg_can_reject=None, pg_captured=None),
        changed(SALTED, m_order=OTHER),
        changed(SALTED, pg_description="USD"),
        changed(SALTED, pg_description="101"),
        changed(SALTED, pg_description="a;b;1"),
        changed(SALTED, pg_testing_mode="0"),
        changed(SALTED, pg_user_contact_email=None, pg_testing_mode="1"),
        changed(SALTED, pg_order_note="x"),
        changed(SALTED, pg_new_thing="1"),
        changed(SALTED, pg_ps_amount="3.20", pg_ps_full_amount="3.30", pg_ps_currency="USD"),
        changed(SALTED, pg_amount="1", pg_ps_amount="1", pg_ps_full_amount="1"),
    ],
)
def test_what_the_gateway_sends(message: Mapping[str, str]) -> None:
    read(message)


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ({**SALTED, "pg_user_note": OTHER}, "pg_order_id"),
        ({**SALTED, "pg_order_id": "130", "m_order": ORDER_ID}, "pg_order_id"),
        ({**SALTED, "pg_bonus": "1"}, "pg_captured"),
        (changed(SALTED, pg_captured=None, pg_cat="1"), "pg_captured"),
        ({**SALTED, "pg_card_country": "USD"}, "pg_currency"),
        ({**SALTED, "pg_ps_note": "a;0;gatewaySalt00001"}, "pg_result"),
        (changed(SALTED, pg_salt="s", pg_ps_note="2"), "pg_result"),
        ({**LIVE, "pg_user_id": "1"}, "pg_testing_mode"),
        ({**SALTED, "pg_secure": "1"}, "pg_testing_mode"),
        ({**SALTED, "pg_tenant": "x", "pg_tap": "x"}, "pg_testing_mode"),
        ({**UNPAID, "pg_salt": "gatewaySalt00001", "pg_failure_text": "101"}, "pg_failure_code"),
    ],
)
def test_what_could_be_another(message: Mapping[str, str], name: str) -> None:
    with pytest.raises(MalformedNotice, match=f"another value could be {name}$"):
        read(message)


@pytest.mark.parametrize("between", ["x", "1500", "2026-03-01", "2026-03-01 15:00:00;2026-03-01 15:00:01"])
@pytest.mark.parametrize("message", [SALTED, QUESTION])
def test_a_payment_that_the_order_does_not_know_stands_behind_its_id(
    message: Mapping[str, str], between: str
) -> None:
    moved = changed(message, pg_payment_date=between)
    read(moved)
    with pytest.raises(MalformedNotice, match="pg_payment_id"):
        read(moved, stored_order(payment_id=None, payments={}))
    read(message, stored_order(payment_id=None, payments={}))
    read(moved, stored_order(payment_id=PAYMENT_ID, payments={}))


CHOSEN = stored_order(amount=0, amount_range=AmountRange(10_000, 10**10))


@pytest.mark.parametrize(
    ("amount", "paid", "order", "sure"),
    [
        ("1500", "1500", CHOSEN, True),
        ("1500", "1500.00", CHOSEN, True),
        ("1500", "3.20", CHOSEN, False),
        ("1500", "3.20", stored_order(), True),
        ("20", "3.20", stored_order(), True),
        ("123456", "1500", stored_order(amount=123_456_00), True),
        ("999999", "1500", CHOSEN, False),
    ],
)
def test_the_amount_is_the_orders_or_told_twice(amount: str, paid: str, order: Order, sure: bool) -> None:
    message = changed(SALTED, pg_amount=amount, pg_ps_amount=paid, pg_auth_code="123456")
    if sure:
        read(message, order)
    else:
        with pytest.raises(MalformedNotice, match="pg_amount"):
            read(message, order)
        read(changed(message, pg_result="0"), order)


def test_the_orders_amount_under_another_name() -> None:
    with pytest.raises(MalformedNotice, match="pg_amount"):
        read(changed(SALTED, m_b="1500", pg_amount="20", pg_ps_amount="3.20"))


@pytest.mark.parametrize(
    ("captured", "capture", "sure"),
    [("1", "automatic", True), ("0", "manual", True), ("0", "automatic", False), ("1", "manual", False)],
)
def test_a_lone_captured_could_be_the_leave_to_refuse(captured: str, capture: str, sure: bool) -> None:
    message = changed(SALTED, pg_can_reject=None, pg_captured=captured)
    order = stored_order(Status.PENDING, capture=capture)
    if sure:
        assert read(message, order).lone_captured
    else:
        with pytest.raises(MalformedNotice, match="pg_captured"):
            read(message, order)
    assert not read(changed(message, pg_can_reject="1"), order).lone_captured


def test_too_many_values() -> None:
    with pytest.raises(MalformedNotice, match=f"more than {MOST_VALUES} values"):
        read({**SALTED, "zz": ";" * MOST_VALUES})
