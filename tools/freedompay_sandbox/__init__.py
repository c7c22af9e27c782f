"""A stand-in for the Freedom Pay gateway: strict, faithful, in memory, and ready to fail when asked.

Gateway (signed as the protocol asks; GET, urlencoded, multipart or pg_xml):
  POST|GET /init_payment.php  /init_payment      create a payment
  POST|GET /g2g/payment_page[/]                  create a payment
  POST|GET /g2g/any_amount                       create a payment whose amount the buyer chooses
  POST|GET /payment.php                          create a payment, asked for by the buyer's browser
  POST|GET /get_status3.php  /g2g/status_v2      how a payment stands
  POST|GET /g2g/clearing     /do_capture.php     take the money of a hold
  POST|GET /g2g/cancel       /cancel[.php]       let go of a hold
  POST|GET /g2g/refund       /revoke[.php]       give money back
  GET|POST /pay.html?customer=...                the hosted payment page
  GET      /status/healthcheck                   {"status": "ok", ...}

Control (JSON; errors are {"error": "..."} with 400, 404 or 409):
  GET    /sandbox/payments[?order_id=...]        every payment, oldest first
  GET    /sandbox/payments/ID                    one of them
  POST   /sandbox/payments/ID/pay                {"card"?, "amount"?, "three_ds"?}: as if paid on the page
  POST   /sandbox/payments/ID/decline            {"code"?}: as if the bank had declined
  POST   /sandbox/payments/ID/expire             ends its lifetime now
  POST   /sandbox/payments/ID/clear              {"amount"?}: in the cabinet; the shop is not told
  POST   /sandbox/payments/ID/cancel             likewise
  POST   /sandbox/payments/ID/refund             {"amount"?}: likewise
  GET    /sandbox/trigger                        the scenarios that can be played
  POST   /sandbox/trigger                        {"scenario", "payment_id" or "order_id", "code"?, "seconds"?}
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
                                                  "merchant_id", "secret_key", "former_keys": [...],
                                                  "lag_seconds", "reversal_delay" (seconds),
                                                  "auto_clearing_days" (null: never),
                                                  "refunded_word": success|refunded,
                                                  "refund_hides_payment"
  POST   /sandbox/reset                          forgets everything but settings and the time

From Python: `Sandbox`, `running`, `Clock`; everything above is a method of `Sandbox`.
"""

from .clock import Clock
from .operations import RefusedError
from .payments import NotPayableError, Payment, State, UnknownPaymentError
from .refunds import Refund, RefundState, Source
from .sandbox import Sandbox
from .scenarios import SCENARIOS, Played, play
from .server import running
from .settings import Settings

__all__ = [
    "SCENARIOS",
    "Clock",
    "NotPayableError",
    "Payment",
    "Played",
    "Refund",
    "RefundState",
    "RefusedError",
    "Sandbox",
    "Settings",
    "Source",
    "State",
    "UnknownPaymentError",
    "play",
    "running",
]
