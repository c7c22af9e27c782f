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
    "one in no list, and another one of another sum": (
        asked(given_back(_=400), told(400), 400),
        [told(400, done("8", 400)), told(900, done("8", 400), done("10", 500))],
    ),
    "both of them at once": (
        asked(given_back(_=400), told(400), 400),
        [told(900, done("8", 400), done("10", 500))],
    ),
    "one in no list, beside one in process": (
        asked(given_back(), told(400, Listed("7", 400, Ending.OPEN)), 400),
        [told(800, done("7", 400), done("8", 400))],
    ),
}


@pytest.mark.parametrize(("order", "readings"), LATE.values(), ids=LATE.keys())
def test_a_cabinets_refund_that_is_listed_late_is_never_ours(order: Order, readings: list[Reading]) -> None:
    for reading in readings:
        order = reckoned(order, reading, LATER)
        assert state(order) is OperationState.UNKNOWN
        assert (order.refunded_amount, order.attention) == (reading.refunded, ())
    order = read_often(order, readings[-1], PAST)
    # It may be ours all the same: nobody sends it again.
    assert state(order) is OperationState.UNKNOWN
    assert order.attention == (Attention.OUTCOME_UNKNOWN,)
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
    "where what was in no list is less than it": (
        asked(given_back(_=399), told(399), 400),
        [told(399, done("9", 400))],
        {"9": OURS},
        400,
    ),
    "though one failed, and beside one in no list": (
        asked(given_back(_8=400, _=400), told(800, done("8", 400)), 400),
        [told(800, Listed("8", 400, Ending.FAILED), done("9", 400))],
        {"8": CABINETS, IN_NO_LIST: CABINETS, "9": OURS},
        800,
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


def numbered(most: int) -> tuple[Listed, ...]:
    return tuple(done(str(number), number) for number in range(1, most + 1))


TRACES: dict[str, tuple[Order, Reading]] = {
    "in two parts": (asked(given_back(), told(0), 1000), told(1000, done("8", 400), done("9", 600))),
    "while the sum lags": (asked(given_back(), told(0), 1000), told(0, done("8", 400), done("9", 600))),
    "beside another": (
        asked(given_back(), told(0), 1000),
        told(1100, done("7", 100), done("8", 400), done("9", 600)),
    ),
    "beside one in no list": (
        asked(given_back(_=400), told(400), 1000),
        told(1400, done("8", 400), done("9", 600)),
    ),
    "perhaps all from before": (
        asked(given_back(_=1000), told(1000), 1000),
        told(1000, done("8", 400), done("9", 600)),
    ),
    "a part in process": (
        asked(given_back(), told(0), 400),
        told(200, done("8", 200), Listed("9", 200, Ending.OPEN)),
    ),
    "both in process": (
        asked(given_back(), told(0), 400),
        told(0, Listed("8", 200, Ending.OPEN), Listed("9", 200, Ending.OPEN)),
    ),
    "one in process failed": (
        asked(given_back(), told(400, Listed("7", 400, Ending.OPEN)), 400),
        told(400, Listed("7", 400, Ending.FAILED), done("9", 400)),
    ),
    "what was in no list had failed": (asked(given_back(_=400), told(0), 400), told(400, done("9", 400))),
    "what was in no list fails": (
        asked(given_back(_=400), told(400), 400),
        told(400, Listed("8", 400, Ending.FAILED), done("9", 400)),
    ),
    "the sum fell": (asked(given_back(_=1000), told(1000), 400), told(900, done("8", 400))),
    "too many to add up": (asked(given_back(), told(0), 99), told(91, *numbered(13))),
}


@pytest.mark.parametrize(("order", "reading"), TRACES.values(), ids=TRACES.keys())
def test_what_may_be_it_and_proves_nothing_is_the_operators(order: Order, reading: Reading) -> None:
    order = read_often(order, reading, PAST)
    assert state(order) is OperationState.UNKNOWN
    assert Attention.OUTCOME_UNKNOWN in order.attention


OTHERS: dict[str, tuple[Order, Reading]] = {
    "less": (asked(given_back(), told(0), 1000), told(600, done("9", 600))),
    "no sum of them": (
        asked(given_back(), told(0), 1000),
        told(1600, done("8", 400), done("9", 1200)),
    ),
    "known before": (asked(given_back(_8=400), told(400), 400), told(400, done("8", 400))),
    "one from before": (
        asked(given_back(_8=400), told(400, done("8", 400)), 1000),
        told(1000, done("8", 400), done("9", 600)),
    ),
    "one failed": (
        asked(given_back(), told(0), 1000),
        told(0, Listed("8", 400, Ending.FAILED), done("9", 600)),
    ),
    "too small together": (asked(given_back(), told(0), 99), told(78, *numbered(12))),
}


@pytest.mark.parametrize(("order", "reading"), OTHERS.values(), ids=OTHERS.keys())
def test_others_that_cannot_be_it_are_no_trace(order: Order, reading: Reading) -> None:
    order = read_often(order, reading, PAST)
    assert state(order) is OperationState.REFUSED
    assert set(by_source(order).values()) == {CABINETS}


def test_parts_that_were_seen_stay_a_trace_though_the_list_lags() -> None:
    order = asked(given_back(), told(0), 300)
    for _ in range(2):
        order = reckoned(order, told(300, done("1", 50), done("2", 250)), PAST)
    order = read_often(order, told(300), PAST)
    assert (state(order), order.attention) == (OperationState.UNKNOWN, (Attention.OUTCOME_UNKNOWN,))
    failed = told(50, done("1", 50), Listed("2", 250, Ending.FAILED))
    assert not may_be_there(order, failed, an_operation(amount=300))
    assert not may_be_there(reckoned(order, failed, PAST), told(50), an_operation(amount=300))


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


@pytest.mark.parametrize(("refunded", "is_proven"), [(900, True), (800, True), (799, False)])
@pytest.mark.parametrize("seen", [(), ("7",)], ids=["new", "from before"])
def test_one_whose_sum_cannot_be_read_makes_neither_room_nor_need(
    seen: tuple[str, ...], refunded: int, is_proven: bool
) -> None:
    mine = an_operation(amount=400, seen=seen, seen_sum=400, unlisted=400)
    reading = told(refunded, done("7", None), done("9", 400))
    assert proof_of(given_back(), reading, mine) == (done("9", 400) if is_proven else None)


@pytest.mark.parametrize(("refunded", "is_proven"), [(800, True), (799, False)])
@pytest.mark.parametrize("listed", [(), (Listed("8", 400, Ending.FAILED),)], ids=["no more", "as failed"])
def test_nor_does_one_that_failed_or_is_listed_no_more(
    listed: tuple[Listed, ...], refunded: int, is_proven: bool
) -> None:
    failed = replace(given_back(), refunds={"8": Refund(FIRST, 400, CABINETS, failed=True)})
    mine = an_operation(amount=400, seen=("7", "8"), seen_sum=400, unlisted=400)
    proof = proof_of(failed, told(refunded, *listed, done("9", 400)), mine)
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
