"""The shape of one language's texts. Names in braces are filled in by the page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class State:
    """A page that says how things stand: its heading, and what the buyer can do."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Everything the pages say in one language."""

    own_name: str
    """What its speakers call the language, and that in three or four letters (its beginning)."""
    short_name: str
    languages: str

    pay: str
    """With {sum}."""
    go_on: str
    each: str
    quantity: str
    amount: str
    """With {currency}."""
    name: str
    phone: str
    email: str
    address: str
    comment: str
    optional: str
    bounds: str
    """With {least} and {most}."""
    left: str
    """With {count}."""
    amount_later: str
    """With {least} and {most}."""
    phone_hint: str
    """With {example}."""
    next_step: str
    held: str
    test: str
    closes: str
    """With {moment}."""

    error: str
    """Before the title of a page with mistakes in its form."""
    check: str
    required: str
    quantity_wrong: str
    """With {least} and {most}."""
    amount_wrong: str
    """With {least} and {most}."""
    email_wrong: str
    phone_wrong: str
    """With {example}."""
    text_wrong: str
    form_wrong: str
    too_many: str
    """With {count}."""
    stale: str
    reused: str

    unknown: State
    off: State
    not_open: State
    """With {moment}."""
    closed: State
    """With {moment}."""
    sold_out: State
    paused: State
    not_configured: State
    silent: State
    misconfigured: State
    refused: State
    running: State
    cancelled: State
    unpaid: State
    unavailable: State
    too_large: State
    onward: State
    paid: State

    again: str
    """Sends the same once more."""
    look: str
    """Looks whether it can be bought by now."""
    anew: str
    """Begins another payment."""
    carry_on: str

    seller: str
    bin: str
    """What Kazakhstan calls the seller's number."""
    tax_number: str
    """What the other countries call it."""
    seller_address: str
    seller_phone: str
    seller_email: str
    terms: str
    refund_terms: str
