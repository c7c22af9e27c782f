"""What to ask for when a link shall be bought without a buyer."""

from collections.abc import Iterable, Mapping
from typing import Any

from paylink_cli.errors import CommandError


def purchase_of(link: Mapping[str, Any]) -> dict[str, Any]:
    """The body of `POST /payments` for a link. Raises CommandError where only its buyer can fill it in."""
    name = link["id"]
    if link.get("unreadable"):
        raise CommandError(f"the row of {name!r} holds no link; put it anew by PUT /links/{name}")
    if link.get("active") is False:
        raise CommandError(
            f"the link {name!r} is off; name another one, or switch it on with `paylink links edit`"
        )
    required = [field["name"] for field in link.get("fields") or [] if field.get("required")]
    if required:
        raise CommandError(f"the link {name!r} asks its buyer for {', '.join(required)}; name another one")
    body: dict[str, Any] = {"link": name}
    amount = link.get("amount")
    if isinstance(amount, Mapping):
        body["amount"] = str(amount.get("suggested") or amount["min"])
    least = (link.get("quantity") or {}).get("min", 1)
    if least > 1:
        body["quantity"] = least
    return body


def first_purchase(links: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The body for the first link that can be bought so. Raises CommandError where there is none."""
    for link in links:
        try:
            return purchase_of(link)
        except CommandError:
            continue
    raise CommandError(
        "there is no link that can be bought as it is; name an order, or make one with `paylink links`"
    )
