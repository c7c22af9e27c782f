"""What a link's page shows, and what a press of its button came to."""

import pytest

from paylink.domain.link import QuantityRange
from paylink.domain.order import Status
from paylink.domain.showing import Onward, Showing
from unit.domain.examples import a_link


@pytest.mark.parametrize(("left", "most"), [(None, 10), (11, 10), (10, 10), (9, 9), (0, 0)])
def test_an_order_takes_what_the_link_allows_and_no_more_than_is_left(left: int | None, most: int) -> None:
    link = a_link(quantity=QuantityRange(1, 10))
    assert Showing(link, test=False, left=left).most == most


def test_the_key_of_the_next_press_is_not_shown() -> None:
    assert "0f8fad5b" not in repr(Showing(a_link(), test=True, key="0f8fad5b-d9cb-469f-a165"))


def test_no_stray_money_is_told_of_unless_it_came() -> None:
    assert Onward(Status.PENDING, "https://pay.example/").stray_money is False
