"""A payment that is declined before the gateway's answer to the call that made it has arrived."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from integration.deployment import Deployment
from integration.lambda_function import LoadedFunction
from paylink.domain.order import Order, Payment, PaymentState, Status


@contextmanager
def declined_first(link_page: LoadedFunction, deployment: Deployment) -> Iterator[None]:
    """The next payments of the link page are declined, and that is written, while their call is on its way."""
    gateway = link_page.parts.page._create._parts.gateway
    create = gateway.create

    def declined(credentials: Any, fields: Any, **more: Any) -> Any:
        created = create(credentials, fields, **more)
        order = deployment.order(dict(fields)["pg_order_id"])
        payments = {created.payment_id: Payment(PaymentState.FAILED, order.amount)}
        deployment.put_order(order.moved(Status.FAILED, order.created_at, payments=payments))
        return created

    gateway.create = declined
    try:
        yield
    finally:
        del gateway.create


def with_stray_money(order: Order) -> Order:
    """The order with a payment that holds money and settled nothing."""
    payments = {**order.payments, "4711": Payment(PaymentState.PAID, order.amount + 1, order.amount + 1)}
    return order.changed(order.created_at, payments=payments)
