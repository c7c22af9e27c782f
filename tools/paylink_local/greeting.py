"""What the local run says once it serves: addresses to open, links to buy, a request to paste."""

import json
import secrets
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from paylink.domain.link import Link
from paylink.domain.money import format_major
from paylink.domain.text import in_language
from paylink_local.heard import EVENTS_PATH
from paylink_local.thanks import THANKS_PATH

USUAL = "http://127.0.0.1:8080"
"""What `paylink --local` means."""
READY_LINE = "Paylink local is serving on {url}"


@dataclass(frozen=True)
class Addresses:
    """Where the parts of the run are."""

    front: str
    public: str
    gateway: str
    aws: str
    dynamodb: str
    shop: str
    # The stand-in gateway; None with a real one.
    sandbox: str | None
    # The folder that is served as a shop; None without one.
    site: str | None = None
    # Where events are sent to as well, and the key that they are signed with; None without one.
    webhook: str | None = None
    webhook_key: str | None = None


def greeting(
    addresses: Addresses, links: Sequence[Link], offer: str | None, notes: Iterable[str]
) -> Iterator[str]:
    """Yield the lines, the first of which stays as it is for programs that wait for it."""
    yield READY_LINE.format(url=addresses.front)
    yield ""
    if addresses.site is not None:
        yield f"  Shop            {addresses.site} (open it and buy something)"
    if addresses.public != addresses.front:
        yield f"  Public address  {addresses.public}"
    if addresses.sandbox is None:
        yield f"  Gateway         {addresses.gateway}"
    else:
        yield f"  Sandbox         {addresses.sandbox} (a stand-in gateway; no money moves)"
        yield f"                  {addresses.sandbox}/sandbox/payments lists its payments"
    yield f"  After payment   {addresses.shop}"
    yield f"  Events          {addresses.front}{EVENTS_PATH} lists them"
    if addresses.webhook is not None:
        yield f"  Webhook         {addresses.webhook}"
        yield f"                  signed with {addresses.webhook_key}"
    yield f"  Embedded AWS    {addresses.aws}"
    if addresses.dynamodb != addresses.aws:
        yield f"  Table           {addresses.dynamodb}"
    yield from (f"  Note            {note}" for note in notes)
    if links:
        yield ""
        yield "Payment links (add /qr.svg or /qr.png for the QR code):"
        pages = [(f"{addresses.public}/pay/{link.id}", link) for link in links]
        width = max(len(page) for page, _ in pages)
        yield from (
            f"  {page:<{width}}  {in_language(link.title, 'en')}, {_price(link)}" for page, link in pages
        )
    yield from _try_it(addresses, links, offer)


def _try_it(addresses: Addresses, links: Sequence[Link], offer: str | None) -> Iterator[str]:
    body = example_body(links)
    if body is not None:
        yield ""
        yield "Create a payment (the same key gives the same payment):"
        yield f"  {curl(addresses.front, body)}"
    if offer is not None:
        yield ""
        yield "Create one at a price that was signed beforehand, no link needed:"
        yield f"  {curl(addresses.front, {'offer': offer})}"
    yield ""
    yield "Open its redirect_url, pay, and ask how it stands (with its order_id):"
    yield f"  curl -sS {addresses.front}/payments/ORDER_ID"
    yield f"  or open {addresses.front}{THANKS_PATH}?order_id=ORDER_ID"
    yield ""
    yield "Be the shop, in another terminal (the last of them lists all that can happen):"
    yield from (
        f"  paylink {command} {_named(addresses.front)}" for command in ("orders list", "listen", "trigger")
    )
    yield ""
    yield "Ctrl-C ends it."


def _named(front: str) -> str:
    """How the command line is told that this run is meant."""
    return "--local" if front == USUAL else f"--api {front}"


def curl(url: str, body: Mapping[str, object]) -> str:
    """Return a shell line that asks for a payment, with a key of its own."""
    words = [
        *("curl", "-sS", f"{url}/payments"),
        *("-H", "content-type: application/json"),
        *("-H", f"idempotency-key: {secrets.token_hex(16)}"),
        *("-d", json.dumps(body, separators=(",", ":"))),
    ]
    return shlex.join(words)


def example_body(links: Iterable[Link]) -> Mapping[str, object] | None:
    """Return a request for the first link that can be bought without asking the buyer anything, or None."""
    for link in links:
        if not link.active or link.opens_at or link.closes_at or any(field.required for field in link.fields):
            continue
        if link.amount is not None:
            chosen = link.amount.suggested or link.amount.minimum
            return {"link": link.id, "amount": format_major(chosen, link.currency)}
        if link.quantity.minimum > 1:
            return {"link": link.id, "quantity": link.quantity.minimum}
        return {"link": link.id}
    return None


def _price(link: Link) -> str:
    if link.amount is None:
        return f"{format_major(link.price or 0, link.currency)} {link.currency}"
    least, most = (format_major(minor, link.currency) for minor in (link.amount.minimum, link.amount.maximum))
    return f"the buyer chooses {least} to {most} {link.currency}"
