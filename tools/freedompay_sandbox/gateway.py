"""The gateway's own addresses, apart from HTTP: who may ask, what is asked, what is answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from . import answers, status_answers
from .answers import Answer
from .faults import Fault
from .payments import Payment, UnknownPaymentError
from .reading import text_of
from .rules import ParameterError
from .sandbox import RepeatedKeyError, Sandbox
from .signing import Pair, verify

BAD_SIGNATURE, BAD_PARAMETER, NOT_FOUND, SYSTEM_ERROR = "1100", "200", "11068", "9999"
UNKNOWN_MERCHANT, UNKNOWN_MERCHANT_G2G = "101", "9998"


@dataclass(frozen=True)
class Call:
    """A readable request: its fields, the scripts it may be signed with, the base of its hosted page."""

    fields: Sequence[Pair]
    scripts: Sequence[str]
    g2g: bool
    base_url: str = ""
    fault: Fault | None = None  # which this request meets

    def text(self, name: str) -> str:
        """The text of one field, "" when absent."""
        return text_of(self.fields, name) or ""

    def script(self, secret_key: str) -> str | None:
        """The script whose signature fits, None when none does."""
        return next((script for script in self.scripts if verify(script, self.fields, secret_key)), None)

    def key(self, keys: Sequence[str]) -> str | None:
        """The key that the request is signed with, None when it is none of these."""
        return next((key for key in keys if self.script(key) is not None), None)


def create(sandbox: Sandbox, call: Call, *, any_amount: bool) -> Answer:
    """Answer a create request, making its payment."""
    script = admitted(sandbox, call)
    if isinstance(script, Answer):
        return script
    now = sandbox.clock.now()
    try:
        payment = sandbox.create(call.fields, any_amount=any_amount)
    except (ParameterError, RepeatedKeyError) as problem:
        return answers.error(BAD_PARAMETER, str(problem), script=script, at=now)
    wants_qr = call.text("pg_generate_qr") in {"1", "true"} or any_amount
    return answers.created(payment, script, page_address(sandbox, payment, call.base_url), qr=wants_qr)


def status(sandbox: Sandbox, call: Call) -> Answer:
    """Answer a status request by payment id, or by order id with the last payment of that order."""
    script = admitted(sandbox, call)
    if isinstance(script, Answer):
        return script
    now = sandbox.clock.now()
    payment_id, order_id = call.text("pg_payment_id"), call.text("pg_order_id")
    if not payment_id and not order_id:
        reason = "pg_payment_id or pg_order_id is required"
        return answers.error(BAD_PARAMETER, reason, script=script, at=now)
    try:
        payment = sandbox.find(payment_id=payment_id, order_id=order_id)
    except UnknownPaymentError:
        return answers.error(NOT_FOUND, "Payment not found")
    if call.g2g and order_id and payment.order_id != order_id:
        # Only get_status3 ignores the order id beside a payment id.
        return answers.error(NOT_FOUND, "Payment not found")
    shown, word = payment.seen_at(now), sandbox.settings.refunded_word
    if sandbox.settings.refund_hides_payment and not payment_id and shown.refunds:
        return status_answers.refund_status(shown, shown.refunds[-1], script)
    if call.g2g:
        return status_answers.status_v2(shown, script, now, word)
    return status_answers.status3(shown, script, word)


def page_address(sandbox: Sandbox, payment: Payment, base_url: str) -> str:
    """Return the address of a payment's hosted page."""
    base = (sandbox.settings.public_url or base_url).rstrip("/")
    return f"{base}/pay.html?customer={payment.customer}"


def admitted(sandbox: Sandbox, call: Call) -> str | Answer:
    """Return the script the request is signed with, or the answer to one that is not the shop's."""
    if call.text("pg_merchant_id") != sandbox.settings.merchant_id:
        code = UNKNOWN_MERCHANT_G2G if call.g2g else UNKNOWN_MERCHANT
        return answers.error(code, "Merchant is not identified")
    key = call.key(sandbox.settings.keys)
    script = None if key is None else call.script(key)
    if script is None:
        return answers.error(BAD_SIGNATURE, "Invalid request signature", http_status=401)
    return script
