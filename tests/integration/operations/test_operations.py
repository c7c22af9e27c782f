"""Refunds, captures, cancellations and resolutions that go as they should, and those that are not allowed."""

import pytest

from integration.operations.office import Office, fresh_key
from integration.operations.sums import assert_equal_sums, gateway_refunds
from paylink.domain.errors import (
    InvalidIdempotencyKey,
    InvalidRequest,
    KeyReused,
    OperationNotAllowed,
    UnknownOrder,
)
from paylink.domain.operation import OperationState, Source
from paylink.domain.order import Attention, PaymentState, Status


def test_a_full_refund(office: Office) -> None:
    order = office.sold()
    result = office.run("refund", order)
    assert (result.operation.state, result.operation.amount) == (OperationState.DONE, 150_000)
    assert not result.replayed
    after = assert_equal_sums(office, order.order_id)
    assert after == result.order
    assert after.status is Status.REFUNDED
    assert not after.waiting
    assert not after.holds_money()
    (refund,) = after.refunds.values()
    assert (refund.amount, refund.source) == (150_000, Source.PAYLINK)


def test_several_partial_refunds_up_to_the_last_tiyn(office: Office) -> None:
    order = office.sold()
    office.run("refund", order, amount="500")
    assert office.order(order.order_id).status is Status.PARTIALLY_REFUNDED
    office.run("refund", order, amount="999.99")
    office.run("refund", order, amount="0.01")
    after = assert_equal_sums(office, order.order_id)
    assert (after.status, after.refunded_amount) == (Status.REFUNDED, 150_000)
    assert gateway_refunds(office, order.order_id) == [50_000, 99_999, 1]
    assert [operation.state for operation in after.operations.values()] == [OperationState.DONE] * 3
    with pytest.raises(OperationNotAllowed):
        office.run("refund", order, amount="0.01")


def test_the_same_key_is_one_refund(office: Office) -> None:
    order, key = office.sold(), fresh_key()
    first = office.run("refund", order, key, amount="500")
    second = office.run("refund", order, key, amount=500)
    assert second.replayed
    assert second.operation == first.operation
    assert gateway_refunds(office, order.order_id) == [50_000]
    with pytest.raises(KeyReused):
        office.run("refund", order, key, amount="501")
    with pytest.raises(KeyReused):
        office.run("cancel", order, key)
    other = office.sold()
    assert office.run("refund", other, key).operation.id != first.operation.id


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"amount": 1.5}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"payment_id": "7"}, "payment_id"),
        ({"payment_id": 7}, "payment_id"),
        ({"why": "x"}, "why"),
    ],
)
def test_a_refund_that_is_no_request(office: Office, document: dict[str, object], field: str) -> None:
    order = office.sold()
    with pytest.raises(InvalidRequest) as caught:
        office.run("refund", order, **document)
    assert [entry.field for entry in caught.value.entries] == [field]
    assert office.order(order.order_id) == order


def test_what_needs_a_key_or_an_order(office: Office) -> None:
    operations, _ = office.process()
    order = office.sold()
    with pytest.raises(InvalidIdempotencyKey):
        operations.run("refund", order.order_id, {}, None)
    with pytest.raises(InvalidIdempotencyKey):
        operations.sync(order.order_id, "short")
    with pytest.raises(UnknownOrder):
        operations.run("refund", "pl_0123456789abcdefghjkmnpqrs", {}, fresh_key())
    with pytest.raises(UnknownOrder):
        operations.sync("unknown", fresh_key())


def test_more_than_was_paid_is_never_sent(office: Office) -> None:
    order = office.sold()
    with pytest.raises(OperationNotAllowed):
        office.run("refund", order, amount="1500.01")
    assert not gateway_refunds(office, order.order_id)
    assert office.order(order.order_id) == order


def test_what_went_back_in_the_cabinet_counts(office: Office) -> None:
    order = office.sold()
    office.sandbox.cabinet_refund(str(order.payment_id), "1000")
    with pytest.raises(OperationNotAllowed):
        office.run("refund", order, amount="501")
    seen = assert_equal_sums(office, order.order_id)
    assert seen.status is Status.PARTIALLY_REFUNDED
    assert [refund.source for refund in seen.refunds.values()] == [Source.EXTERNAL]
    result = office.run("refund", order)
    assert result.operation.amount == 50_000
    assert assert_equal_sums(office, order.order_id).status is Status.REFUNDED


def test_what_is_not_allowed(office: Office) -> None:
    pending, held, paid = office.pending(), office.held(), office.sold()
    for kind, order in (
        ("refund", pending),
        ("capture", pending),
        ("refund", held),
        ("capture", paid),
        ("cancel", paid),
    ):
        with pytest.raises(OperationNotAllowed):
            office.run(kind, order)
        assert office.order(order.order_id) == order


@pytest.mark.parametrize("amount", [None, "1500", "1000.50"])
def test_a_capture_whole_or_in_part(office: Office, amount: str | None) -> None:
    order = office.held()
    document = {} if amount is None else {"amount": amount}
    result = office.run("capture", order, **document)
    assert result.operation.state is OperationState.DONE
    after = assert_equal_sums(office, order.order_id)
    assert after.status is Status.PAID
    assert after.captured_amount == (100_050 if amount == "1000.50" else 150_000)
    assert after.paid_at is not None
    assert not after.waiting
    with pytest.raises(OperationNotAllowed):
        office.run("capture", order)
    assert office.run("refund", order).operation.amount == after.captured_amount
    assert assert_equal_sums(office, order.order_id).status is Status.REFUNDED
    assert not office.order(order.order_id).holds_money()


def test_more_than_is_held_is_never_captured(office: Office) -> None:
    order = office.held()
    with pytest.raises(OperationNotAllowed):
        office.run("capture", order, amount="1500.01")


def test_a_hold_is_let_go(office: Office) -> None:
    order = office.held()
    assert office.run("cancel", order).operation.state is OperationState.DONE
    after = assert_equal_sums(office, order.order_id)
    assert after.status is Status.CANCELLED
    assert not after.waiting
    assert not after.holds_money()


def test_a_pending_order_is_cancelled_without_the_gateway(office: Office) -> None:
    order, key = office.pending("gift"), fresh_key()
    place = order.places[0]
    assert office.shop.places.left(place) == 2
    office.shop.watch.disarm()
    result = office.run("cancel", order, key)
    assert (result.order.status, result.operation.state) == (Status.CANCELLED, OperationState.DONE)
    assert not any(call.startswith("gateway.") for call in office.shop.watch.calls)
    assert office.shop.places.left(place) == 3
    assert office.run("cancel", order, key).replayed
    # Its page may still be paid: a lost callback of that is found.
    assert result.order.waiting
    office.sandbox.faults.add("result", "lost", times=None)
    office.sandbox.pay(str(order.payment_id))
    seen = office.sync(order)
    assert (seen.status, seen.attention) == (Status.CANCELLED, (Attention.PAID_AFTER_CANCEL,))
    office.run("refund", order)
    after = assert_equal_sums(office, order.order_id)
    assert after.status is Status.CANCELLED
    assert not after.holds_money()


def test_a_second_charge_is_refunded_by_its_number(office: Office) -> None:
    order = office.sold()
    second = office.sandbox.repeat(str(order.payment_id))
    office.sandbox.faults.add("result", "lost", times=None)
    office.sandbox.pay(second.payment_id)
    seen = office.sync(order)
    assert seen.attention == (Attention.SECOND_CHARGE,)
    result = office.run("refund", order, payment_id=second.payment_id)
    after = assert_equal_sums(office, order.order_id)
    assert result.operation.payment_id == second.payment_id
    # The order was paid once and stays paid: its own payment decides.
    assert (after.status, after.refunded_amount) == (Status.PAID, 0)
    assert after.payments[second.payment_id].refunded == 150_000
    assert after.attention == (Attention.SECOND_CHARGE,)
    resolved = office.run("resolve", order, note="The second one went back.")
    assert not resolved.order.attention
    assert resolved.operation.reasons == ("second_charge",)
    assert (resolved.operation.note, resolved.operation.by) == (
        "The second one went back.",
        "arn:aws:iam::1:user/owner",
    )
    assert office.sync(order).attention == ()


def test_nothing_to_resolve(office: Office) -> None:
    with pytest.raises(OperationNotAllowed):
        office.run("resolve", office.sold(), note="Why not?")
    with pytest.raises(InvalidRequest):
        office.run("resolve", office.sold())


def test_a_second_hold_is_let_go_by_its_number(office: Office) -> None:
    order = office.held()
    second = office.sandbox.repeat(str(order.payment_id))
    office.sandbox.faults.add("result", "lost", times=None)
    office.sandbox.pay(second.payment_id)
    assert office.sync(order).attention == (Attention.SECOND_CHARGE,)
    office.run("cancel", order, payment_id=second.payment_id)
    after = assert_equal_sums(office, order.order_id)
    assert after.status is Status.AUTHORIZED
    assert after.payments[second.payment_id].state is PaymentState.REVERSED
