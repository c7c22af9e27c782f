"""Create a payment: one intent, one payment, whatever is lost on the way.

The order's row is the idempotency record. A first request claims it with one conditional write, makes the
payment at the gateway and attaches the answer with a second one. Every later request with the same key
finds the row: it gets the order as it is, is told to wait, or continues what was left open (`pursuit`).
"""

import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from paylink.app.attempt import Attempt, Creation, Parts, Task, still_running
from paylink.app.deadline import Deadline
from paylink.app.policy import Call, Policy
from paylink.app.ports import (
    ContactStore,
    Gateway,
    LinkStore,
    MerchantKeySource,
    OrderStore,
    PlaceStore,
    Signals,
    StackKeySource,
)
from paylink.domain.clock import utc_now
from paylink.domain.errors import (
    Entry,
    GatewayMisconfigured,
    GatewayRefused,
    GatewayTrouble,
    InvalidRequest,
    KeyReused,
    NotConfigured,
    PaylinkError,
    PaymentsPaused,
    SoldOut,
)
from paylink.domain.kinds import origin_of
from paylink.domain.lease import LEASE
from paylink.domain.offer import read_token
from paylink.domain.order import SETTLED, UNPAID_END, Order, Refusal, Status
from paylink.domain.payment_request import PaymentRequest
from paylink.domain.place import LONGEST_HOLD, Place, in_mode
from paylink.domain.quote import Quote, quote_links, quote_offer
from paylink.domain.stack_key import StackKey
from paylink.freedompay.client import Credentials

PURPOSE = "payment"


class CreatePayment:
    """The use case behind `POST /payments`."""

    def __init__(
        self,
        *,
        orders: OrderStore,
        links: LinkStore,
        contacts: ContactStore,
        places: PlaceStore,
        merchant: MerchantKeySource,
        stack: StackKeySource,
        gateway: Gateway,
        policy: Policy,
        signals: Signals,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._links = links
        self._merchant = merchant
        self._stack = stack
        self._parts = Parts(orders, contacts, places, gateway, policy, signals, now)

    def __call__(self, request: PaymentRequest, key: str, call: Call) -> Creation:
        """Creates the payment of this key, or answers with the one there is.

        Raises PaylinkError; after GatewayUnclear, GatewaySilent, GatewayMisconfigured, StillRunning and
        StoreUnavailable the same key continues.
        """
        try:
            return self._answer(request, key, call)
        except GatewayMisconfigured:
            # The owner may have mended the key within the minutes for which it is kept here: the next call
            # signs with what the secret holds now.
            with suppress(PaylinkError):
                self._merchant.refreshed()
            raise

    def begun(self, key: str) -> Order | None:
        """The order of a key as it stands; None where nothing was asked for with it, or nobody could yet.

        Raises StoreUnavailable.
        """
        try:
            merchant_id = self._merchant.keys().merchant_id
            order_id = self._stack.key().order_id(PURPOSE, merchant_id, key)
        except NotConfigured:
            return None
        return self._parts.orders.get(order_id)

    def _answer(self, request: PaymentRequest, key: str, call: Call) -> Creation:
        keys = self._merchant.keys()
        stack = self._stack.key()
        now = self._parts.now()
        order_id = stack.order_id(PURPOSE, keys.merchant_id, key)
        fingerprint = stack.fingerprint(request.content())
        task = Task(
            request=request,
            call=call,
            credentials=Credentials(keys.merchant_id, keys.secret_key, keys.former(now)),
            deadline=Deadline(call.seconds_left),
            owner=secrets.token_hex(4),
        )
        try:
            quote = self._quote(request, stack, now)
        except Exception:
            # Whatever is wrong now, a link's own row included, was right when the order's row was written, and
            # that row's word stands.
            present = self._parts.orders.get(order_id)
            if present is None:
                raise
            return self._again(present, fingerprint, task)
        order = self._new_order(order_id, fingerprint, quote, task, now)
        present = self._parts.orders.claim(order)
        if present is None:
            return self._first(order, task)
        if present.lease_owner == task.owner:
            # The claim was ours: its answer was lost and the SDK sent it again.
            return self._first(present, task)
        return self._again(present, fingerprint, task, quote.places)

    def _quote(self, request: PaymentRequest, stack: StackKey, now: datetime) -> Quote:
        policy = self._parts.policy
        if not policy.accept_payments:
            raise PaymentsPaused("The shop takes no new payments at the moment.")
        foreign = [
            Entry(name, "must be on one of the shop's own origins")
            for name in ("success_url", "failure_url")
            if (url := getattr(request, name)) is not None and origin_of(url) not in policy.allowed_origins
        ]
        if foreign:
            raise InvalidRequest(foreign)
        if request.offer is not None:
            offer = read_token(request.offer, stack, now, not_before=policy.offers_not_before)
            return quote_offer(offer, request, policy.receipts, language=policy.language)
        links = self._links.get(item.link for item in request.items)
        return quote_links(links, request, policy.receipts, now, language=policy.language)

    def _new_order(self, order_id: str, fingerprint: str, quote: Quote, task: Task, now: datetime) -> Order:
        request = task.request
        policy = self._parts.policy
        lifetime = request.lifetime or policy.lifetime
        if quote.places:
            # While it can be paid an order may hold places, so the buyer does not choose for how long.
            lifetime = min(lifetime, policy.lifetime if policy.check_call else LONGEST_HOLD)
        is_test = policy.test_mode if quote.test is None else quote.test
        return Order(
            order_id=order_id,
            fingerprint=fingerprint,
            status=Status.CREATING,
            created_at=now,
            amount=quote.amount,
            currency=quote.currency,
            description=quote.description,
            test=is_test,
            lease_until=now + LEASE,
            lease_owner=task.owner,
            capture=quote.capture,
            items=quote.items,
            places=in_mode(quote.places, test=is_test),
            amount_range=quote.amount_range,
            positions=quote.positions,
            lifetime=lifetime,
            language=quote.language,
            reference=request.reference,
            metadata=quote.metadata,
            success_url=request.success_url or quote.success_url,
            failure_url=request.failure_url or quote.failure_url,
            expires_at=now + timedelta(seconds=lifetime),
        )

    def _first(self, order: Order, task: Task) -> Creation:
        attempt = Attempt(self._parts, task)
        try:
            created = attempt.create(order, sent=order.attempt)
        except (GatewayTrouble, SoldOut) as failure:
            return attempt.give_up(order, failure)
        return attempt.attach(order, created)

    def _again(self, order: Order, fingerprint: str, task: Task, places: tuple[Place, ...] = ()) -> Creation:
        # `places`: what the request would want now, where it could still be priced.
        if not secrets.compare_digest(order.fingerprint, fingerprint):
            raise KeyReused(
                "This Idempotency-Key was used for another request. Use a fresh key for each intent to pay."
            )
        now = self._parts.now()
        if order.status in SETTLED or order.status is Status.CANCELLED:
            return Creation(order, made=False)
        if order.holds_money() or order.payable(now):
            # Money that did not fit waits for the operator; until then nobody is asked for more.
            return Creation(order, made=False)
        if order.leased(now):
            raise still_running(order, now)
        if order.refusal is not None and order.status in UNPAID_END:
            raise remembered(order.refusal)
        if not self._parts.policy.accept_payments:
            raise PaymentsPaused("The shop takes no new payments at the moment.")
        from paylink.app.pursuit import Pursuit  # noqa: PLC0415 — most calls never need it

        limits = {place.id: place.limit for place in in_mode(places, test=order.test)}
        return Pursuit(Attempt(self._parts, task)).run(order, limits)


def remembered(refusal: Refusal) -> GatewayRefused:
    """The refusal that the row remembers."""
    failure = GatewayRefused(
        "The gateway refused this payment; sending it again will not help. Change what is asked for and use a "
        "fresh Idempotency-Key.",
        gateway_code=refusal.code,
        description=refusal.description,
    )
    failure.remembered = True
    return failure
