"""An answer of the gateway: its fields, and whether they are signed; what create and errors answer.

Freedom Pay protocol, Create payment (success and error response).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import segno

from .payments import Payment
from .signing import Pair, signed
from .writing import write_xml


@dataclass(frozen=True)
class Answer:
    """An answer before it is signed; `script` None means that it goes out unsigned."""

    fields: Sequence[Pair]
    script: str | None
    http_status: int = 200
    payment: Payment | None = None
    redirect_url: str | None = None

    def written(self, secret_key: str) -> tuple[bytes, list[Pair]]:
        """Return the XML document and its fields, signed with this key where the answer is signed."""
        fields = list(self.fields) if self.script is None else signed(self.script, self.fields, secret_key)
        return write_xml(fields, "response"), fields


def created(payment: Payment, script: str, page: str, *, qr: bool) -> Answer:
    """Return the answer to a create request whose payment can be paid on this page."""
    fields: list[Pair] = [
        ("pg_status", "ok"),
        ("pg_payment_id", payment.payment_id),
        ("pg_redirect_url", page),
        ("pg_redirect_url_type", "need data"),
    ]
    if qr:
        fields.append(("pg_redirect_qr", segno.make(page, micro=False).png_data_uri(scale=6)))
    return Answer(fields, script, payment=payment, redirect_url=page)


def error(
    code: str,
    description: str,
    *,
    script: str | None = None,
    http_status: int = 200,
    at: datetime | None = None,
) -> Answer:
    """Return an error answer, signed (then with its time) only where a script is given."""
    fields: list[Pair] = [
        ("pg_status", "error"),
        ("pg_error_code", code),
        ("pg_error_description", description),
    ]
    if script is not None and at is not None:
        fields.append(("pg_datetime", iso(at)))
    return Answer(fields, script, http_status)


def iso(at: datetime) -> str:
    """Return a time as pg_datetime prints it."""
    return at.astimezone(UTC).isoformat(timespec="seconds")
