"""Who sells: what the law wants on every page where something can be bought."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seller:
    """The seller's details as the owner wrote them; an empty text is one that was not given.

    `tax_number` is the BIN or IIN in Kazakhstan, the taxpayer's number elsewhere; `terms` and `refund_terms`
    are addresses of pages.
    """

    name: str = ""
    tax_number: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    terms: str = ""
    refund_terms: str = ""

    @property
    def complete(self) -> bool:
        """Whether everything is told that a sale for real money needs; the e-mail address is optional."""
        needed = (self.name, self.tax_number, self.address, self.phone, self.terms, self.refund_terms)
        return all(needed)
