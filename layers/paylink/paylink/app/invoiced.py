"""Whom an invoice was made for: known to the gateway once it is paid, where the owner keeps contacts."""

from dataclasses import replace
from typing import Final

from paylink.app.ports import ContactStore
from paylink.domain.payment_request import Customer, PaymentRequest

PREFIX: Final = "inv-"
"""What the ids of invoices' links begin with."""


def with_customer(request: PaymentRequest, contacts: ContactStore) -> PaymentRequest:
    """The request with the contacts kept beside its invoice, where the buyer gives none. Raises StoreUnavailable."""
    if request.customer != Customer() or len(request.items) != 1:
        return request
    link = request.items[0].link
    kept = contacts.find(link) if link.startswith(PREFIX) else {}
    if not kept:
        return request
    customer = Customer(email=kept.get("email"), phone=kept.get("phone"), id=kept.get("id"))
    return replace(request, customer=customer)
