"""What the measured functions find: a link, a pending order, the merchant's made-up key; and the events they get."""

import json
from typing import Any

from engines.embedded_aws import MERCHANT_ID, MERCHANT_KEY, STACK_KEY
from integration.event_files import LINKS, file_of, order_of_the_events
from paylink.adapters.order_row import marshal, to_row

__all__ = ["EVENTS", "MERCHANT_ID", "MERCHANT_KEY", "STACK_KEY", "event", "items"]

EVENTS = {
    "create_payment": "create_payment/link",
    "gateway_callback": "gateway_callback/result_paid",
    "payment_status": "payment_status/known",
}
"""The genuine event of events/ that each route is measured with."""


def items() -> dict[tuple[str, ...], dict[str, Any]]:
    """The table's rows by their key."""
    links = {
        ("links", str(link["id"])): marshal(
            {"pk": "links", "sk": link["id"], "link": json.dumps(link, ensure_ascii=False)}
        )
        for link in LINKS
    }
    order = marshal(to_row(order_of_the_events()))
    return {**links, (order["pk"]["S"], order["sk"]["S"]): order}


def event(function: str) -> dict[str, Any]:
    """A function's event, as API Gateway sends it."""
    document: dict[str, Any] = json.loads(file_of(EVENTS[function]).read_text())
    return document
