"""What a buyer's page asks for, before any price is looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from paylink.domain import kinds
from paylink.domain.errors import InvalidIdempotencyKey
from paylink.domain.form import Form
from paylink.domain.link import BUYER_FIELDS, MOST_UNITS
from paylink.domain.metadata import parse_metadata
from paylink.domain.offer import LONGEST_TOKEN
from paylink.domain.text import LANGUAGES, one_line

MOST_ITEMS = 50
LONGEST_FIELD = 255
"""Characters of one thing that the link asks the buyer for."""
PRESENTATIONS = ("redirect", "frame", "qr")
LIFETIME = (300, 604_800)
"""Seconds within which a payment may be completed (Create payment: pg_lifetime)."""

_token = kinds.bounded(LONGEST_TOKEN)
_language = kinds.one_of(*LANGUAGES)
_presentation = kinds.one_of(*PRESENTATIONS)
_lifetime = kinds.whole(*LIFETIME)
_units = kinds.whole(1, MOST_UNITS)


@dataclass(frozen=True, slots=True)
class Item:
    """A link and how many of it, or how much where the buyer chooses. `amount` is as the page wrote it."""

    link: str
    quantity: int | None = None
    amount: str | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """The buyer's contacts. They pass on to the gateway and are not kept; the text of this shows none."""

    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    id: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """A request for a payment: either items of links or a signed offer, and what goes with it."""

    items: tuple[Item, ...] = ()
    offer: str | None = None
    customer: Customer = field(default_factory=Customer)
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    language: str | None = None
    reference: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    success_url: str | None = None
    failure_url: str | None = None
    presentation: str = "redirect"
    lifetime: int | None = None
    cart: bool = False
    """Whether the items came as a list; decides how a mistake in them is named, not what is bought."""

    def content(self) -> dict[str, object]:
        """What decides whether two requests are the same, independent of the order and spelling of the JSON.

        What is not given leaves no trace, so that a later version's further members change no open key.
        """
        content: dict[str, object] = {name: given for name in _CONTENT if (given := getattr(self, name))}
        content["customer"] = _given(self.customer, ("email", "phone", "id"))
        items = [_given(item, ("link", "quantity", "amount")) for item in self.items]
        content["items"] = sorted(items, key=lambda item: str(item["link"]))
        return content


_CONTENT = tuple(one.name for one in fields(PaymentRequest) if one.name not in {"cart", "customer", "items"})


def _given(holder: Customer | Item, names: tuple[str, ...]) -> dict[str, object]:
    return {name: given for name in names if (given := getattr(holder, name)) is not None}


def parse_payment_request(data: Mapping[str, object]) -> PaymentRequest:
    """A payment request from its JSON object. Raises InvalidRequest with one entry per wrong field."""
    form = Form(data)
    items = _items(form)
    offer = form.read("offer", _token)
    given = [name for name in ("link", "items", "offer") if form.has(name)]
    if len(given) != 1:
        form.wrong(given[1] if given else "link", "give exactly one of link, items and offer")
    request = PaymentRequest(
        items=items,
        offer=offer,
        customer=read_customer(form),
        fields=_fields(form),
        language=form.read("language", _language),
        reference=form.read("reference", kinds.visible_id),
        metadata=form.read("metadata", parse_metadata) or {},
        success_url=form.read("success_url", kinds.web_url),
        failure_url=form.read("failure_url", kinds.web_url),
        presentation=form.read("presentation", _presentation) or "redirect",
        lifetime=form.read("lifetime", _lifetime),
        cart=form.has("items"),
    )
    form.finish()
    return request


def parse_idempotency_key(header: str | None) -> str:
    """The key of an Idempotency-Key header: 16 to 255 visible ASCII characters, one pair of quotes removed.

    Source: draft-ietf-httpapi-idempotency-key-header. Raises InvalidIdempotencyKey.
    """
    if header is None:
        raise InvalidIdempotencyKey("Send an Idempotency-Key header: a fresh random value per intent to pay.")
    key = header[1:-1] if len(header) >= 2 and header[0] == header[-1] == '"' else header
    if not 16 <= len(key) <= 255 or not all("!" <= character <= "~" for character in key):
        raise InvalidIdempotencyKey(
            "The Idempotency-Key must have 16 to 255 visible ASCII characters, for example a UUID."
        )
    return key


def _items(form: Form) -> tuple[Item, ...]:
    if not form.has("items"):
        form.read("items", lambda value: value)
        link = form.read("link", _link_id)
        item = _item(form, link)
        return (item,) if item.link else ()
    forms = form.sub_list("items", most=MOST_ITEMS) or []
    items = []
    for entry in forms:
        items.append(_item(entry, entry.read("link", _link_id, required=True)))
        entry.refuse_unknown()
    names = [item.link for item in items if item.link]
    for index, item in enumerate(items):
        if item.link and item.link in names[:index]:
            form.wrong(f"items[{index}].link", "is listed twice: raise the quantity instead")
    # Not fields of a cart: named here so that they are refused with the reason that helps.
    form.read("link", _link_id)
    for name in ("quantity", "amount"):
        if form.has(name):
            form.wrong(name, "belongs to each of the items")
        form.read(name, lambda value: value)
    return tuple(items)


def _item(form: Form, link: str | None) -> Item:
    quantity = form.read("quantity", _units)
    amount = form.read("amount", spelled_amount)
    if form.has("quantity") and form.has("amount"):
        form.wrong("quantity", "excludes an amount: give one of them")
    if link is None and (form.has("quantity") or form.has("amount")) and not form.has("link"):
        form.wrong("quantity" if form.has("quantity") else "amount", "goes with a link")
    return Item(link=link or "", quantity=None if quantity == 1 else quantity, amount=amount)


def _link_id(value: object) -> str:
    # Any short string is a name that may be unknown (404); only what can't be a name at all is malformed.
    return kinds.string(value, longest=200)


def spelled_amount(value: object) -> str:
    """An amount in major units in the one spelling with two decimals. Raises ValueError.

    Which decimals it may have depends on the currency; that is judged where it is known.
    """
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError('must be a decimal string such as "1500.00" or an integer, never a float')
    text = str(value) if not isinstance(value, int) or abs(value) < 10**12 else "too large"
    whole, point, fraction = text.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 8):
        raise ValueError("must be a positive decimal number of at most eight digits before the point")
    if point and not (fraction.isascii() and fraction.isdigit() and len(fraction) <= 2):
        raise ValueError("must have at most two decimals")
    if len(whole) > 1 and whole.startswith("0"):
        raise ValueError("must not begin with a zero")
    return f"{whole}.{fraction.ljust(2, '0')}"


def read_customer(form: Form) -> Customer:
    """The form's `customer`; one without any contact where it is left out."""
    parts = form.sub("customer")
    if parts is None:
        return Customer()
    customer = Customer(
        email=parts.read("email", kinds.email),
        phone=parts.read("phone", kinds.phone),
        id=parts.read("id", kinds.simple_id),
    )
    parts.refuse_unknown()
    return customer


def _fields(form: Form) -> dict[str, str]:
    parts = form.sub("fields")
    if parts is None:
        return {}
    read = {name: parts.read(name, _free_text) for name in BUYER_FIELDS}
    parts.refuse_unknown()
    return {name: text for name, text in read.items() if text is not None}


def _free_text(value: object) -> str:
    # An address or a comment may have lines; the gateway gets one, without the sign that borders its values.
    return kinds.string(one_line(value) if isinstance(value, str) else value, longest=LONGEST_FIELD)
