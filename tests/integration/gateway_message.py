"""What the gateway sends, made without the code under test: fields, signature, and every way to deliver them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from engines.embedded_aws import MERCHANT_KEY
from freedompay_sandbox.reading import read_xml, text_of
from freedompay_sandbox.signing import Pair, sign, verify
from freedompay_sandbox.writing import form_fields, write_xml
from integration.api_event import api_event

CHECK = "paylink_check"
RESULT = "paylink_result"
SALT = "gatewaySalt00001"
PAYMENT_ID = "1432343252"
ORDER_ID = "pl_0123456789abcdefghjkmnpqrs"
FORM = "application/x-www-form-urlencoded"
BOUNDARY = "0a1b2c3d4e5f"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"

Body = tuple[bytes, str]

# A paid payment as the gateway tells it (Result notify), with everything that a card payment brings along.
PAID: Mapping[str, str] = {
    "m_reference": "INV-42",
    "pg_order_id": ORDER_ID,
    "pg_payment_id": PAYMENT_ID,
    "pg_amount": "1500",
    "pg_currency": "KZT",
    "pg_net_amount": "1447.5",
    "pg_ps_amount": "1500",
    "pg_ps_full_amount": "1500",
    "pg_ps_currency": "KZT",
    "pg_description": "Чашка кофе & <булочка>",
    "pg_result": "1",
    "pg_payment_date": "2026-03-01 15:00:00",
    "pg_can_reject": "1",
    "pg_user_phone": "77771234567",
    "pg_user_contact_email": "buyer@example.com",
    "pg_need_email_notification": "1",
    "pg_testing_mode": "1",
    "pg_captured": "1",
    "pg_payment_method": "bankcard",
    "pg_reference": "512345678901",
    "pg_card_pan": "4716-04XX-XXXX-1981",
    "pg_card_exp": "12/30",
    "pg_card_owner": "TEST BUYER",
    "pg_card_brand": "VI",
    "pg_auth_code": "123456",
}

# A payment that ended unpaid: shorter, as the gateway's own are.
UNPAID: Mapping[str, str] = {
    "m_reference": "INV-42",
    "pg_order_id": ORDER_ID,
    "pg_payment_id": PAYMENT_ID,
    "pg_amount": "1500.00",
    "pg_currency": "KZT",
    "pg_net_amount": "0.00",
    "pg_description": "Чашка кофе & <булочка>",
    "pg_result": "0",
    "pg_can_reject": "0",
    "pg_user_contact_email": "buyer@example.com",
    "pg_testing_mode": "1",
    "pg_failure_code": "10010",
    "pg_failure_description": "Declined by the issuing bank",
}

# The question before the money is taken (Check request).
QUESTION: Mapping[str, str] = {
    "m_reference": "INV-42",
    "pg_order_id": ORDER_ID,
    "pg_payment_id": PAYMENT_ID,
    "pg_amount": "1500.00",
    "pg_currency": "KZT",
    "pg_ps_amount": "1500.00",
    "pg_ps_full_amount": "1500.00",
    "pg_ps_currency": "KZT",
}


def changed(fields: Mapping[str, str], **changes: str | None) -> dict[str, str]:
    """The fields with others in their place; None takes a field away."""
    return {name: text for name, text in {**fields, **changes}.items() if text is not None}


def signed(
    script: str,
    fields: Mapping[str, str] | Sequence[Pair],
    *,
    key: str = MERCHANT_KEY,
    salt: str | None = SALT,
) -> list[Pair]:
    """The message with salt and signature, by the stand-in gateway's own signer."""
    pairs: list[Pair] = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
    if salt is not None:
        pairs.append(("pg_salt", salt))
    return [*pairs, ("pg_sig", sign(script, pairs, key))]


def urlencoded(pairs: Sequence[Pair]) -> Body:
    return urlencode(form_fields(pairs)).encode(), FORM


def multipart(pairs: Sequence[Pair]) -> Body:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in form_fields(pairs)
    ]
    return f"{''.join(parts)}--{BOUNDARY}--\r\n".encode(), MULTIPART


def xml_in_form(pairs: Sequence[Pair]) -> Body:
    return urlencode({"pg_xml": write_xml(pairs, "request").decode()}).encode(), FORM


def raw_xml(pairs: Sequence[Pair]) -> Body:
    return write_xml(pairs, "request"), "application/xml"


@dataclass(frozen=True)
class Delivery:
    """One way of the protocol to send a message; `encode` None is a GET."""

    encode: Callable[[Sequence[Pair]], Body] | None
    in_base64: bool = False

    def event(self, script: str, pairs: Sequence[Pair]) -> dict[str, Any]:
        """The event that the callback function gets."""
        path = f"/callbacks/{script}"
        if self.encode is None:
            return api_event("GET", path, query=urlencode(form_fields(pairs)))
        body, content_type = self.encode(pairs)
        return api_event("POST", path, body=body, content_type=content_type, in_base64=self.in_base64)


DELIVERIES: Mapping[str, Delivery] = {
    "urlencoded": Delivery(urlencoded),
    "urlencoded-base64": Delivery(urlencoded, in_base64=True),
    "multipart": Delivery(multipart),
    "multipart-base64": Delivery(multipart, in_base64=True),
    "get": Delivery(None),
    "pg_xml": Delivery(xml_in_form),
    "pg_xml-base64": Delivery(xml_in_form, in_base64=True),
    "raw-xml": Delivery(raw_xml),
    "raw-xml-base64": Delivery(raw_xml, in_base64=True),
}

USUAL = DELIVERIES["urlencoded-base64"]
"""How a POST reaches a function in AWS."""


@dataclass(frozen=True)
class Reply:
    """The function's answer as the gateway reads it."""

    status: int
    content_type: str
    fields: Sequence[Pair]
    body: str

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> "Reply":
        assert not answer.get("isBase64Encoded")
        body = answer["body"]
        return cls(
            answer["statusCode"],
            answer["headers"]["content-type"],
            read_xml(body.encode(), root="response"),
            body,
        )

    def text(self, name: str) -> str | None:
        return text_of(self.fields, name)

    @property
    def word(self) -> str | None:
        return self.text("pg_status")

    @property
    def unsigned(self) -> bool:
        return self.text("pg_sig") is None

    def signed_with(self, script: str, key: str = MERCHANT_KEY) -> bool:
        return verify(script, self.fields, key)
