"""What is asked for when a link is bought without a buyer."""

import pytest

from paylink_cli.errors import CommandError
from paylink_cli.purchase import first_purchase, purchase_of

COFFEE = {"id": "coffee", "price": "1500", "active": True}
OFF = {"id": "off", "price": "1", "active": False}
BROKEN = {"id": "broken", "unreadable": True, "detail": "price: must be text"}
ASKING = {"id": "asking", "price": "1", "fields": [{"name": "phone", "required": True}]}


@pytest.mark.parametrize(
    ("link", "body"),
    [
        (COFFEE, {"link": "coffee"}),
        ({**COFFEE, "fields": [{"name": "phone", "required": False}]}, {"link": "coffee"}),
        ({**COFFEE, "quantity": {"min": 2, "max": 5}}, {"link": "coffee", "quantity": 2}),
        ({**COFFEE, "quantity": {"max": 5}}, {"link": "coffee"}),
        ({"id": "gift", "amount": {"min": "100", "max": "900"}}, {"link": "gift", "amount": "100"}),
        (
            {"id": "gift", "amount": {"min": "100", "max": "900", "suggested": "500"}},
            {"link": "gift", "amount": "500"},
        ),
    ],
)
def test_a_link_that_can_be_bought_as_it_is(link: dict, body: dict) -> None:
    assert purchase_of(link) == body


@pytest.mark.parametrize(("link", "said"), [(OFF, "is off"), (ASKING, "phone"), (BROKEN, "no link")])
def test_a_link_that_only_its_buyer_can_buy(link: dict, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        purchase_of(link)


def test_the_first_that_can_be_bought() -> None:
    assert first_purchase([BROKEN, OFF, ASKING, COFFEE]) == {"link": "coffee"}
    with pytest.raises(CommandError, match="no link that can be bought"):
        first_purchase([OFF, ASKING])
