"""`GET /payments/{order_id}` as HTTP, apart from creating, which that function never loads."""

from paylink.domain.order import Order
from paylink.web.order_json import status_json
from paylink.web.response import Response, json_response


def status(order: Order) -> Response:
    """200 with the order's status."""
    return json_response(200, status_json(order))
