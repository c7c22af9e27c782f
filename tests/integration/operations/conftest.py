"""Offices on moto (one thing after the other) or on DynamoDB Local (everything at once)."""

from collections.abc import Callable

import pytest

from integration.create.conftest import (  # noqa: F401 — the shop's own fixtures
    MakeShop,
    aws,
    dynamodb,
    dynamodb_local_client,
    engine_shop,
    front,
    gateway,
    make_shop,
    sandbox,
    secrets,
    shop,
)
from integration.create.shop import Shop
from integration.operations.office import GIFT, HOLD, Office

SETTINGS = {
    "lag_seconds": 0,
    "reversal_delay": 0,
    "auto_clearing_days": 5,
    "refunded_word": "success",
    "refund_hides_payment": False,
}
MakeOffice = Callable[[Shop], Office]


@pytest.fixture
def make_office(sandbox: object) -> MakeOffice:  # noqa: F811
    """The operator's side of a shop, with a link for holds."""

    def make(shop: Shop) -> Office:  # noqa: F811
        shop.sandbox.settings.update(SETTINGS)
        shop.put_link(**HOLD)
        shop.put_link(**GIFT)
        return Office(shop)

    return make


@pytest.fixture
def office(shop: Shop, make_office: MakeOffice) -> Office:  # noqa: F811
    return make_office(shop)


@pytest.fixture
def engine_office(engine_shop: Shop, make_office: MakeOffice) -> Office:  # noqa: F811
    return make_office(engine_shop)
