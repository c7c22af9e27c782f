"""Sending one message to the shop, and the record of everything that was sent."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import requests

from .clock import Clock
from .notices import addressed
from .payments import Payment
from .reading import UnreadableMessageError, read_xml, text_of
from .settings import Settings
from .signing import Pair, script_name, signed, verify
from .writing import form_fields, with_query, write_xml

LARGEST_REPLY = 1_000_000  # bytes
TAMPERED = "1"  # what a message says as its amount once it was altered
OTHER_KEY = "another key than the shop's"


@dataclass(frozen=True)
class Reply:
    """What the shop answered: HTTP status (None when nothing came), fields, and whether they verify."""

    http_status: int | None = None
    fields: Sequence[Pair] = ()
    signature_valid: bool = False
    body: str = ""
    problem: str | None = None

    def says(self, word: str) -> bool:
        """Tell whether this is a readable, rightly signed answer with this pg_status."""
        return self.signature_valid and text_of(self.fields, "pg_status") == word

    @property
    def description(self) -> str:
        """The shop's words for the buyer, "" for none."""
        return text_of(self.fields, "pg_description") or text_of(self.fields, "pg_error_description") or ""


@dataclass(frozen=True)
class CallbackRecord:
    """One call to the shop: what was sent, when on the sandbox's clock, and what came back."""

    kind: str  # check or result
    payment_id: str
    order_id: str
    url: str
    method: str
    fields: Sequence[Pair]
    attempt: int
    sent_at: datetime
    delivered: bool
    fault: str | None
    reply: Reply


@dataclass
class Postman:
    """Carries messages to the shop and keeps a record of each; safe over threads."""

    settings: Settings
    clock: Clock
    _records: list[CallbackRecord] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def records(self) -> list[CallbackRecord]:
        """Return everything sent so far, oldest first."""
        with self._lock:
            return list(self._records)

    def clear(self) -> None:
        """Forget what was sent."""
        with self._lock:
            self._records.clear()

    def message(self, url: str, fields: Sequence[Pair], *, forged: bool = False) -> tuple[str, list[Pair]]:
        """Return a call's address and signed fields, the query of the shop's URL moved into the fields."""
        address, merged = addressed(url, fields)
        key = OTHER_KEY if forged else self.settings.secret_key
        return address, signed(script_name(url), merged, key)

    def send(
        self,
        kind: str,
        payment: Payment,
        url: str,
        fields: Sequence[Pair],
        *,
        attempt: int,
        fault: str | None = None,
    ) -> Reply:
        """Deliver a message as the payment's pg_request_method asks, and return the shop's answer.

        `fault` is one of faults.KINDS: it decides whether the message or its answer gets lost on the way.
        """
        address, message = self.message(url, fields, forged=fault == "wrong_signature")
        if fault == "tampered":
            message = [(name, TAMPERED if name == "pg_amount" else value) for name, value in message]
        method = payment.text("pg_request_method") or "POST"
        reply = Reply(problem="lost on the way")
        for _ in range(2 if fault == "doubled" else 1):
            sent_at = self.clock.now()
            if fault != "lost":
                reply = self._deliver(method, address, url, message)
            if fault == "reply_lost":
                reply = Reply(problem="the shop's answer was lost")
            record = CallbackRecord(
                kind=kind,
                payment_id=payment.payment_id,
                order_id=payment.order_id,
                url=url,
                method=method,
                fields=message,
                attempt=attempt,
                sent_at=sent_at,
                delivered=fault != "lost",
                fault=fault,
                reply=reply,
            )
            with self._lock:
                self._records.append(record)
        return reply

    def _deliver(self, method: str, address: str, url: str, message: list[Pair]) -> Reply:
        try:
            with requests.Session() as session:
                session.trust_env = False
                with session.send(
                    session.prepare_request(self._request(method, address, message)),
                    timeout=self.settings.callback_timeout,
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    body = next(response.iter_content(LARGEST_REPLY), b"")
                    return self._read(response.status_code, body, url)
        except (requests.RequestException, OSError, UnicodeError) as problem:
            return Reply(problem=f"no answer: {type(problem).__name__}")

    def _request(self, method: str, address: str, message: list[Pair]) -> requests.Request:
        headers = {"User-Agent": "freedompay-sandbox"}
        if method == "GET":
            return requests.Request("GET", with_query(address, message), headers=headers)
        if method == "XML":
            document = write_xml(message, "request").decode()
            return requests.Request("POST", address, data={"pg_xml": document}, headers=headers)
        form = form_fields(message)
        if self.settings.callback_encoding == "multipart":
            parts = [(name, (None, value)) for name, value in form]
            return requests.Request("POST", address, files=parts, headers=headers)
        return requests.Request("POST", address, data=form, headers=headers)

    def _read(self, http_status: int, body: bytes, url: str) -> Reply:
        text = body.decode(errors="replace")
        try:
            fields = read_xml(body, root="response")
        except UnreadableMessageError as problem:
            return Reply(http_status, body=text, problem=str(problem))
        valid = any(verify(script_name(url), fields, key) for key in self.settings.keys)
        return Reply(
            http_status, fields, valid, text, None if valid else "the answer's signature does not fit"
        )
