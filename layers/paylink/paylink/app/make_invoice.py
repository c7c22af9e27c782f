"""Make an invoice: a link for one buyer, one unit, one payment, with an amount of the owner's."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from paylink.app.invoiced import PREFIX
from paylink.app.manage_links import broken_link
from paylink.app.ports import ContactStore, LinkBook, StackKeySource
from paylink.domain.clock import utc_now
from paylink.domain.errors import InvalidRequest, KeyReused
from paylink.domain.invoice_form import parse_invoice
from paylink.domain.link import Link, UnreadableLink

PURPOSE: Final = "invoice"


@dataclass(frozen=True, slots=True)
class MadeInvoice:
    """An invoice's link; `made` is False where an earlier request of the same key had made it."""

    link: Link
    made: bool


class MakeInvoice:
    """The use case behind `POST /invoices`.

    The customer's contacts are kept where the owner opted in to keeping contacts, beside the link and for as
    many days, and go to the gateway with the payment (`invoiced`). Otherwise they are dropped here: the gateway
    hears of nobody before the link is opened, and until then they would have to be stored.
    """

    def __init__(
        self,
        links: LinkBook,
        contacts: ContactStore,
        stack: StackKeySource,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._links = links
        self._contacts = contacts
        self._stack = stack
        self._now = now

    def __call__(self, data: Mapping[str, object], key: str | None) -> MadeInvoice:
        """Makes the link, under a random id nobody guesses or, with a key, under the key's own.

        Raises InvalidRequest, KeyReused where the key made another invoice, BrokenLink where its row was spoilt
        since, or StoreUnavailable.
        """
        invoice = parse_invoice(data)
        link = invoice.link(self._id(key))
        now = self._now()
        try:
            present = self._links.get([link.id]).get(link.id) if key is not None else None
            if present is None:
                if link.closes_at is not None and link.closes_at <= now:
                    raise InvalidRequest.of("expires_at", "must be later than now")
                present = self._links.make(link)
        except UnreadableLink as fault:
            raise broken_link(fault) from None
        if present is not None and replace(present, active=True) != link:
            raise KeyReused(
                "This Idempotency-Key made another invoice, or the invoice was changed since. Use a fresh key for "
                "each invoice."
            )
        self._contacts.keep(link.id, invoice.customer, {}, now)
        # A random id is nobody else's: what stands there is our own write, whose answer was lost.
        return MadeInvoice(present or link, made=present is None or key is None)

    def _id(self, key: str | None) -> str:
        # 128 bits either way, in letters and digits that a link's id may have.
        material = secrets.token_hex(32) if key is None else key
        return PREFIX + self._stack.key().order_id(PURPOSE, "", material).removeprefix("pl_")
