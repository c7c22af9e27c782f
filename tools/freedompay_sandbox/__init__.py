"""A stand-in for the Freedom Pay gateway: strict, faithful, in memory, and ready to fail when asked.

Gateway (signed as the protocol asks; GET, urlencoded, multipart or pg_xml):
  POST|GET /init_payment.php  /init_payment      create a payment
  POST|GET /g2g/payment_page[/]                  create a payment
  POST|GET /g2g/any_amount                       create a payment whose amount the buyer chooses
  POST|GET /payment.php                          create a payment, asked for by the buyer's browser
  POST|GET /get_status3.php  /g2g/status_v2      how a payment stands
  GET|POST /pay.html?customer=...                the hosted payment page
  GET      /status/healthcheck                   {"status": "ok", ...}

Control (JSON; errors are {"error": "..."} with 400, 404 or 409):
  GET    /sandbox/payments[?order_id=...]        every payment, oldest first
  GET    /sandbox/payments/ID                    one of them
  POST   /sandbox/payments/ID/pay                {"card"?, "amount"?, "three_ds"?}: as if paid on the page
  POST   /sandbox/payments/ID/decline            {"code"?}: as if the bank had declined
  POST   /sandbox/payments/ID/expire             ends its lifetime now
  GET    /sandbox/requests                       what reached the gateway, and what it answered
  GET    /sandbox/callbacks                      checks and results sent, and the shop's replies
  GET    /sandbox/faults                         faults waiting, and every kind there is
  POST   /sandbox/faults                         {"operation", "kind", "times"? (null: always),
                                                  "order_id"?, "seconds"?, "code"?, "description"?,
                                                  "http_status"?, "created"?}
  DELETE /sandbox/faults                         none any more
  GET    /sandbox/clock                          the time on the sandbox's clock
  POST   /sandbox/clock                          {"advance": seconds}: turns it, running all that falls due
  GET    /sandbox/settings                       how the shop is set up
  POST   /sandbox/settings                       any of "repeated_key": same|error|new,
                                                  "callback_encoding": urlencoded|multipart,
                                                  "check_call", "retry_same_page", "two_step",
                                                  "public_url", "callback_timeout",
                                                  "merchant_id", "secret_key"
  POST   /sandbox/reset                          forgets everything but settings and the time

From Python: `Sandbox`, `running`, `Clock`; everything above is a method of `Sandbox`.
"""

from .clock import Clock
from .payments import NotPayableError, Payment, State, UnknownPaymentError
from .sandbox import Sandbox
from .server import running
from .settings import Settings

__all__ = [
    "Clock",
    "NotPayableError",
    "Payment",
    "Sandbox",
    "Settings",
    "State",
    "UnknownPaymentError",
    "running",
]
