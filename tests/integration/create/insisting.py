"""A buyer's page that insists: the same request with the same key until it gets its answer."""

from collections.abc import Mapping
from typing import Any

from integration.create.dying import ProcessDied
from integration.create.shop import Shop
from paylink.app.attempt import Creation
from paylink.domain.errors import PaylinkError

MOST_REPEATS = 12
PAST_THE_LEASE = 31.0
PAST_THE_LIFETIME = 3700.0


class Buyer:
    """One intent to pay: sends its request, keeps every page's address that it was ever given."""

    def __init__(self, shop: Shop, body: Mapping[str, object], key: str) -> None:
        self.shop = shop
        self.body = body
        self.key = key
        self.pages: list[str] = []

    def ask(self, **parts: Any) -> Creation | None:
        """One request; None where no answer came that ends the matter. Raises what a repeat cannot mend."""
        try:
            creation = self.shop.ask(self.body, self.key, **parts)
        except ProcessDied:
            return None
        except PaylinkError as error:
            if error.retry_after is None:
                raise
            self.shop.sandbox.clock.advance(error.retry_after)
            return None
        order = creation.order
        if order.payable(self.shop.now()) and order.redirect_url not in self.pages:
            self.pages.append(str(order.redirect_url))
        return creation

    def insist(self) -> Creation:
        """Repeats the request, waiting as it is told to. AssertionError where that never ends."""
        for _ in range(MOST_REPEATS):
            creation = self.ask()
            if creation is not None:
                return creation
        raise AssertionError(f"no answer in {MOST_REPEATS} repeats; the order is {self.shop.order(self.key)}")
