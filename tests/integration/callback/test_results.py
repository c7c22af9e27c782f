"""The results of the callback table, row by row, each in every encoding of the protocol."""

from dataclasses import replace

import pytest

from integration.callback.conftest import Callback
from integration.callback.result_rows import IN_EVERY_ENCODING, RESULT_ROWS, Row
from integration.deployment import Deployment
from integration.gateway_message import DELIVERIES, PAID, RESULT, SALT, UNPAID, changed, signed
from integration.stored_orders import NOW
from paylink.adapters.order_row import from_row
from paylink.domain.order import KEEP_EMPTY, Status

EVERY_WAY = pytest.mark.parametrize("way", DELIVERIES)


def ways_of(row: Row, place: int) -> list[str]:
    ways = list(DELIVERIES)
    return ways if row.name in IN_EVERY_ENCODING else [ways[place % len(ways)]]


CASES = [
    pytest.param(row, way, id=f"{row.name}: {way}".replace(" ", "-"))
    for place, row in enumerate(RESULT_ROWS)
    for way in ways_of(row, place)
]


def test_rows_in_every_encoding_exist_and_meet_every_state() -> None:
    names = [row.name for row in RESULT_ROWS]
    assert len(set(names)) == len(names)
    assert set(IN_EVERY_ENCODING) <= set(names)
    assert {row.order.status for row in RESULT_ROWS} == set(Status)


@pytest.mark.parametrize(("row", "way"), CASES)
def test_row(row: Row, way: str, callback: Callback, deployment: Deployment) -> None:
    deployment.put_order(row.order)
    reply = callback.result(row.fields, DELIVERIES[way])
    assert (reply.status, reply.word, reply.content_type) == (200, row.word, "application/xml")
    assert reply.signed_with(RESULT)
    assert reply.text("pg_salt") == SALT
    assert (reply.text("pg_description") is not None) == (row.word == "rejected")
    (stored,) = deployment.rows()
    order = from_row(stored)
    assert len(order.answers) == len(row.order.answers) + 1
    assert replace(order, answers=row.order.answers) == row.after()


@EVERY_WAY
@pytest.mark.parametrize("order_id", ["pl_7zzzzzzzzzzzzzzzzzzzzzzzzz", "130", "shop/2026#7"])
def test_unknown_order_is_kept_for_the_operator_and_never_refused(
    way: str, order_id: str, callback: Callback, deployment: Deployment
) -> None:
    reply = callback.result(changed(PAID, pg_order_id=order_id), DELIVERIES[way])
    assert (reply.status, reply.word, reply.content_type) == (404, "error", "application/xml")
    assert reply.signed_with(RESULT)
    assert reply.text("pg_salt") == SALT
    (kept,) = deployment.rows()
    assert (kept["pk"], kept["sk"]) == ("unknown", f"{order_id}#{PAID['pg_payment_id']}")
    assert kept["ttl"] == int((NOW + KEEP_EMPTY).timestamp())
    assert (kept["amount"], kept["currency"], kept["result"], kept["test"]) == ("1500", "KZT", 1, True)


@pytest.mark.parametrize("notice", [PAID, UNPAID, changed(PAID, pg_result="2")], ids=["1", "0", "2"])
def test_every_result_of_an_unknown_order_is_kept(
    notice: dict[str, str], callback: Callback, deployment: Deployment
) -> None:
    assert callback.result(changed(notice, pg_order_id="130")).status == 404
    (kept,) = deployment.rows()
    assert (kept["sk"], kept["result"]) == (f"130#{notice['pg_payment_id']}", int(notice["pg_result"]))


def test_unknown_order_that_comes_again_is_kept_once(callback: Callback, deployment: Deployment) -> None:
    stranger = changed(PAID, pg_order_id="130")
    for can_reject in ("1", "0", "0"):
        assert callback.result(changed(stranger, pg_can_reject=can_reject)).status == 404
    callback.result(changed(stranger, pg_payment_id="9"))
    assert [row["sk"] for row in deployment.rows()] == ["130#1432343252", "130#9"]


@pytest.mark.parametrize("salt", [None, "a", "Ж" * 128, "<&>\"'"])
def test_salt_of_the_message_is_used_again(
    salt: str | None, callback: Callback, deployment: Deployment
) -> None:
    reply = callback.send(RESULT, signed(RESULT, changed(PAID, pg_order_id="130"), salt=salt))
    assert reply.status == 404
    assert reply.signed_with(RESULT)
    assert reply.text("pg_salt") == salt or (salt is None and len(reply.text("pg_salt") or "") >= 8)


def test_salt_is_fresh_where_the_message_has_none(callback: Callback) -> None:
    message = signed(RESULT, changed(PAID, pg_order_id="130"), salt=None)
    salts = {callback.send(RESULT, message).text("pg_salt") for _ in range(3)}
    assert len(salts) == 3


@EVERY_WAY
def test_fields_that_nobody_reads_are_part_of_the_signature(
    way: str, callback: Callback, deployment: Deployment
) -> None:
    """What the gateway adds one day, nested and repeated things, and our own address's query fields."""
    more = [
        *PAID.items(),
        ("pg_brand_new", "yes"),
        ("pg_empty", ""),
        ("Upper", " padded \t"),
        ("session_token", "a;b&c=d+e %41"),
        ("pg_receipt_positions", [("count", "2"), ("name", "Кофе")]),
    ]
    message = signed(RESULT, [*more, ("pg_order_id_2", "x")])
    reply = callback.send(RESULT, message, DELIVERIES[way])
    assert reply.status == 404  # verified, and no such order
    altered = [(name, "no" if name == "pg_brand_new" else value) for name, value in message]
    assert callback.send(RESULT, altered, DELIVERIES[way]).status == 403
