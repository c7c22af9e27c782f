"""`POST /payments` as HTTP."""

from paylink.domain.clock import utc_now
from paylink.domain.order import Order
from paylink.domain.payment_request import PaymentRequest, parse_idempotency_key, parse_payment_request
from paylink.web.json_body import read_json_object
from paylink.web.order_json import created_json, status_url
from paylink.web.qr import qr_data_uri
from paylink.web.request import Request
from paylink.web.response import Response, json_response


def read_payment(request: Request) -> tuple[PaymentRequest, str]:
    """What is asked for, and the idempotency key. Raises PaylinkError."""
    key = parse_idempotency_key(request.headers.get("idempotency-key"))
    return parse_payment_request(read_json_object(request.body())), key


def created(order: Order, asked: PaymentRequest, *, public_url: str, made: bool, qr: str | None) -> Response:
    """201 where this request made the payment, else 200 with the order as it is now."""
    now = utc_now()
    if asked.presentation == "qr" and order.redirect_url is not None and order.payable(now):
        # The gateway's picture comes once; for a repeat of the request the same code is drawn here.
        qr = qr or qr_data_uri(order.redirect_url)
    content = created_json(order, public_url=public_url, qr=qr, now=now)
    headers = {"location": status_url(order, public_url)}
    if made:
        return json_response(201, content, headers)
    return json_response(200, content, {**headers, "idempotent-replayed": "true"})
