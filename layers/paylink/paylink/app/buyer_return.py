"""The buyer comes back from the gateway: where to send them. Changes nothing, proves nothing, never fails."""

from collections.abc import Sequence
from urllib.parse import unquote_plus, urlencode, urlsplit, urlunsplit

from paylink.app.ports import MerchantKeySource, OrderStore, Signals
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
        self, *, orders: OrderStore, merchant: MerchantKeySource, shop_url: str, signals: Signals
    ) -> None:
        self._orders = orders
        self._merchant = merchant
        self._shop_url = shop_url
        self._signals = signals

    def __call__(self, script: str, method: str, query: str, content_type: str | None, body: bytes) -> str:
        """The address for the buyer: the shop's stored page with `order_id`, or the shop's default page."""
        try:
            fields: Sequence[Field] = read_request(method, query, content_type, body)
        except UnreadableMessage:
            self._signals.count("ReturnUnreadable")
            return self._shop_url
        self._count_forgery(script, fields)
        order_id = next((value for name, value in fields if name == "pg_order_id"), None)
        if not isinstance(order_id, str) or not is_order_id(order_id):
            return self._shop_url
        try:
            order = self._orders.get(order_id)
        except PaylinkError:
            # The buyer's own page asks for the status anyway; it may well be answered by then.
            self._signals.count("ReturnUnread")
            return with_order_id(self._shop_url, order_id)
        return self._shop_url if order is None else with_order_id(self._page(order, script), order_id)

    def _page(self, order: Order, script: str) -> str:
        stored = order.success_url if script == SUCCESS else order.failure_url
        return stored or self._shop_url

    def _count_forgery(self, script: str, fields: Sequence[Field]) -> None:
        try:
            keys = self._merchant.keys()
        except PaylinkError:
            return
        if not verify(script, fields, keys.verifying(utc_now())):
            self._signals.count("ReturnSignatureRefused")


def with_order_id(address: str, order_id: str) -> str:
    """An address with `order_id` at the end of its query, in place of any that was there; all else as it was.

    The shop's own query is not decoded: written anew, it would no longer be the address that the shop gave.
    """
    parts = urlsplit(address)
    own = [piece for piece in parts.query.split("&") if piece]
    kept = [piece for piece in own if unquote_plus(piece.partition("=")[0]) != "order_id"]
    return urlunsplit(parts._replace(query="&".join([*kept, urlencode({"order_id": order_id})])))
