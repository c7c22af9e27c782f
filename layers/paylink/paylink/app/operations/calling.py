"""One call of an operation to the gateway: what is sent, and what its answer means."""

from dataclasses import dataclass
from enum import Enum, auto

from paylink.app.ports import Gateway
from paylink.app.receipt_fields import position_fields
from paylink.domain.money import DECIMALS, from_decimal, to_decimal
from paylink.domain.operation import Kind, Operation
from paylink.domain.order import Order
from paylink.domain.receipt import positions_for
from paylink.freedompay.client import Credentials
from paylink.freedompay.errors import Advice, AmbiguousMessage, FreedomPayError, GatewayError, NotReached
from paylink.freedompay.signature import Field


@dataclass(frozen=True, slots=True)
class Answer:
    """The gateway's word that an operation is done. `captured` in minor units, where it told that."""

    refund_id: str | None = None
    captured: int | None = None


class Outcome(Enum):
    """What an error of the call means for the operation."""

    NOT_SENT = auto()
    """Nothing reached the gateway, or it did not even take our signature: the same key may try again."""
    SAID_NO = auto()
    """It refused; a read has to agree before that is believed."""
    UNKNOWN = auto()


_SAYS_NO = frozenset({Advice.REFUSED, Advice.DECLINED, Advice.NOT_FOUND})


def outcome_of(error: FreedomPayError) -> Outcome:
    """What an error of an operation's first and only call means."""
    if isinstance(error, AmbiguousMessage | NotReached):
        return Outcome.NOT_SENT
    if isinstance(error, GatewayError):
        if error.advice is Advice.MISCONFIGURED:
            return Outcome.NOT_SENT
        return Outcome.SAID_NO if error.advice in _SAYS_NO else Outcome.UNKNOWN
    return Outcome.UNKNOWN


def call(
    gateway: Gateway, credentials: Credentials, order: Order, operation: Operation, *, timeout: float
) -> Answer:
    """Sends the operation, once. `timeout` in seconds. Raises FreedomPayError."""
    payment_id = operation.payment_id or ""
    is_countable = operation.amount > 0 and operation.currency in DECIMALS
    amount = to_decimal(operation.amount, operation.currency) if is_countable else None
    fields = _receipt(order, operation)
    if operation.kind is Kind.REFUND:
        refunded = gateway.refund(
            credentials, payment_id=payment_id, amount=amount, fields=fields, timeout=timeout
        )
        return Answer(refund_id=refunded.refund_id)
    if operation.kind is Kind.CAPTURE:
        captured = gateway.capture(
            credentials, payment_id=payment_id, amount=amount, fields=fields, timeout=timeout
        )
        told = captured.amount
        return Answer(captured=None if told is None else from_decimal(told, operation.currency))
    gateway.cancel(credentials, payment_id=payment_id, fields=fields, timeout=timeout)
    return Answer()


def _receipt(order: Order, operation: Operation) -> list[Field]:
    """The receipt's lines for the operation's sum, where the order has a receipt at all."""
    if not order.positions or operation.amount <= 0 or operation.currency != order.currency:
        return []
    return position_fields(positions_for(order.positions, operation.amount), operation.currency)
