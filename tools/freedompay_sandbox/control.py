"""The control and inspection API under /sandbox: JSON in, JSON out. Listed in the package's docstring."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from . import cards
from .faults import KINDS, Fault
from .payments import NotPayableError, UnknownPaymentError
from .sandbox import Sandbox
from .views import callback_view, payment_view, request_view

LONGEST_TURN = 366 * 86_400  # seconds


def control_routes(sandbox: Sandbox) -> Blueprint:
    """Return the control API of this sandbox."""
    routes = Blueprint("control", __name__, url_prefix="/sandbox")
    for failure, status in ((ValueError, 400), (UnknownPaymentError, 404), (NotPayableError, 409)):
        routes.register_error_handler(failure, _problem(status))
    control = _Control(sandbox)
    for method, path, view in (
        ("GET", "/payments", control.payments),
        ("GET", "/payments/<payment_id>", control.payment),
        ("POST", "/payments/<payment_id>/pay", control.pay),
        ("POST", "/payments/<payment_id>/decline", control.decline),
        ("POST", "/payments/<payment_id>/expire", control.expire),
        ("GET", "/requests", control.requests),
        ("GET", "/callbacks", control.callbacks),
        ("GET", "/faults", control.faults),
        ("POST", "/faults", control.add_fault),
        ("DELETE", "/faults", control.clear_faults),
        ("GET", "/clock", control.clock),
        ("POST", "/clock", control.advance),
        ("GET", "/settings", control.settings),
        ("POST", "/settings", control.change_settings),
        ("POST", "/reset", control.reset),
    ):
        routes.add_url_rule(path, view.__name__, view, methods=[method])
    return routes


class _Control:
    """The views; what they raise becomes a JSON error by `control_routes`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def payments(self) -> ResponseReturnValue:
        found = self._sandbox.payments(request.args.get("order_id"))
        return jsonify(payments=[payment_view(payment) for payment in found])

    def payment(self, payment_id: str) -> ResponseReturnValue:
        return jsonify(payment_view(self._sandbox.payment(payment_id)))

    def pay(self, payment_id: str) -> ResponseReturnValue:
        card, amount, three_ds = _body(card=cards.DEFAULT_CARD, amount=None, three_ds=True)
        if isinstance(card, str) and isinstance(amount, str | None) and isinstance(three_ds, bool):
            return jsonify(
                payment_view(self._sandbox.pay(payment_id, card, amount=amount, three_ds=three_ds))
            )
        raise ValueError('card and amount are text, like "500.00"; three_ds is true or false')

    def decline(self, payment_id: str) -> ResponseReturnValue:
        (code,) = _body(code=cards.DEFAULT_DECLINE_CODE)
        return jsonify(payment_view(self._sandbox.decline(payment_id, str(code))))

    def expire(self, payment_id: str) -> ResponseReturnValue:
        return jsonify(payment_view(self._sandbox.expire(payment_id)))

    def requests(self) -> ResponseReturnValue:
        return jsonify(requests=[request_view(record) for record in self._sandbox.requests])

    def callbacks(self) -> ResponseReturnValue:
        return jsonify(callbacks=[callback_view(record) for record in self._sandbox.callbacks])

    def faults(self) -> ResponseReturnValue:
        waiting = [vars(fault) for fault in self._sandbox.faults.waiting()]
        return jsonify(waiting=waiting, kinds={name: dict(kinds) for name, kinds in KINDS.items()})

    def add_fault(self) -> ResponseReturnValue:
        details = _json()
        if unknown := details.keys() - {item.name for item in fields(Fault)}:
            raise ValueError(f"a fault has no {', '.join(sorted(unknown))}")
        named = {"operation": "", "kind": "", **details}
        return jsonify(vars(self._sandbox.faults.add(**named))), 201  # type: ignore[arg-type]  # Fault checks

    def clear_faults(self) -> ResponseReturnValue:
        self._sandbox.faults.clear()
        return Response(status=204)

    def clock(self) -> ResponseReturnValue:
        return jsonify(now=self._sandbox.clock.now().isoformat())

    def advance(self) -> ResponseReturnValue:
        (seconds,) = _body(advance=None)
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds > LONGEST_TURN:
            raise ValueError(f"advance is a number of seconds, at most {LONGEST_TURN}")
        return jsonify(now=self._sandbox.clock.advance(seconds).isoformat())

    def settings(self) -> ResponseReturnValue:
        return jsonify(self._sandbox.settings.shown())

    def change_settings(self) -> ResponseReturnValue:
        self._sandbox.settings.update(_json())
        return jsonify(self._sandbox.settings.shown())

    def reset(self) -> ResponseReturnValue:
        self._sandbox.reset()
        return Response(status=204)


def _json() -> dict[str, object]:
    body = request.get_json(silent=True, force=True) if request.data else {}
    if isinstance(body, dict):
        return body
    raise ValueError("the body must be a JSON object")


def _body(**defaults: object) -> Sequence[object]:
    """Return the body's members in the order asked for, defaults filled in.

    Raises ValueError for any other member.
    """
    body = _json()
    if unknown := body.keys() - defaults.keys():
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(sorted(defaults))}")
    merged: Mapping[str, object] = {**defaults, **body}
    return [merged[name] for name in defaults]


def _problem(status: int) -> Callable[[Exception], ResponseReturnValue]:
    return lambda problem: (jsonify(error=str(problem.args[0] if problem.args else problem)), status)
