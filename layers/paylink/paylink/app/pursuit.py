"""Continuing an order whose last attempt did not end in a payment that can be paid.

take over the attempt (a conditional write on the lease that ended)
ask the gateway how the order stands
  money            -> apply it as a callback would, done
  someone is paying-> wait
  its page is open and known -> hand it back
  its page is open, its address was lost -> repeat the very call whose answer was lost; where the gateway
                      refuses a repeat, make a fresh payment: nobody can pay a page that nobody was given
  dead, or none    -> a further attempt with a key of its own
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from paylink.app.attaching import with_lost
from paylink.app.attempt import Attempt, Creation, still_running
from paylink.app.observing import GRACE, ROUNDS, Observing
from paylink.app.seeing import Seen, Sight, unsettled
from paylink.domain.errors import (
    GatewayMisconfigured,
    GatewayTrouble,
    GatewayUnclear,
    KeyExpired,
    SoldOut,
    StillRunning,
)
from paylink.domain.lease import taken_over
from paylink.domain.order import SETTLED, Order, Payment, PaymentState, Status

_BUSY_RETRY = 15
SHORTEST_PAGE = timedelta(minutes=5)
LAST_PAYMENT = timedelta(days=7)
"""How long after an order was made a further payment of it may be: its price is the one of that day."""
_OVER = SETTLED | {Status.CANCELLED}


class Pursuit:
    """One request that continues an order."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._parts = attempt.parts
        self._task = attempt.task
        parts = attempt.parts
        self._observing = Observing(parts.orders, parts.places, parts.gateway, parts.signals, parts.now)

    def run(self, order: Order, limits: Mapping[str, int]) -> Creation:
        """Continues the order, or raises PaylinkError with the order left as it truly stands.

        `limits`: how many there are now of what is limited. A further attempt is a new sale: the owner may have
        ordered more since it was sold out, or fewer.
        """
        return self._continue(self._take_over(order, limits), may_repeat=True)

    def _continue(self, order: Order, *, may_repeat: bool) -> Creation:
        try:
            sights = self._observing.look(order, self._task.credentials, self._task.deadline)
            order = self._observing.apply(order, sights)
        except GatewayTrouble as failure:
            return self._attempt.give_up(order, failure)
        sight = unsettled(order, sights)[0]
        if order.status in SETTLED or order.holds_money():
            return self._done(order)
        if sight.seen in {Seen.BUSY, Seen.MONEY}:
            # Money that did not fit the order is an operator's matter; in no case is a second payment made.
            self._release(order)
            raise StillRunning("This payment is being paid at this moment.", retry_after=_BUSY_RETRY)
        if sight.seen is Seen.OPEN:
            if self._page_is_open(order, sight):
                return self._reopen(order)
            return self._recover(order, sight, may_repeat=may_repeat)
        return self._create(order)

    def _take_over(self, order: Order, limits: Mapping[str, int]) -> Order:
        now = self._parts.now()
        places = tuple(replace(place, limit=limits.get(place.id, place.limit)) for place in order.places)
        changed = replace(taken_over(order, self._task.owner, now), places=places)
        present = self._parts.orders.save(order, changed)
        if present is None:
            return changed
        if present.lease_owner == self._task.owner:
            return present
        raise still_running(present, now)

    def _done(self, order: Order) -> Creation:
        return Creation(self._release(order), made=False)

    def _release(self, order: Order) -> Order:
        """Ends our lease; what others changed meanwhile stays as they left it."""
        if order.lease_owner != self._task.owner:
            return order
        now = self._parts.now()
        changed = order.changed(now, lease_until=None if order.status in _OVER else now, lease_owner=None)
        return self._parts.orders.save(order, changed) or changed

    def _page_is_open(self, order: Order, sight: Sight) -> bool:
        """Whether the page that was handed out can still be paid: the gateway says so, for a while even after
        our own clock has called its time over."""
        is_ours = sight.payment_id == order.payment_id and order.redirect_url is not None
        return is_ours and order.expires_at is not None and self._parts.now() < order.expires_at + GRACE

    def _reopen(self, order: Order) -> Creation:
        now = self._parts.now()
        expires_at = max(order.expires_at or now, now + SHORTEST_PAGE)
        payments = {**order.payments, str(order.payment_id): Payment(PaymentState.OPEN, order.amount)}
        page = {"payments": payments, "expires_at": expires_at}
        changed = order.moved(Status.PENDING, now, **page, lease_until=None, lease_owner=None)
        return Creation(self._parts.orders.save(order, changed) or changed, made=False)

    def _recover(self, order: Order, sight: Sight, *, may_repeat: bool) -> Creation:
        if not may_repeat or order.sent == order.attempt or sight.payment_id == order.payment_id:
            return self._create(order, lost=sight.payment_id)
        # Named before anything else is made: after that, the gateway shows this one by its own id alone.
        order = self._note(order, lost=sight.payment_id)
        if order.status in _OVER:
            return self._done(order)
        try:
            created = self._attempt.create(order, sent=order.sent)
        except (GatewayMisconfigured, SoldOut) as failure:
            return self._attempt.give_up(order, failure)
        except GatewayTrouble as failure:
            if failure.gateway_code is None:
                # No word at all: the repeat itself may have made a payment.
                return self._attempt.give_up(order, failure)
            self._parts.signals.note("repeat refused", order_id=order.order_id)
            # The error is not the last word on the repeat either: the status is.
            return self._continue(order, may_repeat=False)
        return self._attempt.attach(order, created)

    def _note(self, order: Order, *, lost: str | None, **changes: object) -> Order:
        """The order with a payment noted as lost, and other changes; or as it is where it is over meanwhile."""
        for _ in range(ROUNDS):
            now = self._parts.now()
            changed = with_lost(order, lost).changed(now, **changes)
            present = self._parts.orders.save(order, changed)
            if present is None:
                return changed
            if present.attempt != order.attempt:
                raise still_running(present, now)
            is_noted = present.sent == changed.sent and (lost is None or lost in present.payments)
            if present.status in _OVER or is_noted:
                # Over meanwhile, or our own write arrived though its answer was lost.
                return present
            order = present
        raise GatewayUnclear("The order is being changed by others. Send the same request again.")

    def _create(self, order: Order, *, lost: str | None = None) -> Creation:
        """A further attempt with a key of its own, noted in the row before it is sent."""
        if self._parts.now() >= order.created_at + LAST_PAYMENT:
            self._release(order)
            raise KeyExpired(
                "This Idempotency-Key belongs to an order of more than a week ago, and prices change. "
                "Send the request with a fresh key."
            )
        changed = self._note(order, lost=lost, sent=order.attempt)
        if changed.status in _OVER:
            return self._done(changed)
        try:
            created = self._attempt.create(changed, sent=changed.attempt)
        except SoldOut as failure:
            return self._attempt.give_up(changed, failure)
        except GatewayTrouble as failure:
            return self._failed(changed, failure, lost)
        return self._attempt.attach(changed, created)

    def _failed(self, order: Order, failure: GatewayTrouble, lost: str | None) -> Creation:
        """After an error on a repeated call: only where the gateway knows no payment is the error its last word."""
        if isinstance(failure, GatewayMisconfigured):
            return self._attempt.give_up(order, failure)
        try:
            sights = self._observing.look(order, self._task.credentials, self._task.deadline)
            order = self._observing.apply(order, sights)
        except GatewayTrouble as unclear:
            return self._attempt.give_up(order, unclear)
        if order.status in SETTLED or order.holds_money():
            return self._done(order)
        if lost is None and unsettled(order, sights)[0].seen in {Seen.ABSENT, Seen.DEAD}:
            return self._attempt.give_up(order, failure)
        open_still = GatewayUnclear(
            "The gateway could not make the payment now. Send the same request with the same Idempotency-Key again.",
            gateway_code=failure.gateway_code,
            description=failure.gateway_description,
        )
        return self._attempt.give_up(order, open_still)
