"""Orders for late words of the gateway."""

from paylink.domain.order import Order, Status

from .stall import Stall

TICKET = {"link": "ticket"}


def an_order(stall: Stall, key: str = "first", body: dict[str, object] | None = None) -> Order:
    """An order whose page is made and, where the gateway asks, whose card was presented."""
    order = stall.ask(key, body or TICKET).order
    if stall.check_call:
        stall.sandbox.present(str(order.payment_id), "4916307416334310")
    return order


def expired(stall: Stall, key: str = "first", body: dict[str, object] | None = None) -> Order:
    order = an_order(stall, key, body)
    stall.tells_expiry(order, str(order.payment_id))
    assert stall.order(key).status is Status.EXPIRED
    return order
