"""POST /payments: creates a payment and answers with the address of its page."""

from typing import Any

from paylink.app.policy import Call
from paylink.bootstrap.create_payment import create_payment
from paylink.web.endpoint import endpoint
from paylink.web.payments import created, read_payment
from paylink.web.public_url import public_url
from paylink.web.request import Request
from paylink.web.response import Response

parts = create_payment()


@parts.signals.around
def handler(event: dict[str, Any], context: Any) -> Response:  # noqa: ANN401 — Lambda's own object
    """One HTTP request."""

    def answer(request: Request) -> Response:
        base = public_url(parts.settings.public_url, request.domain)
        asked, key = read_payment(request)
        call = Call(base, request.buyer_ip, context.get_remaining_time_in_millis() / 1000)
        creation = parts.create(asked, key, call)
        return created(creation.order, asked, public_url=base, made=creation.made, qr=creation.qr)

    return endpoint(event, answer)
