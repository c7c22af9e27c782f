"""The buyer comes back from the gateway: where to send them. Proves nothing, changes no order, never fails.

That the buyer is back is noted beside an order that still waits, so that the gateway is asked soon. Callbacks come
before buyers do, so an order that goes the plain way is paid by then, and nothing is written.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import unquote_plus, urlencode, urlsplit, urlunsplit

from paylink.app.ports import MerchantKeySource, OrderStore, Signals
from paylink.app.watch_ports import ReturnMarks
from paylink.domain.clock import utc_now
from paylink.domain.errors import PaylinkError
from paylink.domain.order import Order
from paylink.domain.stack_key import is_order_id
from paylink.freedompay.errors import UnreadableMessage
from paylink.freedompay.messages import read_request
from paylink.freedompay.signature import Field, verify

SUCCESS = "success"
FAILURE = "failure"


class BuyerReturn:
    """The use case behind `/return/success` and `/return/failure`. An address in the message is never followed."""

    def __init__(
        self,
        *,
        orders: OrderStore,
        marks: ReturnMarks,
        merchant: MerchantKeySource,
        shop_url: str,
        signals: Signals,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._orders = orders
        self._marks = marks
        self._merchant = merchant
        self._shop_url = shop_url
        self._signals = signals
        self._now = now

    def __call__(self, script: str, method: str, query: str, content_type: str | None, body: bytes) -> str:
        """The address for the buyer: the shop's stored page with `order_id`, or the shop's default page."""
        try:
            fields: Sequence[Field] = read_request(method, query, content_type, body)
        except UnreadableMessage:
            self._signals.count("ReturnUnreadable")
            return self._shop_url
        is_signed = self._is_signed(script, fields)
        order_id = next((value for name, value in fields if name == "pg_order_id"), None)
        if not isinstance(order_id, str) or not is_order_id(order_id):
            return self._shop_url
        try:
            order = self._orders.get(order_id)
        except PaylinkError:
            # The buyer's own page asks for the status anyway; it may well be answered by then.
            self._signals.count("ReturnUnread")
            return with_order_id(self._shop_url, order_id)
        if order is None:
            return self._shop_url
        if is_signed and order.waiting:
            self._mark(order)
        return with_order_id(self._page(order, script), order_id)

    def _mark(self, order: Order) -> None:
        try:
            self._marks.returned(order.order_id, self._now())
        except PaylinkError:
            # The order is asked about a little later then.
            self._signals.count("ReturnUnmarked")

    def _page(self, order: Order, script: str) -> str:
        stored = order.success_url if script == SUCCESS else order.failure_url
        return stored or self._shop_url

    def _is_signed(self, script: str, fields: Sequence[Field]) -> bool:
        """Whether the gateway signed the message; a wrong signature is counted."""
        try:
            keys = self._merchant.keys()
        except PaylinkError:
            return False
        if verify(script, fields, keys.verifying(self._now())):
            return True
        self._signals.count("ReturnSignatureRefused")
        return False


def with_order_id(address: str, order_id: str) -> str:
    """An address with `order_id` at the end of its query, in place of any that was there; all else as it was.

    The shop's own query is not decoded: written anew, it would no longer be the address that the shop gave.
    """
    parts = urlsplit(address)
    own = [piece for piece in parts.query.split("&") if piece]
    kept = [piece for piece in own if unquote_plus(piece.partition("=")[0]) != "order_id"]
    return urlunsplit(parts._replace(query="&".join([*kept, urlencode({"order_id": order_id})])))
