"""The gateway's HTTP addresses, with the faults that were asked for."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from flask import Blueprint, Response, jsonify, redirect, render_template, request

from . import answers, gateway, gateway_operations
from .answers import Answer
from .callbacks import OTHER_KEY
from .connection import drop_connection
from .faults import Fault
from .gateway import Call
from .pages import render_page
from .reading import UnreadableMessageError, read_request
from .requests_log import RequestRecord
from .sandbox import Sandbox
from .signing import Pair, script_name

METHODS = ["GET", "POST"]

Rendered = tuple[Response, list[Pair]]


@dataclass(frozen=True)
class Operation:
    """An operation under one of its addresses: what answers it, and whether a browser is asking."""

    name: str
    answer: Callable[[Sandbox, Call], Answer]
    browser: bool = False


CREATE = Operation("create", partial(gateway.create, any_amount=False))
CREATE_ANY_AMOUNT = Operation("create", partial(gateway.create, any_amount=True))
CREATE_IN_BROWSER = Operation("create", partial(gateway.create, any_amount=False), browser=True)
STATUS = Operation("status", gateway.status)
CLEARING = Operation("clearing", gateway_operations.clearing)
CANCEL = Operation("cancel", gateway_operations.cancel)
REFUND = Operation("refund", gateway_operations.refund)

ADDRESSES = {
    "/init_payment.php": CREATE,
    "/init_payment": CREATE,
    "/g2g/payment_page": CREATE,
    "/g2g/payment_page/": CREATE,
    "/g2g/any_amount": CREATE_ANY_AMOUNT,
    "/payment.php": CREATE_IN_BROWSER,
    "/get_status3.php": STATUS,
    "/g2g/status_v2": STATUS,
    "/g2g/clearing": CLEARING,
    "/do_capture.php": CLEARING,
    "/g2g/cancel": CANCEL,
    "/cancel.php": CANCEL,
    "/cancel": CANCEL,
    "/g2g/refund": REFUND,
    "/revoke.php": REFUND,
    "/revoke": REFUND,
}
UNREADABLE = b'<?xml version="1.0" encoding="utf-8"?>\n<response><pg_status>o'


def gateway_routes(sandbox: Sandbox) -> Blueprint:
    """Return the gateway's addresses for this sandbox."""
    routes = Blueprint("gateway", __name__)
    for path, operation in ADDRESSES.items():
        routes.add_url_rule(
            path,
            endpoint=path.replace("/", "_").replace(".", "_"),
            view_func=partial(_serve, sandbox, operation),
            methods=METHODS,
            strict_slashes=True,
        )

    @routes.get("/status/healthcheck")
    def healthcheck() -> Response:
        return jsonify(status="ok", time=sandbox.clock.now().isoformat(timespec="seconds"))

    return routes


def _serve(sandbox: Sandbox, operation: Operation) -> Response:
    try:
        fields = read_request(request)
    except UnreadableMessageError as problem:
        answer = answers.error(gateway.BAD_PARAMETER, str(problem))
        return _finish(sandbox, operation, _render(operation, answer, ""))
    call = Call(fields, _scripts(request.path), request.path.startswith("/g2g/"), request.host_url)
    order_id = call.text("pg_order_id") or sandbox.order_of(call.text("pg_payment_id"))
    fault = sandbox.faults.take(operation.name, order_id or None)
    if fault is None:
        answer = operation.answer(sandbox, call)
        rendered = _render(operation, answer, _key(sandbox, call))
        return _finish(sandbox, operation, rendered, call=call, answer=answer)
    return _serve_faulty(sandbox, operation, replace(call, fault=fault), fault)


def _serve_faulty(sandbox: Sandbox, operation: Operation, call: Call, fault: Fault) -> Response:
    if fault.kind == "slow_before":
        time.sleep(fault.seconds or 0)
    acts = operation is STATUS or fault.acts
    answer = operation.answer(sandbox, call) if acts and fault.kind != "drop_before" else None
    if fault.kind == "refused":
        answer = gateway_operations.refuse(sandbox, call)
    elif fault.kind == "unsigned" and answer is not None:
        answer = replace(answer, script=None)
    if fault.kind == "later":
        sandbox.later(fault.seconds or 0, lambda: operation.answer(sandbox, call))
    if fault.kind in {"drop_before", "drop_after", "later"}:
        return _finish(sandbox, operation, None, call=call, fault=fault, answer=answer)
    if (
        fault.kind == "error_then_paid"
        and answer is not None
        and answer.payment
        and fault.seconds is not None
    ):
        sandbox.pay_later(answer.payment.payment_id, fault.seconds)
    if fault.kind == "slow":
        time.sleep(fault.seconds or 0)
    key = OTHER_KEY if fault.kind == "wrong_signature" else _key(sandbox, call)
    rendered = _in_place(operation, fault) or _render(operation, answer or _asked_error(fault), key)
    return _finish(sandbox, operation, rendered, call=call, fault=fault, answer=answer)


def _in_place(operation: Operation, fault: Fault) -> Rendered | None:
    """Return what a fault answers in place of the real answer, None where it only touches that."""
    if fault.kind == "http_500":
        return Response("Internal Server Error", 500, mimetype="text/plain"), []
    if fault.kind == "html":
        return Response(render_template("elsewhere.html"), 200), []
    if fault.kind == "garbage":
        return Response(UNREADABLE, 200, mimetype="application/xml"), []
    if fault.kind in {"error", "error_then_paid"}:
        return _render(operation, _asked_error(fault), "")
    return None


def _key(sandbox: Sandbox, call: Call) -> str:
    """Return the key that an answer is signed with: the request's own, so that a changeover can be lived in."""
    return call.key(sandbox.settings.keys) or sandbox.settings.secret_key


def _asked_error(fault: Fault) -> Answer:
    return answers.error(fault.code, fault.description, http_status=fault.http_status)


def _render(operation: Operation, answer: Answer, key: str) -> Rendered:
    document, fields = answer.written(key)
    if not operation.browser:
        return Response(document, answer.http_status, mimetype="application/xml"), fields
    if answer.redirect_url is not None:
        response = redirect(answer.redirect_url, 303)
        return Response(response.data, 303, response.headers), fields
    return render_page("refused.html", max(400, answer.http_status), fields=dict(fields)), fields


def _finish(
    sandbox: Sandbox,
    operation: Operation,
    rendered: Rendered | None,
    *,
    call: Call | None = None,
    fault: Fault | None = None,
    answer: Answer | None = None,
) -> Response:
    """Note the request and send the answer; None closes the connection instead."""
    keys = sandbox.settings.keys
    sandbox.request_log.add(
        RequestRecord(
            at=sandbox.clock.now(),
            operation=operation.name,
            method=request.method,
            path=request.path,
            content_type=request.content_type or "",
            fields=call.fields if call else (),
            signature_valid=call.key(keys) is not None if call else None,
            fault=fault.kind if fault else None,
            http_status=rendered[0].status_code if rendered else None,
            answer=rendered[1] if rendered else (),
            payment_id=answer.payment.payment_id if answer and answer.payment else None,
        )
    )
    return rendered[0] if rendered else drop_connection(request.environ)


def _scripts(path: str) -> list[str]:
    """Return the scripts accepted for a path; for a trailing slash the provider leaves it open."""
    return ["payment_page", ""] if path == "/g2g/payment_page/" else [script_name(path)]
