"""Refunds without an answer beside refunds made in the cabinet, which the gateway may list late or in parts."""

from dataclasses import replace

import pytest

from paylink.domain.ledger import reckoned
from paylink.domain.operation import Kind, Operation, OperationState, Refund, Source
from paylink.domain.order import Attention, Order, Payment, PaymentState, Status
from paylink.domain.reading import Ending, Listed, Reading, Standing
from paylink.domain.refund_proof import UNLISTED, may_be_there, proof_of, remembering
from unit.domain.examples import FIRST, LATER, MINOR, SECOND, an_order_in
from unit.domain.test_ledger import PAST, an_operation, done, read_often

OURS, CABINETS = Source.PAYLINK, Source.EXTERNAL
IN_NO_LIST = UNLISTED + FIRST


def told(refunded: int, *listed: Listed) -> Reading:
    """What the gateway tells of the payment: the sum that went back, and the refunds that it lists."""
    return Reading(FIRST, Standing.CAPTURED, MINOR, refunded, listed)


def given_back(**refunds: int) -> Order:
    """A paid order of which this went back, by hands of others; `_` is what is in no list."""
    known = {
        (IN_NO_LIST if name == "_" else name.strip("_")): Refund(FIRST, amount, CABINETS)
        for name, amount in refunds.items()
    }
    total = sum(refunds.values())
    status = Status.PARTIALLY_REFUNDED if total else Status.PAID
    own = {FIRST: Payment(PaymentState.PAID, MINOR, MINOR, total)}
    return an_order_in(status, refunds=known, payments=own, captured_amount=MINOR, refunded_amount=total)


def asked(order: Order, reading: Reading, amount: int) -> Order:
    """The order after a refund was sent, just after this reading, whose answer never came."""
    order = reckoned(order, reading, LATER)
    return replace(order, operation=remembering(an_operation(amount=amount), order, reading), waiting=True)


def state(order: Order) -> OperationState:
    return (order.operation or order.operations["op_1"]).state


def by_source(order: Order) -> dict[str, Source]:
    return {refund_id: refund.source for refund_id, refund in order.refunds.items()}


@pytest.mark.parametrize(
    ("before", "reading", "kept"),
    [
        (given_back(), told(0), ((), 0, 0)),
        (given_back(), told(500), ((), 500, 500)),
        (given_back(_8=400), told(400, done("8", 400)), (("8",), 400, 0)),
        (given_back(_8=400), told(900, done("8", 400)), (("8",), 900, 500)),
        (given_back(_8=400), told(0), (("8",), 400, 0)),
        (given_back(_=400), told(0), ((), 400, 400)),
        (given_back(_=400, _8=100), told(100, done("8", 100)), (("8",), 500, 400)),
        (given_back(_8=400), told(400, Listed("9", 100, Ending.OPEN), done("8", 400)), (("9", "8"), 400, 0)),
        (given_back(_8=400), told(300), (("8",), 400, 0)),
    ],
    ids=["nothing", "no list", "listed", "partly", "list lags", "sum lags", "both", "open", "sum too small"],
)
def test_what_had_gone_back_is_remembered(
    before: Order, reading: Reading, kept: tuple[tuple[str, ...], int, int]
) -> None:
    operation = remembering(an_operation(), before, reading)
    assert (operation.seen, operation.seen_sum, operation.unlisted) == kept


def test_a_row_whose_sum_was_never_made_tells_no_less_than_nothing() -> None:
    own = {FIRST: Payment(PaymentState.PAID, MINOR, MINOR)}
    operation = remembering(an_operation(), replace(given_back(_8=400), payments=own), told(0))
    assert (operation.seen, operation.seen_sum, operation.unlisted) == (("8",), 0, 0)


@pytest.mark.parametrize("another", ["1", SECOND])
def test_what_went_back_of_another_payment_is_not(another: str) -> None:
    other = {"8": Refund(another, 400, CABINETS), UNLISTED + another: Refund(another, 100, CABINETS)}
    operation = remembering(an_operation(), replace(given_back(), refunds=other), told(400))
    assert (operation.seen, operation.seen_sum, operation.unlisted) == ((), 400, 400)


@pytest.mark.parametrize(("captured", "kept"), [(MINOR, MINOR), (None, 0)])
def test_a_capture_remembers_the_captured_sum(captured: int | None, kept: int) -> None:
    reading = Reading(FIRST, Standing.HELD, captured, 5, (done("8", 5),))
    operation = remembering(an_operation(Kind.CAPTURE), given_back(_9=5), reading)
    assert (operation.seen, operation.seen_sum, operation.unlisted) == (("8",), kept, 0)


LATE: dict[str, tuple[Order, list[Reading]]] = {
    "one in no list": (asked(given_back(_=400), told(400), 400), [told(400, done("8", 400))]),
    "two in no list, listed one by one": (
        asked(given_back(_=800), told(800), 400),
        [told(800, done("8", 400)), told(800, done("8", 400), done("9", 400))],
    ),
    "one listed, one not": (
        asked(given_back(), told(800, done("8", 400)), 400),
        [told(800, done("8", 400), done("9", 400))],
    ),
    "one in no list, and a sum that lagged": (
        asked(given_back(_=400), told(0), 400),
        [told(400, done("8", 400))],
    ),
    "one that the list lacked just then": (
        asked(given_back(_8=400), told(400), 400),
        [told(400, done("8", 400))],
    ),
}


@pytest.mark.parametrize(("order", "readings"), LATE.values(), ids=LATE.keys())
def test_a_cabinets_refund_that_is_listed_late_is_never_ours(order: Order, readings: list[Reading]) -> None:
    for reading in readings:
        order = reckoned(order, reading, LATER)
        assert state(order) is OperationState.UNKNOWN
        assert (order.refunded_amount, order.attention) == (reading.refunded, ())
    order = read_often(order, readings[-1], PAST)
    assert state(order) is OperationState.REFUSED
    assert set(by_source(order).values()) == {CABINETS}
    assert order.refunded_amount == readings[-1].refunded


THERE: dict[str, tuple[Order, list[Reading], dict[str, Source], int]] = {
    "at once": (
        asked(given_back(), told(0), 400),
        [told(400, done("9", 400))],
        {"9": OURS},
        400,
    ),
    "by the list before the sum": (
        asked(given_back(_8=400), told(400, done("8", 400)), 400),
        [told(400, done("8", 400), done("9", 400))],
        {"8": CABINETS, "9": OURS},
        800,
    ),
    "by the sum before the list": (
        asked(given_back(), told(0), 400),
        [told(400), told(400, done("9", 400))],
        {"9": OURS},
        400,
    ),
    "beside one that is in no list yet": (
        asked(given_back(_=400), told(400), 400),
        [told(800, done("9", 400))],
        {IN_NO_LIST: CABINETS, "9": OURS},
        800,
    ),
    "after one that is listed late": (
        asked(given_back(_=400), told(400), 400),
        [told(400, done("9", 400)), told(400, done("10", 400), done("9", 400))],
        {"9": CABINETS, "10": OURS},
        800,
    ),
    "with one that is listed late, while the sum lags": (
        asked(given_back(_=400), told(400), 400),
        [told(400, done("8", 400), done("9", 400))],
        {"8": OURS, "9": CABINETS},
        800,
    ),
    "though one from before has failed since": (
        asked(given_back(_8=400), told(400, done("8", 400)), 400),
        [told(400, Listed("8", 400, Ending.FAILED), done("9", 400))],
        {"8": CABINETS, "9": OURS},
        400,
    ),
    "though it was adopted while there was no room": (
        asked(given_back(_=400), told(400), 400),
        [told(400, done("9", 400)), told(800, done("9", 400))],
        {"9": OURS},
        400,
    ),
}


@pytest.mark.parametrize(("order", "readings", "sources", "total"), THERE.values(), ids=THERE.keys())
def test_ours_is_found(order: Order, readings: list[Reading], sources: dict[str, Source], total: int) -> None:
    for reading in readings:
        assert state(order) is OperationState.UNKNOWN
        order = reckoned(order, reading, LATER)
    assert state(order) is OperationState.DONE
    assert by_source(order) == sources
    assert order.refunded_amount == total


@pytest.mark.parametrize(
    ("order", "reading"),
    [
        (asked(given_back(), told(0), 1000), told(1000, done("8", 400), done("9", 600))),
        (asked(given_back(), told(0), 1000), told(0, done("8", 400), done("9", 600))),
        (asked(given_back(), told(0), 1000), told(1100, done("7", 100), done("8", 400), done("9", 600))),
        (asked(given_back(_=400), told(400), 1000), told(1400, done("8", 400), done("9", 600))),
        (asked(given_back(_=400), told(400), 1000), told(400, done("8", 400), done("9", 600))),
        (asked(given_back(_=1), told(1), 2), told(1, done("8", 1), done("9", 1))),
    ],
    ids=[
        "in two parts",
        "sum lags",
        "beside another",
        "beside one in no list",
        "and the sum lags",
        "the least",
    ],
)
def test_a_refund_that_the_gateway_may_have_parted_is_the_operators(order: Order, reading: Reading) -> None:
    order = read_often(order, reading, PAST)
    assert state(order) is OperationState.UNKNOWN
    assert order.attention == (Attention.OUTCOME_UNKNOWN,)


@pytest.mark.parametrize(
    ("order", "reading"),
    [
        (asked(given_back(), told(0), 1000), told(600, done("9", 600))),
        (asked(given_back(), told(0), 1000), told(1600, done("8", 400), done("9", 1200))),
        (asked(given_back(_=1000), told(1000), 1000), told(1000, done("8", 400), done("9", 600))),
        (asked(given_back(_8=400), told(400, done("8", 400)), 1000), told(1000, done("8", 400), done("9", 600))),
        (asked(given_back(), told(0), 1000), told(0, Listed("8", 400, Ending.FAILED), done("9", 600))),
        (asked(given_back(_=1000), told(1000), 400), told(900, done("8", 400))),
    ],
    ids=["less", "no sum of them", "all from before", "one from before", "one failed", "and the sum fell"],
)  # fmt: skip
def test_others_that_cannot_be_it_are_no_trace(order: Order, reading: Reading) -> None:
    order = read_often(order, reading, PAST)
    assert state(order) is OperationState.REFUSED
    assert set(by_source(order).values()) == {CABINETS}


def a_foreign(**payment: object) -> Order:
    """A second charge in a currency that cannot be counted here, with its refund on the way."""
    second = Payment(PaymentState.PAID, currency="XXX", foreign="100.001")
    payments = {FIRST: Payment(PaymentState.PAID, MINOR, MINOR), SECOND: second}
    operation = an_operation(amount=0, payment_id=SECOND, currency="XXX")
    return an_order_in(
        Status.PAID, payments=payments, captured_amount=MINOR, operation=operation, waiting=True
    )


@pytest.mark.parametrize("amount", [None, 7])
def test_a_sum_that_cannot_be_counted_is_proven_by_any(amount: int | None) -> None:
    order = a_foreign()
    assert isinstance(order.operation, Operation)
    reading = Reading(SECOND, Standing.CAPTURED, None, 0, (done("8", amount),))
    assert proof_of(order, reading, order.operation) == done("8", amount)
    after = reckoned(order, reading, LATER)
    assert after.payments[SECOND].state is PaymentState.REVERSED


@pytest.mark.parametrize(("unlisted", "is_proven"), [(0, True), (1, False)])
def test_a_refund_whose_sum_cannot_be_read_makes_neither_room_nor_need(
    unlisted: int, is_proven: bool
) -> None:
    order = given_back()
    mine = an_operation(amount=400, seen_sum=unlisted, unlisted=unlisted)
    proof = proof_of(order, told(0, done("8", None), done("9", 400)), mine)
    assert proof == (done("9", 400) if is_proven else None)


def test_nothing_listed_is_no_trace_of_it() -> None:
    order = a_foreign()
    assert isinstance(order.operation, Operation)
    assert not may_be_there(order, Reading(SECOND, Standing.CAPTURED), order.operation)


def test_a_list_takes_its_part_of_what_was_in_none() -> None:
    order = reckoned(given_back(_=800), told(800, done("8", 300)), LATER)
    assert {key: refund.amount for key, refund in order.refunds.items()} == {IN_NO_LIST: 500, "8": 300}
    assert (order.refunded_amount, order.attention) == (800, ())
    order = reckoned(order, told(900, done("8", 300), done("9", 400)), LATER)
    assert {key: refund.amount for key, refund in order.refunds.items()} == {
        IN_NO_LIST: 200,
        "8": 300,
        "9": 400,
    }
    order = reckoned(order, told(900, done("8", 300), done("9", 400), done("10", 200)), LATER)
    assert set(order.refunds) == {"8", "9", "10"}
    assert (order.refunded_amount, order.attention) == (900, ())


def test_a_list_that_lacks_some_adds_nothing_in_no_list() -> None:
    order = reckoned(given_back(_8=300), told(900, done("8", 300)), LATER)
    assert set(order.refunds) == {"8"}
    assert order.refunded_amount == 300
