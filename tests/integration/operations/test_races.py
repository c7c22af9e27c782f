"""Operations at once, on AWS's own engine."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from integration.operations.office import Office, fresh_key
from integration.operations.sums import assert_equal_sums, gateway_refunds
from paylink.domain.errors import PaylinkError
from paylink.domain.operation import OperationState
from paylink.domain.order import Order, Status

pytestmark = pytest.mark.dynamodb_local
MANY = 10


def at_once(requests: list[Callable[[], str]]) -> list[str]:
    """What each request came to: the operation's state, or the error's code."""
    barrier = threading.Barrier(len(requests))

    def one(request: Callable[[], str]) -> str:
        barrier.wait(10)
        try:
            return request()
        except PaylinkError as error:
            return error.code

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(one, requests))


def refunding(office: Office, order: Order, key: str, **document: object) -> Callable[[], str]:
    return lambda: office.run("refund", order, key, **document).operation.state.value


def test_ten_full_refunds_are_one(engine_office: Office) -> None:
    order = engine_office.sold()
    came_to = at_once([refunding(engine_office, order, fresh_key()) for _ in range(MANY)])
    assert came_to.count(OperationState.DONE.value) == 1
    assert set(came_to) <= {"done", "operation_in_flight", "operation_not_allowed"}
    assert gateway_refunds(engine_office, order.order_id) == [150_000]
    assert assert_equal_sums(engine_office, order.order_id).status is Status.REFUNDED


def test_ten_requests_with_one_key_are_one(engine_office: Office) -> None:
    order, key = engine_office.sold(), fresh_key()
    came_to = at_once([refunding(engine_office, order, key, amount="100") for _ in range(MANY)])
    assert set(came_to) <= {"done", "still_running"}
    assert engine_office.run("refund", order, key, amount="100").operation.state is OperationState.DONE
    assert gateway_refunds(engine_office, order.order_id) == [10_000]
    assert_equal_sums(engine_office, order.order_id)


def test_never_more_than_was_captured(engine_office: Office) -> None:
    """Ten of 400 of 1500, each insisting on its turn: three fit."""
    order = engine_office.sold()

    def insisting(key: str) -> Callable[[], str]:
        def ask() -> str:
            for _ in range(200):
                try:
                    return engine_office.run("refund", order, key, amount="400").operation.state.value
                except PaylinkError as error:
                    if error.retry_after is None:
                        return error.code
            return "never"

        return ask

    came_to = at_once([insisting(fresh_key()) for _ in range(MANY)])
    assert sorted(came_to) == ["done"] * 3 + ["operation_not_allowed"] * 7
    assert gateway_refunds(engine_office, order.order_id) == [40_000] * 3
    assert assert_equal_sums(engine_office, order.order_id).refunded_amount == 120_000


def test_a_capture_and_a_cancellation_exclude_each_other(engine_office: Office) -> None:
    for _ in range(5):
        order = engine_office.held()
        requests: list[Callable[[], str]] = [
            lambda kind=kind, order=order: engine_office.run(kind, order).operation.state.value  # type: ignore[misc]
            for kind in ("capture", "cancel") * 3
        ]
        came_to = at_once(requests)
        assert came_to.count("done") == 1
        after = assert_equal_sums(engine_office, order.order_id)
        assert after.status in {Status.PAID, Status.CANCELLED}


def test_syncs_beside_a_refund(engine_office: Office) -> None:
    order = engine_office.sold()
    engine_office.sandbox.cabinet_refund(str(order.payment_id), "500")

    def sync() -> str:
        return str(engine_office.sync(order).status)

    came_to = at_once([sync, sync, refunding(engine_office, order, fresh_key(), amount="500"), sync])
    assert came_to[2] == "done"
    after = engine_office.sync(order)
    assert after == assert_equal_sums(engine_office, order.order_id)
    assert sorted(refund.source.value for refund in after.refunds.values()) == ["external", "paylink"]
