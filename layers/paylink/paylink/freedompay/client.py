"""Calls to the gateway: create a payment, ask for its status, refund, capture or cancel it. The only part that
loads `requests`.

An outcome is one of three: the answer, a GatewayError, or a GatewayUnclear that tells whether a byte of the
request left this machine. Choices made here alone:
- "Sent" begins with the first byte that is handed to an established connection, TLS included. Before that
  it is NotReached, and sent once more within the deadline; from then on it is NoAnswer, and never sent
  again here.
- A kept connection that the gateway dropped while it was idle fails after sending, so it is NoAnswer too:
  nobody can tell a dropped connection from a lost answer. To make that rare, a connection that was idle for
  longer than MAX_IDLE is not used again; a frozen Lambda wakes up with old ones.
- The deadline covers the whole call: the socket's timeout shrinks to what is left of it before every read,
  so that an answer in drops ends on time. Looking up the gateway's name is the system's affair and has its
  own limit.
"""

from __future__ import annotations

import http.client
import http.cookiejar
import time
from typing import TYPE_CHECKING

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from .answers import CreatedPayment, PaymentState, PaymentStatus, read_answer, read_created, read_status
from .connections import POOLS, Attempt, serving
from .credentials import Credentials
from .endpoints import (
    ANY_AMOUNT_PATH,
    BROWSER_PATH,
    CREATE_PATH,
    Endpoint,
    base_address,
    path_of_status,
)
from .errors import NoAnswer, NotReached, UnreadableAnswer
from .hosts import is_local
from .lint import check
from .messages import write_form
from .operation_calls import TOTAL_SECONDS, Cancelled, Captured, OperationCalls, Refunded
from .signature import signed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from .signature import Field

__all__ = [
    "Cancelled",
    "Captured",
    "CreatedPayment",
    "Credentials",
    "FreedomPayClient",
    "PaymentState",
    "PaymentStatus",
    "Refunded",
]

CONNECT_SECONDS = 3.0
MAX_ANSWER_BYTES = 1_048_576
PIECE_BYTES = 65_536
MAX_IDLE = 5.0
"""Seconds that a connection may be idle and still be used again."""
RETRY_PAUSE = 0.2
RETRY_FLOOR = 0.5
"""Seconds that must be left of the deadline for a second try."""

_HEADERS = {
    "User-Agent": "paylink",
    "Accept": "application/xml, text/xml",
    "Accept-Encoding": "identity",
}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class FreedomPayClient(OperationCalls):
    """One gateway. Its connections are kept between calls; it may be shared by threads.

    `api_url` is https, or http on this machine. A path that ends in a slash leaves its script name open (see
    `signature`), so `create_script` must then say it. `also_known` are names with `pg_` for the lint. Raises
    ValueError for an address that cannot be one.
    """

    def __init__(
        self,
        api_url: str,
        *,
        create_path: str = CREATE_PATH,
        status_path: str | None = None,
        any_amount_path: str = ANY_AMOUNT_PATH,
        browser_path: str = BROWSER_PATH,
        create_script: str | None = None,
        also_known: Collection[str] = (),
    ) -> None:
        self._base = base_address(api_url)
        self._local = is_local(self._base) and self._base.startswith("http:")
        self._create = Endpoint.at(create_path, create_script)
        self._status = Endpoint.at(status_path or path_of_status(create_path))
        self._any_amount = Endpoint.at(any_amount_path)
        self._browser = Endpoint.at(browser_path)
        self._also_known = frozenset(also_known)
        self._session = _session()
        self._last_use = (0.0, 0.0)

    def create(
        self, credentials: Credentials, fields: Iterable[Field], *, timeout: float = TOTAL_SECONDS
    ) -> CreatedPayment:
        """Create a payment; `timeout` is the deadline of the whole call in seconds.

        The fields are those of "Create payment" but for pg_merchant_id, pg_salt and pg_sig. Raises
        AmbiguousMessage before anything is sent, GatewayError, or a GatewayUnclear.
        """
        return self._created(self._create, credentials, fields, timeout)

    def any_amount(
        self, credentials: Credentials, fields: Iterable[Field], *, timeout: float = TOTAL_SECONDS
    ) -> CreatedPayment:
        """Create a payment whose amount the buyer chooses ("Any amount"); otherwise as `create`."""
        return self._created(self._any_amount, credentials, fields, timeout)

    def browser_address(self, credentials: Credentials, fields: Iterable[Field]) -> str:
        """Return the signed address that creates the payment when the buyer's browser opens it.

        Raises AmbiguousMessage.
        """
        message = self._message(self._browser, credentials, fields)
        return f"{self._base}{self._browser.path}?{write_form(message)}"

    def status(
        self,
        credentials: Credentials,
        *,
        order_id: str | None = None,
        payment_id: str | None = None,
        timeout: float = TOTAL_SECONDS,
    ) -> PaymentStatus:
        """Ask for a payment by its id, or for the last one of an order; with both, both must fit.

        Raises ValueError with neither, GatewayError (PaymentNotFound11068 for one that is not there) or a
        GatewayUnclear.
        """
        if not order_id and not payment_id:
            raise ValueError("give an order id or a payment id")
        asked: list[Field] = []
        if payment_id:
            asked.append(("pg_payment_id", payment_id))
        if order_id:
            asked.append(("pg_order_id", order_id))
        answer, http_status = self._call(self._status, credentials, asked, timeout)
        return read_status(answer, http_status, order_id=order_id, payment_id=payment_id)

    def close(self) -> None:
        """Close the connections that are kept."""
        self._session.close()

    def _created(
        self, endpoint: Endpoint, credentials: Credentials, fields: Iterable[Field], timeout: float
    ) -> CreatedPayment:
        answer, http_status = self._call(endpoint, credentials, fields, timeout)
        return read_created(answer, http_status, allow_http=self._local)

    def _message(self, endpoint: Endpoint, credentials: Credentials, fields: Iterable[Field]) -> list[Field]:
        message = [("pg_merchant_id", credentials.merchant_id), *fields]
        check(message, also_known=self._also_known)
        return signed(endpoint.script, message, credentials.secret_key)

    def _call(
        self, endpoint: Endpoint, credentials: Credentials, fields: Iterable[Field], timeout: float
    ) -> tuple[list[Field], int]:
        body = write_form(self._message(endpoint, credentials, fields)).encode()
        deadline = time.monotonic() + timeout
        try:
            http_status, document = self._post(endpoint, body, deadline)
        except NotReached:
            if deadline - time.monotonic() < RETRY_FLOOR + RETRY_PAUSE:
                raise
            time.sleep(RETRY_PAUSE)
            http_status, document = self._post(endpoint, body, deadline)
        return read_answer(endpoint.script, document, credentials.keys, http_status), http_status

    def _post(self, endpoint: Endpoint, body: bytes, deadline: float) -> tuple[int, bytes]:
        self._drop_idle()
        attempt = Attempt(deadline)
        left = max(deadline - time.monotonic(), 0.001)
        try:
            with (
                serving(attempt),
                self._session.post(
                    self._base + endpoint.path,
                    data=body,
                    headers=_FORM,
                    timeout=(min(CONNECT_SECONDS, left), left),
                    allow_redirects=False,
                    stream=True,
                ) as response,
            ):
                document = _document(response)
                http_status = response.status_code
        except (requests.RequestException, HTTPError, http.client.HTTPException, OSError) as error:
            if attempt.sent:
                raise NoAnswer(f"no whole answer from {endpoint.path} ({type(error).__name__})") from error
            raise NotReached(f"no connection for {endpoint.path} ({type(error).__name__})") from error
        finally:
            self._last_use = (time.monotonic(), time.time())
        if len(document) > MAX_ANSWER_BYTES:
            raise UnreadableAnswer(f"more than {MAX_ANSWER_BYTES} bytes", http_status)
        return http_status, document

    def _drop_idle(self) -> None:
        # A frozen process may stop one clock or set the other back; either may tell that time has passed.
        monotonic, wall = self._last_use
        if time.monotonic() - monotonic > MAX_IDLE or abs(time.time() - wall) > MAX_IDLE:
            self._session.close()


def _document(response: requests.Response) -> bytes:
    """Read the body as it was sent, at most one piece beyond the limit; one that is cut off raises."""
    document = bytearray()
    while len(document) <= MAX_ANSWER_BYTES:
        piece = response.raw.read(PIECE_BYTES, decode_content=False)
        if not piece:
            break
        document += piece
    return bytes(document)


def _session() -> requests.Session:
    session = _Session()
    # No proxy, password or certificate store from the environment.
    session.trust_env = False
    session.headers.clear()
    session.headers.update(_HEADERS)
    session.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("https://", "http://"):
        adapter = HTTPAdapter()
        adapter.poolmanager.pool_classes_by_scheme = dict(POOLS)
        session.mount(scheme, adapter)
    return session


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002  the base class names it
        # Otherwise the body of a redirect is read without a limit, even if it is not followed.
        return None
