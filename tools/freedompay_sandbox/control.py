"""The control and inspection API under /sandbox: JSON in, JSON out. Listed in the package's docstring.

One call plays a whole scenario, with a payment or with the last payment of an order:

  POST /sandbox/trigger  {"scenario": NAME, "payment_id" or "order_id", "code"?, "seconds"?}
  answers {"scenario", "payments": [as they now stand], "callbacks": [what was sent, and the shop's replies]}

  paid             the buyer pays, and the shop is told
  declined         the bank declines with `code` (10010), and the shop is told
  expired          the payment's lifetime ends, and the shop is told
  lost             the buyer pays; no result of this order ever arrives, until the faults are cleared
  doubled          the buyer pays; the same result arrives twice
  tampered         the buyer pays; the first result's amount was altered on the way, the retries are right
  late             the buyer pays; the result arrives after `seconds` (60) on the sandbox's clock
  wrong_amount     another sum is charged than was asked for, told with a right signature
  wrong_currency   another currency is charged than was asked for, told with a right signature
  second_charge    the order is paid by this payment, and by another one of the same order id
  check_then_paid  the shop is asked at its check address, whatever the settings say; then paid if it agrees

`GET /sandbox/trigger` lists them. 404: no such payment; 409: it can't be paid any more; 400: all else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from . import cards
from .faults import KINDS, Fault
from .operations import RefusedError
from .payments import NotPayableError, UnknownPaymentError
from .sandbox import Sandbox
from .scenarios import LATE, SCENARIOS, play
from .views import callback_view, payment_view, request_view

LONGEST_TURN = 366 * 86_400  # seconds


def control_routes(sandbox: Sandbox) -> Blueprint:
    """Return the control API of this sandbox."""
    routes = Blueprint("control", __name__, url_prefix="/sandbox")
    failures = ((ValueError, 400), (UnknownPaymentError, 404), (NotPayableError, 409), (RefusedError, 409))
    for failure, status in failures:
        routes.register_error_handler(failure, _problem(status))
    control = _Control(sandbox)
    for method, path, view in (
        ("GET", "/payments", control.payments),
        ("GET", "/payments/<payment_id>", control.payment),
        ("POST", "/payments/<payment_id>/pay", control.pay),
        ("POST", "/payments/<payment_id>/decline", control.decline),
        ("POST", "/payments/<payment_id>/expire", control.expire),
        ("POST", "/payments/<payment_id>/clear", control.clear),
        ("POST", "/payments/<payment_id>/cancel", control.cancel),
        ("POST", "/payments/<payment_id>/refund", control.refund),
        ("GET", "/trigger", control.scenarios),
        ("POST", "/trigger", control.trigger),
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
        card, amount, three_ds = _body(card=None, amount=None, three_ds=True)
        if isinstance(card, str | None) and isinstance(amount, str | None) and isinstance(three_ds, bool):
            return jsonify(
                payment_view(self._sandbox.pay(payment_id, card, amount=amount, three_ds=three_ds))
            )
        raise ValueError('card and amount are text, like "500.00"; three_ds is true or false')

    def decline(self, payment_id: str) -> ResponseReturnValue:
        (code,) = _body(code=cards.DEFAULT_DECLINE_CODE)
        return jsonify(payment_view(self._sandbox.decline(payment_id, str(code))))

    def expire(self, payment_id: str) -> ResponseReturnValue:
        return jsonify(payment_view(self._sandbox.expire(payment_id)))

    def clear(self, payment_id: str) -> ResponseReturnValue:
        return jsonify(payment_view(self._sandbox.cabinet_clear(payment_id, _sum())))

    def cancel(self, payment_id: str) -> ResponseReturnValue:
        _body()
        return jsonify(payment_view(self._sandbox.cabinet_cancel(payment_id)))

    def refund(self, payment_id: str) -> ResponseReturnValue:
        return jsonify(payment_view(self._sandbox.cabinet_refund(payment_id, _sum())))

    def scenarios(self) -> ResponseReturnValue:
        return jsonify(scenarios=dict(SCENARIOS))

    def trigger(self) -> ResponseReturnValue:
        values = _body(scenario="", payment_id="", order_id="", code=cards.DEFAULT_DECLINE_CODE, seconds=LATE)
        scenario, payment_id, order_id, code, seconds = values
        if not all(isinstance(text, str) for text in (scenario, payment_id, order_id, code)):
            raise ValueError("scenario, payment_id, order_id and code are text")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise ValueError("seconds is a number")
        names = {"payment_id": str(payment_id), "order_id": str(order_id)}
        played = play(self._sandbox, str(scenario), **names, code=str(code), seconds=seconds)
        return jsonify(
            scenario=played.scenario,
            payments=[payment_view(payment) for payment in played.payments],
            callbacks=[callback_view(record) for record in played.callbacks],
        )

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


def _sum() -> str | None:
    (amount,) = _body(amount=None)
    if not isinstance(amount, str | None):
        raise ValueError('amount is text, like "500.00"')
    return amount


def _problem(status: int) -> Callable[[Exception], ResponseReturnValue]:
    return lambda problem: (jsonify(error=str(problem.args[0] if problem.args else problem)), status)
