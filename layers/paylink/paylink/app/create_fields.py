"""What the gateway is told when a payment is made: every field of its page that Paylink sends.

All addresses, methods and modes are always said explicitly, since what is left out is decided by the shop's
settings in the gateway's cabinet, which this stack does not see.
"""

from typing import Final

from paylink.app.policy import Call, Policy
from paylink.app.receipt_fields import position_fields
from paylink.domain.money import format_major, to_decimal
from paylink.domain.order import Order
from paylink.domain.payment_request import PaymentRequest
from paylink.domain.terms import AUTOMATIC
from paylink.freedompay.signature import Field

METADATA_PREFIX: Final = "m_"
"""Before every name of the shop's own, so that it never meets nor passes for a field of the gateway."""


def create_fields(
    order: Order, request: PaymentRequest, policy: Policy, call: Call, *, sent: int
) -> list[Field]:
    """The fields of a create call, but for merchant, salt and signature.

    `sent` is the attempt whose idempotency key the call carries. An order whose amount the buyer chooses on
    the gateway's page has bounds in place of an amount (Any amount).
    """
    base = call.public_url
    fields: dict[str, str | None] = {
        "pg_order_id": order.order_id,
        "pg_idempotency_key": f"{order.order_id}-{sent}",
        **_amount(order),
        "pg_currency": order.currency,
        "pg_description": order.description,
        "pg_testing_mode": "1" if order.test else "0",
        "pg_auto_clearing": "1" if order.capture == AUTOMATIC else "0",
        "pg_lifetime": str(order.lifetime),
        "pg_language": order.language,
        "pg_request_method": "POST",
        "pg_check_url": f"{base}/callbacks/paylink_check",
        "pg_result_url": f"{base}/callbacks/paylink_result",
        "pg_success_url": f"{base}/return/success",
        "pg_failure_url": f"{base}/return/failure",
        "pg_success_url_method": "GET",
        "pg_failure_url_method": "GET",
        "pg_site_url": policy.shop_url,
        "pg_payment_method": policy.payment_method or None,
        "pg_payment_route": "frame" if request.presentation == "frame" else None,
        "pg_generate_qr": "1" if request.presentation == "qr" else None,
        "pg_user_contact_email": request.customer.email,
        "pg_user_phone": request.customer.phone,
        "pg_user_id": request.customer.id,
        "pg_user_ip": call.buyer_ip,
        f"{METADATA_PREFIX}reference": order.reference,
    }
    for name, text in (*order.metadata.items(), *request.fields.items()):
        fields[METADATA_PREFIX + name] = text
    return [
        *((name, text) for name, text in fields.items() if text),
        *position_fields(order.positions, order.currency),
    ]


def _amount(order: Order) -> dict[str, str]:
    if order.amount_range is None:
        return {"pg_amount": format_major(order.amount, order.currency)}
    least, most = (
        str(int(to_decimal(bound, order.currency)))
        for bound in (order.amount_range.minimum, order.amount_range.maximum)
    )
    return {"pg_amount_interval_from": least, "pg_amount_interval_to": most}
