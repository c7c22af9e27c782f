"""Twenty buyers at once, on AWS's own engine: never more is sold than there is."""

import pytest

from freedompay_sandbox import State
from paylink.domain.errors import SoldOut
from paylink.domain.order import Status

from .conftest import MakeStall
from .crowd import SOLD_OUT, asks, at_once, charged, rushes
from .stall import Stall, assert_settled, assert_sound

pytestmark = pytest.mark.dynamodb_local
LIMIT = 5
BUYERS = range(20)
THREE_DS = "4916307416334310"


def what_is_sold(stall: Stall, kind: str) -> tuple[str, dict[str, object]]:
    """A limited thing's name among the places, and the request that buys one of it."""
    if kind == "link":
        stall.sells("ticket", limit=LIMIT)
        return "ticket", {"link": "ticket"}
    return "offer:of_1", {"offer": stall.offer("of_1", limit=LIMIT)}


@pytest.mark.parametrize("kind", ["link", "offer"])
@pytest.mark.parametrize("check_call", [False, True], ids=["at-creation", "at-check"])
def test_five_of_twenty_buy(make_busy_stall: MakeStall, kind: str, check_call: bool) -> None:
    stall = make_busy_stall(check_call=check_call)
    thing, body = what_is_sold(stall, kind)
    orders = rushes(stall, body, BUYERS)
    paid = [order for order in orders if order is not None and order.status is Status.PAID]
    assert (len(paid), charged(stall)) == (LIMIT, LIMIT)
    assert stall.taken(thing).sold == {order.order_id: 1 for order in paid}
    assert_settled(stall, {thing: LIMIT})
    assert [order.attention for order in stall.all_orders() if order.attention] == []
    with pytest.raises(SoldOut):
        stall.ask("too-late", body)


def test_with_the_check_call_those_who_lose_are_told_before_their_money_is_taken(
    make_busy_stall: MakeStall,
) -> None:
    stall = make_busy_stall(check_call=True)
    stall.sells("ticket", limit=LIMIT)
    pages = [asks(stall, f"buyer-{number}", {"link": "ticket"}) for number in BUYERS]
    payments = [str(page.order.payment_id) for page in pages if page is not None]
    assert len(payments) == len(BUYERS), "nothing is taken before the check"
    ended = at_once([lambda payment_id=payment_id: stall.sandbox.pay(payment_id) for payment_id in payments])
    assert sorted(payment.state for payment in ended) == [State.NEW] * 15 + [State.PAID] * LIMIT
    assert {payment.refusal for payment in ended if payment.state is State.NEW} == {SOLD_OUT}
    assert {callback.kind for callback in stall.sandbox.callbacks if callback.reply.says("rejected")} == {
        "check"
    }
    assert_settled(stall, {"ticket": LIMIT})


@pytest.mark.parametrize("check_call", [False, True], ids=["at-creation", "at-check"])
def test_units_are_counted_and_not_orders(make_busy_stall: MakeStall, check_call: bool) -> None:
    stall = make_busy_stall(check_call=check_call)
    stall.sells("ticket", limit=LIMIT, quantity={"max": 3})
    orders = rushes(stall, {"link": "ticket", "quantity": 2}, range(10))
    assert sum(order is not None and order.status is Status.PAID for order in orders) == 2
    assert list(stall.taken("ticket").sold.values()) == [2, 2]
    assert_settled(stall, {"ticket": LIMIT})
    (last,) = rushes(stall, {"link": "ticket"}, range(10, 11))
    assert last is not None
    assert last.status is Status.PAID


@pytest.mark.parametrize("check_call", [False, True], ids=["at-creation", "at-check"])
def test_places_come_back_when_payments_expire(make_busy_stall: MakeStall, check_call: bool) -> None:
    stall = make_busy_stall(check_call=check_call)
    stall.sells("ticket", limit=LIMIT)

    def reaches_its_bank(key: str) -> str | None:
        creation = asks(stall, key, {"link": "ticket"})
        if creation is None:
            return None
        payment = stall.sandbox.present(str(creation.order.payment_id), THREE_DS)
        return payment.payment_id if payment.state is State.WAITING else None

    tried = at_once([lambda key=f"buyer-{number}": reaches_its_bank(key) for number in BUYERS])
    holders = [payment_id for payment_id in tried if payment_id is not None]
    assert len(holders) == LIMIT
    assert len(stall.taken("ticket").held) == LIMIT
    for payment_id in holders[:2]:
        stall.sandbox.confirm(payment_id, passed=True)
    at_once([lambda payment_id=payment_id: stall.sandbox.expire(payment_id) for payment_id in holders[2:]])
    assert_settled(stall, {"ticket": LIMIT})
    assert (len(stall.taken("ticket").sold), len(stall.taken("ticket").held)) == (2, 0)
    rushes(stall, {"link": "ticket"}, range(20, 40))
    assert (len(stall.taken("ticket").sold), charged(stall)) == (LIMIT, LIMIT)
    assert_settled(stall, {"ticket": LIMIT})


@pytest.mark.parametrize("check_call", [False, True], ids=["at-creation", "at-check"])
def test_every_message_may_come_twice(make_busy_stall: MakeStall, check_call: bool) -> None:
    stall = make_busy_stall(check_call=check_call)
    stall.sells("ticket", limit=LIMIT)
    for operation in ("check", "result"):
        stall.sandbox.faults.add(operation, "doubled", times=None)
    rushes(stall, {"link": "ticket"}, range(12))
    assert charged(stall) == LIMIT
    assert_settled(stall, {"ticket": LIMIT})


@pytest.mark.parametrize("check_call", [False, True], ids=["at-creation", "at-check"])
def test_carts_take_everything_or_nothing(make_busy_stall: MakeStall, check_call: bool) -> None:
    stall = make_busy_stall(check_call=check_call)
    limits = {"apron": 6, "bread": 3, "cake": 4}
    for link, limit in limits.items():
        stall.sells(link, limit=limit)
    bodies: list[dict[str, object]] = [
        {"items": [{"link": "cake"}, {"link": "apron"}]},
        {"items": [{"link": "bread"}, {"link": "cake"}, {"link": "apron"}]},
        {"items": [{"link": "bread"}, {"link": "apron"}]},
    ]
    crowds = at_once(
        [
            lambda body=body, first=first: rushes(stall, body, range(first, first + 6))
            for first, body in zip((0, 6, 12), bodies, strict=True)
        ]
    )
    paid = [order for orders in crowds for order in orders if order and order.status is Status.PAID]
    assert paid
    for link, limit in limits.items():
        assert_sound(stall, link, limit)
        bought = {order.order_id for order in paid if link in order.items}
        assert set(stall.taken(link).sold) == bought
        assert stall.taken(link).held == {}


def test_one_order_never_takes_twice(make_busy_stall: MakeStall) -> None:
    stall = make_busy_stall()
    stall.sells("ticket", limit=LIMIT)
    at_once([lambda: asks(stall, "one-key", {"link": "ticket"})] * 8)
    assert stall.taken("ticket").held == {stall.order_id("one-key"): 1}
    payment_id = str(stall.order("one-key").payment_id)
    order = stall.order("one-key")
    at_once([lambda: stall.tells(order, payment_id)] * 8)
    assert stall.taken("ticket").sold == {order.order_id: 1}
    assert_settled(stall, {"ticket": LIMIT})
