"""A buyer is back and asks how the payment stands: the gateway may be asked, once a minute for each order."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from paylink.app.ports import Signals
from paylink.domain.clock import utc_now
from paylink.domain.errors import PaylinkError
from paylink.domain.order import Order, Status
from paylink.domain.watch import PAGE_GAP, RETRY, Watch

if TYPE_CHECKING:
    from paylink.app.asking import Asking
    from paylink.app.watch_ports import WatchStore

PATIENCE: Final = 6.0
"""Seconds that the buyer's page waits for the gateway; what is stored is an answer too."""


class BuyerAsks:
    """Asks the gateway on behalf of a buyer's page. `asking` makes what that needs, on first use."""

    def __init__(
        self,
        *,
        watches: "WatchStore",
        asking: Callable[[], "Asking"],
        signals: Signals,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._watches = watches
        self._asking = asking
        self._signals = signals
        self._now = now

    def __call__(self, order: Order, seconds_left: float) -> Order:
        """The order, looked up at the gateway where that is due; as it was where anything fails."""
        if order.status is not Status.PENDING:
            return order
        try:
            claimed = self._claimed(order)
            return order if claimed is None else self._asked(order, claimed, seconds_left)
        except PaylinkError as failure:
            self._signals.warn(
                "not asked for the buyer", order_id=order.order_id, kind=type(failure).__name__
            )
            return order

    def _claimed(self, order: Order) -> Watch | None:
        # A read costs half of a write that fails, and pages ask every few seconds.
        watch = self._watches.get(order.order_id)
        now = self._now()
        if watch is None or watch.returned_at is None or watch.leased(now):
            return None
        if watch.tried_at is not None and watch.tried_at + PAGE_GAP > now:
            return None
        from paylink.app.asking import LEASE  # noqa: PLC0415 — most questions never need it

        return self._watches.claim_returned(
            order.order_id, secrets.token_hex(8), now, until=now + LEASE, retry_at=now + RETRY
        )

    def _asked(self, order: Order, claimed: Watch, seconds_left: float) -> Order:
        from paylink.app.deadline import RESERVE, Deadline  # noqa: PLC0415 — most questions never need it

        deadline = Deadline(min(seconds_left, PATIENCE + RESERVE))
        return self._asking()(claimed, deadline, early=True).order or order
