"""The price of a request: found from links or a signed offer, never from the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from paylink.domain.errors import Entry, InvalidRequest, UnknownLink
from paylink.domain.link import AUTOMATIC, MOST_METADATA, AmountRange, Link
from paylink.domain.money import DECIMALS, LARGEST_MAJOR, parse_major, to_decimal
from paylink.domain.offer import Offer
from paylink.domain.payment_request import Item, PaymentRequest
from paylink.domain.place import Place
from paylink.domain.receipt import LONGEST_NAME, MOST_POSITIONS, Position, Receipt, ReceiptRules
from paylink.domain.text import DEFAULT_LANGUAGE, in_language, one_line

LONGEST_DESCRIPTION = 1024


@dataclass(frozen=True, slots=True)
class Quote:
    """What is sold and for how much. `amount` in minor units."""

    amount: int
    currency: str
    description: str
    test: bool | None = None
    capture: str = AUTOMATIC
    items: Mapping[str, int] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    language: str = DEFAULT_LANGUAGE
    metadata: Mapping[str, str] = field(default_factory=dict)
    success_url: str | None = None
    failure_url: str | None = None
    amount_range: AmountRange | None = None
    positions: tuple[Position, ...] = ()
    """The lines of the fiscal receipt; none where receipts are off or the gateway's page asks for the amount."""


def quote_offer(offer: Offer, request: PaymentRequest, receipts: ReceiptRules, *, language: str) -> Quote:
    """The price that the merchant signed. Raises InvalidRequest where the request asks for more than that."""
    if request.fields:
        raise InvalidRequest.of("fields", "an offer asks the buyer for nothing")
    usual = Position(
        one_line(offer.title)[:LONGEST_NAME].rstrip(), 1, offer.price, Receipt(receipts.usual_tax_type)
    )
    return Quote(
        positions=(usual,) if receipts.switched_on else (),
        amount=offer.price,
        places=() if offer.limit is None else (Place(f"offer:{offer.id}", 1, offer.limit),),
        currency=offer.currency,
        description=one_line(offer.title)[:LONGEST_DESCRIPTION].rstrip(),
        language=request.language or language,
        metadata=_metadata(offer.metadata, request.metadata),
    )


def quote_links(
    links: Mapping[str, Link],
    request: PaymentRequest,
    receipts: ReceiptRules,
    now: datetime,
    *,
    language: str,
) -> Quote:
    """The price of the request's items by the links in the table.

    Raises UnknownLink, NotOnSale, or InvalidRequest where quantity, amount or fields do not fit the links.
    """
    for item in request.items:
        if item.link not in links:
            raise UnknownLink(f"There is no link named {item.link[:80]!r}.")
    chosen = [links[item.link] for item in request.items]
    for link in chosen:
        link.require_on_sale(now)
    first = chosen[0]
    entries: list[Entry] = []
    amounts = [
        _amount(links[item.link], item, request, _place(request, index), entries)
        for index, item in enumerate(request.items)
    ]
    _check_fields(chosen, request, entries)
    _check_one_kind(chosen, entries)
    at_gateway = first.amount if first.amount is not None and request.items[0].amount is None else None
    if receipts.switched_on and len(chosen) > MOST_POSITIONS:
        entries.append(Entry("items", f"at most {MOST_POSITIONS} fit on one receipt"))
    if not entries and sum(amounts) > LARGEST_MAJOR * 10 ** DECIMALS[first.currency]:
        place = "items" if request.cart else "quantity"
        entries.append(Entry(place, f"comes to more than {LARGEST_MAJOR} {first.currency}"))
    if entries:
        raise InvalidRequest(entries)
    spoken = request.language or first.language or language
    return Quote(
        amount=sum(amounts),
        currency=first.currency,
        description=_description(links, request, spoken),
        test=first.test,
        capture=first.capture,
        items={item.link: item.quantity or 1 for item in request.items},
        amount_range=at_gateway,
        positions=_positions(links, request, amounts, receipts, spoken) if at_gateway is None else (),
        places=tuple(
            Place(link.id, item.quantity or 1, link.limit)
            for item in sorted(request.items, key=lambda item: item.link)
            if (link := links[item.link]).limit
        ),
        language=spoken,
        metadata=_metadata({k: v for link in chosen for k, v in link.metadata.items()}, request.metadata),
        success_url=_common([link.success_url for link in chosen]),
        failure_url=_common([link.failure_url for link in chosen]),
    )


def _place(request: PaymentRequest, index: int) -> str:
    return f"items[{index}]." if request.cart else ""


def _amount(link: Link, item: Item, request: PaymentRequest, place: str, entries: list[Entry]) -> int:
    if link.amount is None:
        if item.amount is not None:
            entries.append(Entry(f"{place}amount", f"the price of {link.id} is fixed: leave the amount out"))
        quantity = item.quantity or 1
        bounds = link.quantity
        if not bounds.minimum <= quantity <= bounds.maximum:
            entries.append(
                Entry(
                    f"{place}quantity", f"{link.id} is sold from {bounds.minimum} to {bounds.maximum} at once"
                )
            )
        return (link.price or 0) * quantity
    if item.quantity is not None:
        entries.append(
            Entry(f"{place}quantity", f"the amount of {link.id} is the buyer's choice: leave it out")
        )
    if item.amount is None and link.amount.at_gateway and not request.cart:
        return link.amount.suggested or link.amount.minimum
    if item.amount is None:
        entries.append(Entry(f"{place}amount", f"is required: the buyer chooses what to pay for {link.id}"))
        return 0
    try:
        minor = parse_major(item.amount, link.currency)
    except ValueError as error:
        entries.append(Entry(f"{place}amount", str(error)))
        return 0
    if not link.amount.admits(minor):
        least, most = (
            to_decimal(bound, link.currency) for bound in (link.amount.minimum, link.amount.maximum)
        )
        entries.append(Entry(f"{place}amount", f"must be from {least} to {most} {link.currency}"))
    return minor


def _check_fields(links: list[Link], request: PaymentRequest, entries: list[Entry]) -> None:
    asked = {wanted.name for link in links for wanted in link.fields}
    required = {wanted.name for link in links for wanted in link.fields if wanted.required}
    entries.extend(
        Entry(f"fields.{name}", "is not asked for") for name in request.fields if name not in asked
    )
    entries.extend(Entry(f"fields.{name}", "is required") for name in sorted(required - set(request.fields)))
    taken = set(request.fields) & {name for link in links for name in link.metadata} | (
        set(request.fields) & set(request.metadata)
    )
    entries.extend(Entry(f"metadata.{name}", "is the name of a field too") for name in sorted(taken))


def _check_one_kind(links: list[Link], entries: list[Entry]) -> None:
    """One payment has one currency, one mode and one way of capture."""
    for what, kinds in (
        ("currency", {link.currency for link in links}),
        ("way of capture", {link.capture for link in links}),
        ("mode (test or live)", {link.test for link in links}),
    ):
        if len(kinds) > 1:
            entries.append(Entry("items", f"must all have the same {what}"))


def _metadata(own: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    clash = sorted(set(own) & set(given))
    if clash:
        raise InvalidRequest(Entry(f"metadata.{name}", "is set by the merchant") for name in clash)
    merged = {**own, **given}
    if len(merged) > MOST_METADATA:
        raise InvalidRequest.of(
            "metadata", f"comes to more than {MOST_METADATA} names with the merchant's own"
        )
    return merged


def _positions(
    links: Mapping[str, Link],
    request: PaymentRequest,
    amounts: list[int],
    receipts: ReceiptRules,
    language: str,
) -> tuple[Position, ...]:
    if not receipts.switched_on:
        return ()
    positions = []
    for item, amount in zip(request.items, amounts, strict=True):
        link, count = links[item.link], item.quantity or 1
        name = one_line(in_language(link.title, language))[:LONGEST_NAME].rstrip()
        positions.append(
            Position(name, count, amount // count, link.receipt or Receipt(receipts.usual_tax_type))
        )
    return tuple(positions)


def _common(addresses: list[str | None]) -> str | None:
    return addresses[0] if len(set(addresses)) == 1 else None


def _description(links: Mapping[str, Link], request: PaymentRequest, language: str) -> str:
    parts = []
    for item in request.items:
        title = one_line(in_language(links[item.link].title, language))
        parts.append(title if item.quantity is None else f"{title} × {item.quantity}")
    return ", ".join(parts)[:LONGEST_DESCRIPTION].rstrip()
