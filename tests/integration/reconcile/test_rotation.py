"""The merchant's key is changed while the functions are warm: what they ask next is signed with the new one."""

from collections.abc import Callable, Iterator

import pytest

from engines.embedded_aws import MERCHANT_KEY
from paylink.domain.order import Status

from .stack import Stack

pytestmark = pytest.mark.dynamodb_local
NEW = "another-made-up-key-after-the-change"


@pytest.fixture
def rotate(stack: Stack) -> Iterator[Callable[[], None]]:
    """Puts the new key into the secret and into the gateway, which takes no other any more."""

    def change() -> None:
        stack.deployment.set_merchant(stack.deployment.merchant_document(secret_key=NEW))
        stack.sandbox.settings.update({"secret_key": NEW})

    yield change
    stack.sandbox.settings.update({"secret_key": MERCHANT_KEY})


def test_a_run_finds_what_is_paid_all_the_same(stack: Stack, rotate: Callable[[], None]) -> None:
    first, second = stack.create(), stack.create()
    stack.minutes(4)
    for order_id in (first, second):
        stack.pay(order_id)
    rotate()
    stack.minutes(7)
    assert [stack.order(order_id).status for order_id in (first, second)] == [Status.PAID] * 2


def test_a_buyers_page_is_told_at_once(stack: Stack, rotate: Callable[[], None]) -> None:
    first, second = stack.create(), stack.create()
    for order_id in (first, second):
        stack.come_back(order_id)
    assert stack.asked_status(first) == "pending"
    stack.pay(second)
    rotate()
    assert stack.asked_status(second) == "paid"
