"""Judging a result together with the places that the order needs; for callbacks and status answers alike."""

from datetime import datetime

from paylink.app.places import give_back_all, sell_all
from paylink.app.ports import PlaceStore
from paylink.domain.notices import ResultNotice
from paylink.domain.order import Order
from paylink.domain.settlement import Verdict, judge_result, takes_money, without_place


def judge_with_places(places: PlaceStore, order: Order, notice: ResultNotice, now: datetime) -> Verdict:
    """The verdict on a result. Money makes the places the order's own before the order is written as paid:
    dying in between leaves the message unanswered, and its repeat finds them sold to this very order."""
    verdict = judge_result(order, notice, now)
    if not order.places or not takes_money(order, verdict):
        return verdict
    if sell_all(places, order, may_refuse=notice.can_reject):
        return verdict
    return without_place(order, notice, verdict, now)


def give_back_if_over(places: PlaceStore, order: Order, now: datetime) -> None:
    """Gives places back once the gateway has said unpaid and the lifetime is over.

    Called after every answer of such an order, for the process may have died right here the first time. While
    a further attempt is running, the places are that attempt's.
    """
    if order.places and order.over(now) and not order.leased(now):
        give_back_all(places, order)
