"""Asking the gateway about one order whose note is held, and putting the note where it belongs next."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Protocol

from paylink.app.deadline import Deadline
from paylink.app.ports import OrderStore, PlaceStore, Signals
from paylink.app.settling import give_back_if_over
from paylink.app.watch_ports import Syncing, WatchStore
from paylink.domain.clock import utc_now
from paylink.domain.errors import GatewayMisconfigured, GatewayTrouble, NotConfigured, StoreUnavailable
from paylink.domain.order import HOLDING_MONEY, SETTLED, Order
from paylink.domain.watch import RETRY, Watch, after_trouble, due_at

LEASE = timedelta(seconds=60)
"""Longer than any function may run: a lease that has ended means a question that has ended."""
_SOON = timedelta(minutes=1)
_AFTER_LEASE = timedelta(seconds=5)


class Outcome(Enum):
    """What came of one order's turn."""

    ASKED = auto()
    NOT_YET = auto()
    """Nothing was asked: it is due later, or waits for nothing any more."""
    SILENT = auto()
    """The gateway said nothing usable; that is not this order's fault."""
    UNABLE = auto()
    """The gateway takes no question of this shop, or no key is set."""
    TROUBLE = auto()
    """This very order could not be asked about, or not be written."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of it, and the order as it stands (None where there is none, or it could not be read)."""

    outcome: Outcome
    order: Order | None = None


class Holds(Protocol):
    """What is done about a hold that nears its end."""

    def apply(self, order: Order, seconds_left: float) -> Order:
        """The order after it. Raises StoreUnavailable, NotConfigured."""


class Asking:
    """Works on one order at a time. The caller holds its note (`WatchStore.claim`)."""

    def __init__(
        self,
        *,
        orders: OrderStore,
        places: PlaceStore,
        watches: WatchStore,
        sync: Syncing,
        signals: Signals,
        holds: Holds | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._orders = orders
        self._places = places
        self._watches = watches
        self._sync = sync
        self._signals = signals
        self._holds = holds
        self._now = now

    def __call__(self, claimed: Watch, deadline: Deadline, *, early: bool = False) -> Asked:
        """Asks about the order if it is due, or `early`. Raises StoreUnavailable alone."""
        try:
            return self._work(claimed, deadline, early=early)
        except (NotConfigured, GatewayMisconfigured):
            return self._put_off(claimed, Outcome.UNABLE)
        except GatewayTrouble as failure:
            if failure.gateway_code is None:
                return self._put_off(claimed, Outcome.SILENT)
            return self._troubled(claimed, type(failure).__name__)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 — whatever is wrong with one order, the others have their turn
            return self._troubled(claimed, type(error).__name__)

    def _work(self, claimed: Watch, deadline: Deadline, *, early: bool) -> Asked:
        order = self._orders.get(claimed.order_id)
        now = self._now()
        if order is None:
            self._watches.finish(claimed, None, now)
            return Asked(Outcome.NOT_YET)
        busy_until = _busy_until(order, now)
        due = due_at(order, claimed, now) if busy_until is None else busy_until + _AFTER_LEASE
        if due is None:
            return Asked(Outcome.NOT_YET, self._let_go(claimed, order))
        if busy_until is not None or (due > now and not early):
            self._watches.finish(claimed, due, now)
            return Asked(Outcome.NOT_YET, order)
        after = self._sync.run(order, deadline)
        self._count(order, after)
        if self._holds is not None:
            after = self._holds.apply(after, deadline.seconds_left())
        return Asked(Outcome.ASKED, self._noted(claimed, after))

    def _noted(self, claimed: Watch, order: Order) -> Order:
        now = self._now()
        asked = replace(claimed, asked_at=now, asks=claimed.asks + 1, troubles=0)
        due = due_at(order, asked, now)
        if due is None:
            return self._let_go(asked, order)
        self._watches.finish(asked, due, now)
        return order

    def _let_go(self, claimed: Watch, order: Order) -> Order:
        """Takes an order that waits for nothing off the list, its places given back where it is over."""
        now = self._now()
        give_back_if_over(self._places, order, now)
        if order.waiting:
            changed = order.changed(now)
            present = self._orders.save(order, changed)
            if present is not None:
                # Others changed it meanwhile: it is looked at anew.
                self._watches.finish(claimed, now + _SOON, now)
                return present
            order = changed
        self._watches.finish(claimed, None, now)
        return order

    def _count(self, before: Order, after: Order) -> None:
        self._signals.count("ReconcileAsked")
        if before.status not in SETTLED and after.status in HOLDING_MONEY:
            self._signals.count("ReconcileFoundPaid")
            self._signals.note("found paid", order_id=after.order_id, status=after.status.value)

    def _put_off(self, claimed: Watch, outcome: Outcome) -> Asked:
        now = self._now()
        self._watches.finish(claimed, now + RETRY, now)
        return Asked(outcome)

    def _troubled(self, claimed: Watch, kind: str) -> Asked:
        now = self._now()
        self._signals.count("ReconcileTrouble")
        self._signals.warn("asking failed", order_id=claimed.order_id, kind=kind)
        self._watches.finish(
            replace(claimed, troubles=claimed.troubles + 1), after_trouble(claimed, now), now
        )
        return Asked(Outcome.TROUBLE)


def _busy_until(order: Order, now: datetime) -> datetime | None:
    """Until when someone else is at work on the order: creation and the operator go first."""
    if order.leased(now):
        return order.lease_until
    if order.operation is not None and order.operation.leased(now):
        return order.operation.lease_until
    return None
