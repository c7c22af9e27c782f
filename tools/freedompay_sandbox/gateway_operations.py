"""The gateway's addresses for clearing, cancelling and refunding, apart from HTTP."""

from collections.abc import Callable

from . import answers, operation_answers
from .answers import Answer
from .gateway import BAD_PARAMETER, NOT_FOUND, Call, admitted
from .operation_rules import amount_of, check_operation
from .operations import RefusedError
from .payments import Payment, UnknownPaymentError
from .refunds import RefundCourse, RefundState
from .rules import ParameterError
from .sandbox import Sandbox

NOT_FOUND_MERCHANT = "340"  # the merchant API's own list has this code for it


def clearing(sandbox: Sandbox, call: Call) -> Answer:
    """Answer a clearing request."""

    def act(payment_id: str) -> Payment:
        return sandbox.operations.clear(payment_id, amount_of(call.fields))

    return _operate(sandbox, call, "clearing", act, operation_answers.cleared)


def cancel(sandbox: Sandbox, call: Call) -> Answer:
    """Answer a cancel request."""
    return _operate(sandbox, call, "cancel", sandbox.operations.cancel, operation_answers.cancelled)


def refund(sandbox: Sandbox, call: Call) -> Answer:
    """Answer a refund request; a fault may say how the accepted refund goes on."""

    def act(payment_id: str) -> Payment:
        currency = call.text("pg_currency")
        if currency and currency != sandbox.payment(payment_id).currency:
            raise ParameterError("pg_currency", "must be the payment's own")
        return sandbox.operations.refund(payment_id, amount_of(call.fields), course=_course(call))

    return _operate(sandbox, call, "refund", act, operation_answers.refunded)


def refuse(sandbox: Sandbox, call: Call) -> Answer:
    """Answer a rightly signed request with the code of its fault, signed as the gateway's refusals are."""
    script = admitted(sandbox, call)
    if isinstance(script, Answer) or call.fault is None:
        return script if isinstance(script, Answer) else answers.error(BAD_PARAMETER, "")
    fault = call.fault
    return answers.error(fault.code, fault.description, script=script, at=sandbox.clock.now())


def _operate(
    sandbox: Sandbox,
    call: Call,
    operation: str,
    act: Callable[[str], Payment],
    done: Callable[[Payment, str, bool], Answer],
) -> Answer:
    script = admitted(sandbox, call)
    if isinstance(script, Answer):
        return script
    now = sandbox.clock.now()
    try:
        check_operation(operation, call.fields, g2g=call.g2g)
        payment = act(call.text("pg_payment_id"))
    except ParameterError as problem:
        return answers.error(BAD_PARAMETER, str(problem), script=script, at=now)
    except RefusedError as refusal:
        return answers.error(refusal.code, str(refusal), script=script, at=now)
    except UnknownPaymentError:
        return answers.error(NOT_FOUND if call.g2g else NOT_FOUND_MERCHANT, "Payment not found")
    return done(payment, script, call.g2g)


def _course(call: Call) -> RefundCourse:
    fault = call.fault
    if fault is None or fault.kind not in {"fails_later", "pending"}:
        return RefundCourse()
    ends = RefundState.FAILED if fault.kind == "fails_later" else RefundState.DONE
    if fault.seconds is None and fault.kind == "fails_later":
        return RefundCourse(ends)
    return RefundCourse(RefundState.PROCESSING, ends, fault.seconds)
