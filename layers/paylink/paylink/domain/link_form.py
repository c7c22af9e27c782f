"""Reads a link from the object that an owner writes, and writes it back."""

from collections.abc import Mapping

from paylink.domain import kinds
from paylink.domain.clock import to_text
from paylink.domain.errors import InvalidRequest
from paylink.domain.form import Form
from paylink.domain.link import (
    AUTOMATIC,
    BUYER_FIELDS,
    LINK_ID,
    MANUAL,
    MOST_UNITS,
    AmountRange,
    BuyerField,
    Link,
    QuantityRange,
)
from paylink.domain.metadata import parse_metadata
from paylink.domain.money import DECIMALS, format_major, is_whole, parse_major
from paylink.domain.receipt import Receipt
from paylink.domain.text import LANGUAGES


def parse_link(data: Mapping[str, object]) -> Link:
    """A link from the object of `PUT /links/{id}` or a seed file, its `id` included.

    Amounts are decimal strings or integers in major units. Raises InvalidRequest naming every wrong field.
    """
    if not isinstance(data, Mapping):
        raise InvalidRequest.of("link", "must be an object")
    form = Form(data)
    link_id = form.read("id", _link_id, required=True)
    title = form.read("title", kinds.localized(200), required=True)
    currency = form.read("currency", kinds.one_of(*DECIMALS), required=True)
    price = (
        form.read("price", lambda value: parse_major(value, currency))
        if currency
        else form.read("price", _any)
    )
    amount = _amount(form, currency)
    if form.has("price") == form.has("amount"):
        form.wrong("price", "give either a price, or an amount with min and max that the buyer chooses from")
    opens_at, closes_at = form.read("opens_at", kinds.moment), form.read("closes_at", kinds.moment)
    if opens_at and closes_at and closes_at <= opens_at:
        form.wrong("closes_at", "must be later than opens_at")
    quantity = _quantity(form)
    if amount is not None and form.has("quantity"):
        form.wrong("quantity", "excludes an amount that the buyer chooses")
    metadata = form.read("metadata", parse_metadata) or {}
    asked = form.read("fields", _buyer_fields) or ()
    if any(field.name in metadata for field in asked):
        form.wrong("metadata", "must not use the name of a field that the buyer is asked for")
    link = {
        "description": form.read("description", kinds.localized(2000)),
        "image_url": form.read("image_url", kinds.web_url),
        "limit": form.read("limit", kinds.whole(1, MOST_UNITS)),
        "active": form.read("active", kinds.boolean) is not False,
        "inactive_text": form.read("inactive_text", kinds.localized(500)),
        "success_url": form.read("success_url", kinds.web_url),
        "failure_url": form.read("failure_url", kinds.web_url),
        "language": form.read("language", kinds.one_of(*LANGUAGES)),
        "metadata": metadata,
        "fields": asked,
        "capture": form.read("capture", kinds.one_of(AUTOMATIC, MANUAL)) or AUTOMATIC,
        "test": form.read("test", kinds.boolean),
        "receipt": _receipt(form),
    }
    form.finish()
    assert link_id is not None  # noqa: S101 — finish() has raised where a required field is missing
    assert title is not None and currency is not None  # noqa: S101, PT018 — as above
    return Link(
        id=link_id,
        title=title,
        currency=currency,
        price=price,
        amount=amount,
        quantity=quantity,
        opens_at=opens_at,
        closes_at=closes_at,
        **link,  # type: ignore[arg-type]  # each value is typed where it is read above
    )


def require_link_id(value: str, *, field: str = "id") -> None:
    """Raises InvalidRequest for what cannot be the id of a link."""
    try:
        _link_id(value)
    except ValueError as error:
        raise InvalidRequest.of(field, str(error)) from None


def write_link(link: Link) -> dict[str, object]:
    """The object that parse_link reads the same link from; what is not set is left out."""
    written: dict[str, object] = {
        "id": link.id,
        "title": link.title,
        "description": link.description,
        "image_url": link.image_url,
        "price": None if link.price is None else format_major(link.price, link.currency),
        "currency": link.currency,
        "amount": _write_amount(link),
        "opens_at": None if link.opens_at is None else to_text(link.opens_at),
        "closes_at": None if link.closes_at is None else to_text(link.closes_at),
        "limit": link.limit,
        "active": link.active,
        "inactive_text": link.inactive_text,
        "success_url": link.success_url,
        "failure_url": link.failure_url,
        "language": link.language,
        "metadata": dict(link.metadata) or None,
        "fields": [{"name": field.name, "required": field.required} for field in link.fields] or None,
        "capture": link.capture,
        "test": link.test,
    }
    if link.quantity != QuantityRange():
        written["quantity"] = {"min": link.quantity.minimum, "max": link.quantity.maximum}
    if link.receipt is not None:
        parts = {
            "tax_type": link.receipt.tax_type,
            "unit_code": link.receipt.unit_code,
            "gtin": link.receipt.gtin,
            "ntin": link.receipt.ntin,
        }
        written["receipt"] = {name: value for name, value in parts.items() if value is not None}
    return {name: value for name, value in written.items() if value is not None}


def _any(value: object) -> None:
    """Takes whatever is there: the field's currency is wrong already, so its amount can't be judged."""


def _link_id(value: object) -> str:
    if not isinstance(value, str) or LINK_ID.fullmatch(value) is None:
        raise ValueError(
            "must be 1 to 64 lower-case letters, digits, and `-` or `_` inside, for example summer-sale"
        )
    return value


def _amount(form: Form, currency: str | None) -> AmountRange | None:
    bounds = form.sub("amount")
    if bounds is None or currency is None:
        return None

    def money(value: object) -> int:
        return parse_major(value, currency)

    least = bounds.read("min", money, required=True)
    most = bounds.read("max", money, required=True)
    suggested = bounds.read("suggested", money)
    at_gateway = bounds.read("chosen_at", kinds.one_of("shop", "gateway")) == "gateway"
    bounds.refuse_unknown()
    if least is None or most is None:
        return None
    chosen = AmountRange(least, most, suggested, at_gateway)
    if most < least:
        bounds.wrong("max", "must not be less than min")
    elif at_gateway and not all(is_whole(bound, currency) for bound in (least, most)):
        bounds.wrong("chosen_at", "the gateway's page takes whole bounds only")
    elif suggested is not None and not chosen.admits(suggested):
        bounds.wrong("suggested", "must lie between min and max")
    return chosen


def _write_amount(link: Link) -> dict[str, str] | None:
    if link.amount is None:
        return None
    parts = {"min": link.amount.minimum, "max": link.amount.maximum, "suggested": link.amount.suggested}
    written = {name: format_major(minor, link.currency) for name, minor in parts.items() if minor is not None}
    return written | ({"chosen_at": "gateway"} if link.amount.at_gateway else {})


def _quantity(form: Form) -> QuantityRange:
    bounds = form.sub("quantity")
    if bounds is None:
        return QuantityRange()
    least = bounds.read("min", kinds.whole(1, MOST_UNITS)) or 1
    most = bounds.read("max", kinds.whole(1, MOST_UNITS)) or MOST_UNITS
    bounds.refuse_unknown()
    if most < least:
        bounds.wrong("max", "must not be less than min")
    return QuantityRange(least, most)


def _buyer_fields(value: object) -> tuple[BuyerField, ...]:
    if not isinstance(value, list):
        raise ValueError('must be a list such as [{"name": "phone", "required": true}]')
    fields = tuple(_buyer_field(entry) for entry in value)
    if len({field.name for field in fields}) < len(fields):
        raise ValueError("must name each field once")
    return fields


def _buyer_field(entry: object) -> BuyerField:
    if isinstance(entry, str):
        entry = {"name": entry}
    if not isinstance(entry, Mapping) or not set(entry) <= {"name", "required"}:
        raise ValueError("each must be an object with name and required")
    required = entry.get("required", False)
    return BuyerField(kinds.one_of(*BUYER_FIELDS)(entry.get("name")), kinds.boolean(required))


def _receipt(form: Form) -> Receipt | None:
    parts = form.sub("receipt")
    if parts is None:
        return None
    tax_type = parts.read("tax_type", kinds.whole(0, 99), required=True)
    receipt = Receipt(
        tax_type=tax_type or 0,
        unit_code=parts.read("unit_code", kinds.visible_id),
        gtin=parts.read("gtin", kinds.visible_id),
        ntin=parts.read("ntin", kinds.visible_id),
    )
    parts.refuse_unknown()
    return receipt
