"""Whether a verified message can be read in one way alone.

The signature covers values in the order of their names; it covers neither the names nor where one value ends
and the next begins. Whoever holds a genuine message could therefore give its values other names, join them
or part them. So what decides is also looked for by its place among the signed values, which no renaming
changes: between the order and the payment stands at most a date, a flag stands nowhere without its name. A
message that could be read otherwise is refused; the gateway's status then tells how the payment ended.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from paylink.app.notice_fields import MalformedNotice, is_amount
from paylink.domain.money import DECIMALS, from_decimal
from paylink.domain.notices import CheckNotice, ResultNotice
from paylink.domain.order import Order
from paylink.domain.settlement import EXPIRED_CODE, amount_fits
from paylink.domain.stack_key import is_order_id
from paylink.domain.terms import AUTOMATIC
from paylink.freedompay.signature import Field, covered

MOST_VALUES: Final = 400
"""Values of one message, what `;` parts counted one by one. A full callback has about forty."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_SALT = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{8,128}")
"""As the gateway makes them; a phone's digits alone are none."""
_FLAGS: Final = frozenset("01")
_RESULTS: Final = frozenset("012")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the places of a message's values leave open until the order is known."""

    payment_in_place: bool
    """Whether nothing but a date stands between the order's id and the payment's."""
    amounts: tuple[Decimal, ...] = ()
    """Every value that could pass for the amount; none where it is repeated."""
    amount_repeated: bool = True
    """Whether the amount stands a second time where the payment system's own belongs."""
    lone_captured: bool = False
    """Whether `pg_captured` came without `pg_can_reject`: the one could pass for the other."""

    def must_fit(self, order: Order, notice: CheckNotice | ResultNotice) -> None:
        """Raises MalformedNotice where the message, for this order, could be read otherwise."""
        if not self.payment_in_place and notice.payment_id not in {order.payment_id, *order.payments}:
            raise _elsewhere("pg_payment_id")
        if not isinstance(notice, ResultNotice) or notice.result != 1:
            return
        if self.lone_captured and notice.captured is not (order.capture == AUTOMATIC):
            raise _elsewhere("pg_captured")
        if self.amount_repeated:
            return
        fitting = {
            amount
            for amount in self.amounts
            if amount_fits(order, from_decimal(amount, notice.currency), notice.currency)
        }
        if fitting and fitting != {notice.amount}:
            raise _elsewhere("pg_amount")


def one_reading(fields: Iterable[Field], notice: CheckNotice | ResultNotice) -> Reading:
    """How the notice's fields stand among the values. Raises MalformedNotice where they could be others."""
    values, places = _laid_out(fields)
    order, payment = places["pg_order_id"], places["pg_payment_id"]
    _last_order(values, order)
    between = values[order + 1 : payment]
    in_place = len(between) <= 1 and all(map(_DATE.fullmatch, between))
    if not isinstance(notice, ResultNotice):
        return Reading(in_place)
    amount, currency, result = places["pg_amount"], places["pg_currency"], places["pg_result"]
    _one_currency(values[amount + 1 : currency])
    flags = [value for value in values[amount + 1 : currency] if value in _FLAGS]
    if len(flags) != ("pg_can_reject" in places) + ("pg_captured" in places):
        raise _elsewhere("pg_captured")
    if (
        notice.result == 0
        and EXPIRED_CODE in values[currency + 1 : order]
        and notice.failure_code != EXPIRED_CODE
    ):
        raise _elsewhere("pg_failure_code")
    _one_result(values, payment, result)
    _one_mode(values, result, places.get("pg_testing_mode"))
    paid = next((value for value in values[payment + 1 : result] if is_amount(value)), None)
    repeated = paid is not None and Decimal(paid) == notice.amount
    others = () if repeated else (Decimal(value) for value in values[:currency] if is_amount(value))
    return Reading(
        in_place,
        amounts=tuple(others),
        amount_repeated=repeated,
        lone_captured="pg_captured" in places and "pg_can_reject" not in places,
    )


def _laid_out(fields: Iterable[Field]) -> tuple[list[str], dict[str, int]]:
    """The signed values one by one, and where each name's first one stands."""
    texts = covered(fields)
    values = ";".join([text for _, text in texts]).split(";")
    if len(values) > MOST_VALUES:
        raise MalformedNotice(f"more than {MOST_VALUES} values")
    places = {name: place for place, (name, _) in enumerate(texts)}
    if len(values) == len(texts) == len(places):
        return values, places
    places = {}
    place = 0
    for name, text in texts:
        if name not in places:
            places[name] = place
        place += 1 + text.count(";") if ";" in text else 1
    return values, places


def _last_order(values: Sequence[str], order: int) -> None:
    """A shop's own fields come first: they may name another order, what comes after the order's id may not."""
    others = values[order + 1 :] if is_order_id(values[order]) else values
    if [value for value in others if value[:3] == "pl_" and is_order_id(value)]:
        raise _elsewhere("pg_order_id")


def _one_currency(before: Sequence[str]) -> None:
    if not DECIMALS.keys().isdisjoint(before):
        raise _elsewhere("pg_currency")


def _one_result(values: Sequence[str], payment: int, result: int) -> None:
    """The result is the first that a salt follows; a message with an odd salt has no other number like it."""
    numbers = [place for place in range(payment + 1, len(values)) if values[place] in _RESULTS]
    salted = [place for place in numbers if place + 1 < len(values) and _SALT.fullmatch(values[place + 1])]
    if (salted or numbers)[0] != result:
        raise _elsewhere("pg_result")


def _one_mode(values: Sequence[str], result: int, mode: int | None) -> None:
    """The mode stands behind the result and the salt."""
    flags = [place for place in range(result + 1, len(values)) if values[place] in _FLAGS]
    if flags if mode is None else (flags[0] != mode or mode > result + 2):
        raise _elsewhere("pg_testing_mode")


def _elsewhere(name: str) -> MalformedNotice:
    return MalformedNotice(f"another value could be {name}")
