"""Reads an invoice: something that one buyer pays once, by a link of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from paylink.domain import kinds
from paylink.domain.form import Form
from paylink.domain.link import Link, QuantityRange
from paylink.domain.money import DECIMALS, parse_major
from paylink.domain.payment_request import Customer, read_customer
from paylink.domain.text import Text


@dataclass(frozen=True, slots=True)
class Invoice:
    """What the owner asks for, and whom it is for. `amount` in minor units."""

    title: Text
    amount: int
    currency: str
    description: Text | None
    expires_at: datetime | None
    customer: Customer

    def link(self, link_id: str) -> Link:
        """The link of this id that sells it: one unit, once."""
        return Link(
            id=link_id,
            title=self.title,
            currency=self.currency,
            price=self.amount,
            description=self.description,
            quantity=QuantityRange(1, 1),
            closes_at=self.expires_at,
            limit=1,
        )


def parse_invoice(data: Mapping[str, object]) -> Invoice:
    """The invoice of `POST /invoices`.

    The amount is a decimal string or an integer in major units. Raises InvalidRequest naming every wrong field.
    """
    form = Form(data)
    title = form.read("title", kinds.localized(200), required=True)
    currency = form.read("currency", kinds.one_of(*DECIMALS), required=True)
    amount = form.read("amount", lambda value: parse_major(value, currency or "KZT"), required=True)
    description = form.read("description", kinds.localized(2000))
    expires_at = form.read("expires_at", kinds.moment)
    customer = read_customer(form)
    form.finish()
    # finish() has raised where one is missing
    assert title is not None and currency is not None and amount is not None  # noqa: S101, PT018
    return Invoice(title, amount, currency, description, expires_at, customer)
