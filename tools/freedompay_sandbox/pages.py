"""The hosted payment page: what the buyer sees and what the buttons do. Nothing on it needs a script."""

import secrets
from decimal import Decimal

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from . import cards
from .notices import return_trip
from .payments import NotPayableError, Payment, State, UnknownPaymentError
from .refunds import Source
from .sandbox import Sandbox
from .writing import form_fields, with_query

PAGE = "/pay.html"
HEADLINES = {
    State.PAID: ("Paid", "The payment went through."),
    State.DECLINED: ("Not paid", "The bank declined the card."),
    State.EXPIRED: ("Time is up", "The payment was not made in time and can no longer be made here."),
    State.REVERSED: (
        "Money returned",
        "The shop did not accept the payment, and the money goes back to the card.",
    ),
    State.PROCESSING: ("One moment", "The payment is being processed."),
}


def money(amount: Decimal, currency: str) -> str:
    """Return an amount for people: groups of three, two decimals, a currency; the spaces do not break."""
    return f"{amount:,.2f} {currency}".replace(",", " ").replace(" ", "\N{NO-BREAK SPACE}")


def page_routes(sandbox: Sandbox) -> Blueprint:
    """Return the hosted page of this sandbox."""
    routes = Blueprint("pages", __name__)
    page = _Page(sandbox)
    routes.add_url_rule(PAGE, "show", page.show, methods=["GET"])
    routes.add_url_rule(PAGE, "act", page.act, methods=["POST"])
    routes.register_error_handler(UnknownPaymentError, _unknown)
    return routes


class _Page:
    """The page of one payment, found by its `customer` key in the address."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def show(self) -> AnyResponse:
        payment = self._payment()
        if "return" in request.args:
            return self._to_shop(payment)
        if "left" in request.args and payment.open:
            return render_page("left.html", payment=payment)
        if payment.state is State.WAITING and not request.args.get("card"):
            return render_page("confirm.html", payment=payment)
        if not payment.open:
            return self._outcome(payment)
        if payment.amount is None:
            return self._amount_form(payment)
        return self._card_form(payment, self._filled(request.args.get("card", "")))

    def act(self) -> AnyResponse:
        payment = self._payment()
        action = request.form.get("action", "")
        try:
            if action == "amount":
                return self._choose_amount(payment)
            if action == "pay":
                return self._pay(payment)
            if action == "decline":
                return self._after(self._sandbox.decline(payment.payment_id))
            if action in {"confirm", "refuse"}:
                return self._after(self._sandbox.confirm(payment.payment_id, passed=action == "confirm"))
            if action == "expire":
                self._sandbox.expire(payment.payment_id)
        except NotPayableError:
            pass  # pressed twice, or too late: the page shows how the payment stands
        return _to_page(payment)

    def _payment(self) -> Payment:
        return self._sandbox.payment_of_page(request.args.get("customer", ""))

    def _choose_amount(self, payment: Payment) -> AnyResponse:
        entered = request.form.get("amount", "").strip().replace(",", ".")
        try:
            self._sandbox.choose_amount(payment.payment_id, entered)
        except ValueError:
            return self._amount_form(payment, entered, "An amount like 500 or 500.50.")
        except NotPayableError as problem:
            if payment.amount is not None:
                raise
            return self._amount_form(payment, entered, f"{problem}.".capitalize())
        return _to_page(payment)

    def _pay(self, payment: Payment) -> AnyResponse:
        entered = {name: request.form.get(name, "") for name in ("number", "expiry", "cvv", "owner")}
        errors = cards.form_errors(**entered, now=self._sandbox.clock.now())
        if errors and payment.open:
            return self._card_form(payment, {**entered, "cvv": ""}, errors)
        return self._after(
            self._sandbox.present(
                payment.payment_id, entered["number"], expiry=entered["expiry"], owner=entered["owner"]
            )
        )

    def _after(self, payment: Payment) -> AnyResponse:
        """Return the buyer to the shop once it is decided, and to the page while there is more to do."""
        undecided = payment.open or payment.state is State.PROCESSING
        return _to_page(payment) if undecided else self._to_shop(payment)

    def _to_shop(self, payment: Payment) -> AnyResponse:
        trip = return_trip(payment, self._sandbox.settings.secret_key)
        if trip is None:
            return self._outcome(payment)
        if trip.method == "GET":
            return redirect(with_query(trip.address, trip.fields), 303)
        return render_page(
            "return.html", address=trip.address, fields=form_fields(trip.fields), payment=payment
        )

    def _outcome(self, payment: Payment) -> AnyResponse:
        headline, text = HEADLINES.get(payment.state, ("Not paid", "Nothing was charged."))
        if any(item.source is not Source.REJECTION for item in payment.revocations):
            text = "The shop cancelled the payment, and the money stays on the card."
        return render_page(
            "outcome.html",
            payment=payment,
            headline=headline,
            text=text,
            back=return_trip(payment, self._sandbox.settings.secret_key) is not None,
            busy=payment.state is State.PROCESSING,
        )

    def _amount_form(self, payment: Payment, entered: str = "", problem: str = "") -> AnyResponse:
        low, high = payment.interval
        status = 422 if problem else 200
        return render_page(
            "amount.html", status, payment=payment, low=low, high=high, entered=entered, problem=problem
        )

    def _card_form(
        self, payment: Payment, entered: dict[str, str], errors: dict[str, str] | None = None
    ) -> AnyResponse:
        return render_page(
            "pay.html",
            422 if errors else 200,
            payment=payment,
            entered=entered,
            errors=errors or {},
            cards=cards.TEST_CARDS,
            declined=payment.failure_description if payment.state is State.DECLINED else None,
            ends=payment.expires_at,
        )

    def _filled(self, pan: str) -> dict[str, str]:
        if pan not in {card.pan for card in cards.TEST_CARDS}:
            return {}
        year = (self._sandbox.clock.now().year + 4) % 100
        return {
            "number": cards.find(pan).spaced,
            "expiry": f"12/{year:02d}",
            "cvv": "123",
            "owner": "TEST BUYER",
        }


def render_page(template: str, status: int = 200, **values: object) -> Response:
    """Return a page that loads nothing and that no cache keeps."""
    nonce = secrets.token_urlsafe(12)
    response = Response(render_template(template, nonce=nonce, money=money, **values), status)
    # The shop decides where its forms lead and who may frame the page, so neither is restricted.
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:"
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _to_page(payment: Payment) -> AnyResponse:
    return redirect(f"?customer={payment.customer}", 303)


def _unknown(_: UnknownPaymentError) -> Response:
    return render_page("unknown.html", 404)
